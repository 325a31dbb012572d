"""Whose turn it is to be sent."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.ordering import Order, may_be_sent, queue, waits_for
from tests.jobs import checked, new_job

SPRING, SUMMER = "5f0c6a1b2c3d4e5f60718293", "6a0c6a1b2c3d4e5f60718293"


def waiting(kind: Kind = Kind.CONTACTS, number: int = 1, *, folder: str | None = None) -> Job:
    """Make a job that waits to be sent."""
    return replace(new_job(kind, number=number, folder=folder), stage=Stage.CHECKED)


def names(jobs: Iterable[Job]) -> list[str]:
    """Name jobs, in order."""
    return [job.id for job in jobs]


def test_of_two_files_of_a_kind_the_earlier_goes_first() -> None:
    """The later drop must win where both touch the same keys."""
    jobs = [waiting(number=1), waiting(number=2)]
    assert names(may_be_sent(jobs, Order.ORDERED, places=10)) == ["c1"]


@pytest.mark.parametrize("stage", [Stage.CLAIMED, Stage.CHECKED, Stage.SENDING, Stage.SENT])
def test_a_file_waits_until_the_one_before_has_ended(stage: Stage) -> None:
    """Also for one that is still being checked."""
    jobs = [replace(new_job(number=1), stage=stage), waiting(number=2)]
    assert "c2" not in names(may_be_sent(jobs, Order.ORDERED, places=10))


@pytest.mark.parametrize("stage", [Stage.ENDED, Stage.JUDGED])
def test_a_file_does_not_wait_for_the_filing_of_the_one_before(stage: Stage) -> None:
    """Nothing of it goes to the server any more."""
    jobs = [replace(new_job(number=1), stage=stage), waiting(number=2)]
    assert names(may_be_sent(jobs, Order.ORDERED, places=10)) == ["c2"]


def test_different_kinds_do_not_wait_for_each_other() -> None:
    """They touch different things."""
    jobs = [waiting(Kind.VOUCHERS), waiting(Kind.CONTACTS), waiting(Kind.PRODUCTS)]
    assert names(may_be_sent(jobs, Order.ORDERED, places=10)) == ["v1", "c1", "p1"]


def test_vouchers_wait_only_for_those_of_their_set() -> None:
    """Two sets have nothing to do with each other."""
    jobs = [
        waiting(Kind.VOUCHERS, 1, folder=SPRING),
        waiting(Kind.VOUCHERS, 2, folder=SPRING),
        waiting(Kind.VOUCHERS, 3, folder=SUMMER),
        waiting(Kind.VOUCHERS, 4),
    ]
    assert names(may_be_sent(jobs, Order.ORDERED, places=10)) == ["v1", "v3", "v4"]


@pytest.mark.parametrize("stage", [Stage.CHECKED, Stage.SENDING, Stage.SENT, Stage.HELD])
@pytest.mark.parametrize("order", Order)
def test_a_twin_waits_for_the_same_bytes(order: Order, stage: Stage) -> None:
    """Whether it is sent at all depends on what becomes of the first."""
    first = replace(new_job(number=1), stage=stage, checked=checked())
    twin = replace(waiting(number=2), checked=checked())
    assert twin not in may_be_sent([first, twin], order, places=10)
    assert waits_for(twin, first, order)


@pytest.mark.parametrize("order", Order)
def test_other_bytes_do_not_wait_for_what_is_held(order: Order) -> None:
    """A question that is open about one file holds up no other."""
    held = replace(new_job(number=1), stage=Stage.HELD, checked=checked())
    assert names(may_be_sent([held, waiting(number=2)], order, places=10)) == ["c2"]


def test_relaxed_everything_checked_may_go() -> None:
    """In the order of arrival still."""
    jobs = [waiting(number=1), replace(new_job(number=2), stage=Stage.SENT), waiting(number=3)]
    assert names(may_be_sent(jobs, Order.RELAXED, places=10)) == ["c1", "c3"]


def test_kinds_take_turns() -> None:
    """Many files of one kind do not keep another one waiting for a place."""
    many = [replace(new_job(number=each), stage=Stage.SENT) for each in range(1, 9)]
    waiting_ones = [waiting(number=9), waiting(number=10), waiting(Kind.PRODUCTS)]
    assert names(may_be_sent([*many, *waiting_ones], Order.RELAXED, 10)) == ["p1", "c9", "c10"]


@pytest.mark.parametrize("order", Order)
def test_nothing_goes_while_our_places_are_taken(order: Order) -> None:
    """Imports of every kind share them, also those of later files."""
    jobs = [
        waiting(Kind.CONTACTS),
        replace(new_job(Kind.PRODUCTS), stage=Stage.SENT),
        replace(new_job(Kind.VOUCHERS), stage=Stage.SENT),
    ]
    assert may_be_sent(jobs, order, places=2) == []
    assert names(may_be_sent(jobs, order, places=3)) == ["c1"]


LANES = st.sampled_from(
    [
        (Kind.CONTACTS, None),
        (Kind.PRODUCTS, None),
        (Kind.VOUCHERS, None),
        (Kind.VOUCHERS, SPRING),
        (Kind.VOUCHERS, SUMMER),
    ]
)
MOVES = st.lists(st.tuples(st.integers(0, 99), st.booleans()), max_size=120)


def moved(job: Job, *, well: bool) -> Job:
    """Take a job a step on; ``well`` or not: a part may not be taken, or not be the last."""
    ways = {
        Stage.CLAIMED: (Stage.CHECKED, Stage.JUDGED),
        Stage.SENDING: (Stage.SENT, Stage.CHECKED),
        Stage.SENT: (Stage.ENDED, Stage.CHECKED),
        Stage.ENDED: (Stage.JUDGED, Stage.JUDGED),
    }
    good, bad = ways.get(job.stage, (job.stage, job.stage))
    return replace(job, stage=good if well else bad)


@given(lanes=st.lists(LANES, max_size=12), moves=MOVES, places=st.integers(1, 4))
@pytest.mark.parametrize("order", Order)
def test_whatever_happens_order_and_places_are_kept(
    order: Order,
    lanes: list[tuple[Kind, str | None]],
    moves: list[tuple[int, bool]],
    places: int,
) -> None:
    """Ordered: one file of a lane at a time, each only when all before it have ended."""
    jobs = [new_job(kind, number=n, folder=folder) for n, (kind, folder) in enumerate(lanes)]
    for choice, well in moves:
        stages = Counter(job.stage for job in jobs)
        if well and not stages[Stage.SENDING]:  # one send at a time
            free = may_be_sent(jobs, order, places)
            assert [jobs.index(job) for job in free] == sorted(jobs.index(job) for job in free)
            if stages[Stage.SENT] >= places:
                assert free == []
            elif order is Order.RELAXED:
                assert len(free) == stages[Stage.CHECKED]
            if free:
                chosen = free[choice % len(free)]
                jobs[jobs.index(chosen)] = replace(chosen, stage=Stage.SENDING)
        elif jobs:
            index = choice % len(jobs)
            jobs[index] = moved(jobs[index], well=well)
        assert sum(job.stage is Stage.SENT for job in jobs) <= places
        if order is Order.ORDERED:
            _no_file_overtakes(jobs)


def _no_file_overtakes(jobs: list[Job]) -> None:
    """A file that is on its way is the first of its lane that has not ended."""
    lanes: set[tuple[Kind, str | None]] = set()
    for job in jobs:
        if job.stage in {Stage.SENDING, Stage.SENT}:
            assert queue(job) not in lanes
        if job.stage in {Stage.CLAIMED, Stage.CHECKED, Stage.SENDING, Stage.SENT}:
            lanes.add(queue(job))
