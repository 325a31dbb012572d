"""Whose turn it is to be sent."""

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core import events
from dropbox_agent.core.events import Event
from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.ordering import Order, may_be_sent, queues, waits_for
from tests.jobs import EXAMPLES, REASON, after, checked, new_job, parts

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
    first = replace(new_job(number=1), stage=stage, sequence=1, checked=checked())
    twin = replace(waiting(number=2), sequence=2, checked=checked())
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


FOLDERS: dict[Kind, dict[str | None, str | None]] = {
    Kind.CONTACTS: {None: None},
    Kind.PRODUCTS: {None: None},
    Kind.VOUCHERS: {None: SPRING, SPRING: SPRING, "Spring": SPRING, SUMMER: SUMMER},
}
"""The folders of each kind, and the coupon sets that they mean."""

ON_ITS_WAY = {Stage.SENDING, Stage.SENT}
DROPS = st.lists(
    st.tuples(
        st.sampled_from([(kind, folder) for kind, sets in FOLDERS.items() for folder in sets]),
        st.sampled_from("ab"),
    ),
    max_size=12,
)
MOVES = st.lists(st.tuples(st.integers(0, 99), st.booleans()), max_size=120)


def dropped(drops: list[tuple[tuple[Kind, str | None], str]]) -> list[Job]:
    """Begin a job for each drop; its name is what its content is."""
    jobs = [
        new_job(kind, content, number=number, folder=folder)
        for number, ((kind, folder), content) in enumerate(drops)
    ]
    return [replace(job, sequence=number) for number, job in enumerate(jobs)]


def moved(job: Job, *, well: bool) -> Job:
    """Take a job a step on; ``well`` or not: held for a person, not taken, not the last part."""
    facts = replace(checked().facts, sha256=job.name)
    options = ImportOptions(coupon_set=FOLDERS[job.kind][job.folder])
    known = replace(checked(), facts=facts), parts(10, 10, options=options)
    ways: dict[Stage, tuple[Event, Event]] = {
        Stage.CLAIMED: (events.Passed(*known), events.Doubted(*known, REASON)),
        Stage.HELD: (events.SentAgain(), events.GivenUp(REASON)),
        Stage.SENDING: (EXAMPLES[events.Taken], EXAMPLES[events.NotTaken]),
        Stage.SENT: (EXAMPLES[events.AllEnded], EXAMPLES[events.PartEnded]),
    }
    if job.stage is Stage.SENT and not job.parts[0].is_open:
        well = True
    return after(job, ways[job.stage][0 if well else 1]) if job.stage in ways else job


def lines(jobs: Iterable[Job], order: Order) -> Counter[Hashable]:
    """Count the jobs that may be sent only one after the other, once all of them are known."""
    places = [(job.kind, FOLDERS[job.kind][job.folder]) for job in jobs]
    if order is Order.ORDERED:
        return Counter(places)
    return Counter((place, job.name) for place, job in zip(places, jobs, strict=True))


@given(drops=DROPS, moves=MOVES, places=st.integers(1, 4))
@pytest.mark.parametrize("order", Order)
def test_whatever_happens_order_and_places_are_kept(
    order: Order,
    drops: list[tuple[tuple[Kind, str | None], str]],
    moves: list[tuple[int, bool]],
    places: int,
) -> None:
    """One file of a line at a time, none before those of its folder, and none for ever behind."""
    jobs = dropped(drops)
    for choice, well in moves if jobs else ():
        index = choice % len(jobs)
        free = may_be_sent(jobs, order, places)
        if jobs[index].stage is not Stage.CHECKED:
            jobs[index] = moved(jobs[index], well=well)
        elif jobs[index] in free and not any(job.stage is Stage.SENDING for job in jobs):
            assert order is Order.RELAXED or _is_next_of_its_folder(jobs[index], jobs)
            jobs[index] = after(jobs[index], EXAMPLES[events.SendBegan])
        under_way = [job for job in jobs if job.stage in ON_ITS_WAY]
        assert sum(job.stage is Stage.SENT for job in jobs) <= places
        assert set(lines(under_way, order).values()) <= {1}
        stages = {job.stage for job in jobs}
        if Stage.CHECKED in stages and stages <= {Stage.CHECKED, Stage.ENDED}:
            assert may_be_sent(jobs, order, places)


def _is_next_of_its_folder(job: Job, jobs: list[Job]) -> bool:
    """Whether all that came before have ended, or a part of this one went first."""
    waiting = {Stage.CLAIMED, Stage.CHECKED, *ON_ITS_WAY}
    before = [each for each in jobs if each.sequence < job.sequence and each.stage in waiting]
    has_begun = any(mark.stage is Stage.SENDING for mark in job.timeline)
    return has_begun or all((each.kind, each.folder) != (job.kind, job.folder) for each in before)


def test_a_set_has_one_queue_whatever_its_folders_are_called() -> None:
    """By its name, by its id, or where nothing names it: as soon as files have been checked."""
    named, by_id, unnamed = (
        passed(number, folder=folder, coupon_set=SPRING)
        for number, folder in enumerate(("Spring", SPRING, None), start=1)
    )
    assert names(may_be_sent([named, by_id, unnamed], Order.ORDERED, places=10)) == ["v1"]
    assert not queues(named).isdisjoint(queues(unnamed))


def test_what_has_begun_goes_before_what_turns_out_to_be_its_twin() -> None:
    """Which set a folder means was not known when the later one began; nothing waits for ever."""
    first = passed(1, folder=None, coupon_set=SPRING)
    begun = after(
        passed(2, folder=SPRING, coupon_set=SPRING),
        EXAMPLES[events.SendBegan],
        EXAMPLES[events.Taken],
    )
    for order in Order:
        assert may_be_sent([first, begun], order, places=10) == []
        assert waits_for(first, begun, order)
        between = after(begun, EXAMPLES[events.PartEnded])
        assert may_be_sent([first, between], order, places=10) == [between]
        assert not waits_for(between, first, order)


def passed(number: int, *, folder: str | None, coupon_set: str) -> Job:
    """Make a job for vouchers that has been checked."""
    cut = parts(10, 10, options=ImportOptions(coupon_set=coupon_set))
    job = replace(new_job(Kind.VOUCHERS, number=number, folder=folder), sequence=number)
    return after(job, events.Passed(checked(), cut))
