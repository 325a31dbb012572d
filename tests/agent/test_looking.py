"""Looking at the inboxes: each kind by itself, none in the way of another one."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest

from dropbox_agent.adapters.spool import Disk, DiskSpool, Folders
from dropbox_agent.adapters.spool.spool import Probe
from dropbox_agent.agent import Rules
from dropbox_agent.agent.looking import ANSWER_SECONDS, LONGEST_REST_SECONDS, REST_FACTOR
from dropbox_agent.core.gates import Gate, SettleRules
from dropbox_agent.core.job import Outcome
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Examined, Listing, Sighting, Writer
from tests.clocks import SetClock
from tests.drops import contacts, products
from tests.homes import Home
from tests.promises import breaches
from tests.stand_ins import PatientPool

PEOPLE, CHAIRS = contacts(2), products(2)
QUIET = 5.0
LANE = "looking into contacts"


@pytest.fixture
def hanging(home: Home) -> PatientPool:
    """The pool that looks at contacts, in which a look takes until the test ends it."""
    pool = PatientPool()
    home.pools = replace(home.pools, look={**home.pools.look, Kind.CONTACTS: pool})
    home.rescan_seconds = 600.0
    home.start()
    return pool


def answering(pool: PatientPool, condition: Callable[[], object]) -> Callable[[], object]:
    """Let looks end again while something is waited for."""

    def ask() -> object:
        while pool.tasks:
            pool.run_one()
        return condition()

    return ask


def held_up(home: Home) -> dict[str, str]:
    """Say what is held up, and by what."""
    return {name: pause.why.code for name, pause in home.overview.pauses}


# A look that does not return


def test_a_folder_that_hangs_holds_up_only_its_own_kind(home: Home, hanging: PatientPool) -> None:
    """What is dropped for the others is imported as ever."""
    home.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    home.drop(Kind.PRODUCTS, "chairs.csv", CHAIRS)
    home.run_until(home.reports)
    assert home.report("chairs.csv")["outcome"] == Outcome.IMPORTED
    assert len(hanging.tasks) == 1
    home.run_until(answering(hanging, lambda: len(home.reports()) == 2))
    assert breaches(home) == []


def test_a_folder_that_hangs_is_told_of_until_it_answers(home: Home, hanging: PatientPool) -> None:
    """Not at once, for some are slow; and no second look is begun behind the first."""
    home.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    began = home.clock.monotonic()
    home.run_until(lambda: held_up(home))
    assert home.clock.monotonic() >= began + ANSWER_SECONDS
    home.run_for(1000.0)
    assert held_up(home) == {LANE: "inbox-hangs"}
    assert len(hanging.tasks) == 1
    home.run_until(answering(hanging, home.reports))
    assert held_up(home) == {}
    assert home.witness.resumptions == [LANE]


def test_a_folder_that_hangs_does_not_hold_up_a_stop(home: Home, hanging: PatientPool) -> None:
    """It is waited for no longer than for any other step."""
    home.run_for(60.0)
    assert len(hanging.tasks) == 1
    before = home.clock.monotonic()
    home.agent.stop()
    home.agent.run()
    home.agent.wind_down()
    assert home.clock.monotonic() - before <= home.rules.stop_seconds


def test_what_arrives_during_a_look_is_seen_by_the_next_one(
    home: Home, hanging: PatientPool
) -> None:
    """At once, not only at the next time of its own."""
    home.agent.turn()
    hanging.run_one()
    home.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    home.agent.turn()
    hanging.run_one()
    home.agent.turn()
    assert [each.seen.name for each in home.overview.drops] == ["people.csv"]


def test_what_hung_for_hours_is_looked_at_again_soon(home: Home, hanging: PatientPool) -> None:
    """The time for which a share was away counts for nothing."""
    home.run_for(36_000.0)
    home.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    back = home.clock.monotonic()
    home.run_until(answering(hanging, home.reports))
    assert home.clock.monotonic() - back < 2 * LONGEST_REST_SECONDS + 2 * QUIET


# A look that takes long


class SlowSpool(DiskSpool):
    """Folders that take their time to be listed.

    Attributes:
        seconds: How long contacts take.
        begun_at: When a listing of contacts was begun.
    """

    def __init__(
        self,
        folders: Folders,
        disk: Disk,
        probe: Probe,
        *,
        clock: SetClock,
        seconds: float,
        ignore: tuple[str, ...],
        done_suffix: str | None,
    ) -> None:
        super().__init__(folders, disk, probe, ignore=ignore, done_suffix=done_suffix)
        self.seconds = seconds
        self.begun_at: list[float] = []
        self._clock = clock

    def listing(self, kind: Kind) -> Listing:
        """List what is in an inbox."""
        if kind is Kind.CONTACTS:
            self.begun_at.append(self._clock.monotonic())
            self._clock.advance(self.seconds)
        return super().listing(kind)


@pytest.mark.parametrize(
    ("seconds", "rest"),
    [(0.25, 0.25 * REST_FACTOR), (2.0, 2.0 * REST_FACTOR), (1000.0, LONGEST_REST_SECONDS)],
)
def test_after_a_slow_look_there_is_a_rest(home: Home, seconds: float, rest: float) -> None:
    """However often something arrives, the disk has time for others too; but not for hours."""
    home.open_spool = partial(SlowSpool, clock=home.clock, seconds=seconds)
    home.start()
    for _ in range(100):
        home.agent.look_soon()
        home.run_for(rest / 10)
    assert isinstance(home.spool, SlowSpool)
    begun = home.spool.begun_at
    waits = [round(later - before - seconds, 6) for before, later in pairwise(begun)]
    assert min(waits) >= rest
    assert max(waits) <= rest * 1.2


# Room for each kind


def test_waiting_contacts_do_not_keep_products_out(home: Home) -> None:
    """Each kind has room of its own; what waits stays where its sender can see it."""
    home.rules = Rules(jobs_ahead=2)
    home.api.seconds_per_import = 1e6
    for number in range(5):
        home.drop(Kind.CONTACTS, f"{number}.csv", contacts(1, first=number))
    home.start()
    home.run_for(60.0)
    home.drop(Kind.PRODUCTS, "chairs.csv", CHAIRS)
    home.run_for(60.0)
    assert [job.name for job in home.agent.jobs] == ["0.csv", "1.csv", "chairs.csv"]
    assert {each.seen.name for each in home.overview.drops} == {"2.csv", "3.csv", "4.csv"}
    assert {each.gate for each in home.overview.drops} == {None}


def test_many_waiting_contacts_do_not_hide_the_products(home: Home) -> None:
    """Of each kind some are told one by one, and all are counted."""
    home.writers["chairs.csv"] = Writer.BUSY
    for number in range(250):
        home.drop(Kind.CONTACTS, f"{number}.csv", b"")
    home.drop(Kind.PRODUCTS, "chairs.csv", CHAIRS)
    home.start()
    home.run_for(10.0)
    told = [each.seen.kind for each in home.overview.drops]
    assert told.count(Kind.PRODUCTS) == 1
    assert home.overview.drops_in_sight == 251
    assert {each.kind: each.drops for each in home.overview.crowds} == {
        Kind.CONTACTS: 250,
        Kind.PRODUCTS: 1,
        Kind.VOUCHERS: 0,
    }


def test_the_age_of_a_crowd_is_that_of_its_oldest_drop(home: Home) -> None:
    """Whichever that is, and whether or not it is told; without drops there is none."""
    home.drop(Kind.CONTACTS, "old.csv", b"")
    home.start()
    home.run_for(20.0)
    found_at = home.overview.drops[0].found_at
    home.drop(Kind.CONTACTS, "new.csv", b"")
    home.run_for(20.0)
    oldest = {each.kind: each.oldest_found_at for each in home.overview.crowds}
    assert oldest == {Kind.CONTACTS: found_at, Kind.PRODUCTS: None, Kind.VOUCHERS: None}


# One drop among others


class PoisonedSpool(DiskSpool):
    """Folders with a file that nobody can look into without an accident."""

    def examine(self, seen: Sighting) -> Examined:
        """Read a drop."""
        if seen.name == "poison.csv":
            raise ValueError("nobody has thought of this")
        return super().examine(seen)


def test_a_file_that_nobody_can_look_into_holds_up_no_other(home: Home) -> None:
    """It stays where it is, with the reason, and is tried again."""
    home.open_spool = PoisonedSpool
    home.drop(Kind.CONTACTS, "poison.csv", contacts(1))
    home.drop(Kind.CONTACTS, "zebra.csv", PEOPLE)
    home.start()
    home.run_until(home.reports)
    home.run_for(60.0)
    (standing,) = home.overview.drops
    assert (standing.seen.name, standing.gate) == ("poison.csv", Gate.CLAIM)
    assert standing.why == "nobody has thought of this"
    assert held_up(home) == {}


def test_a_drop_that_stalls_is_told_of_once(home: Home) -> None:
    """After the time that is set, with what it waits for; not those that others wait for."""
    home.settle = SettleRules(stalled_seconds=100.0)
    home.writers["people.csv"] = Writer.BUSY
    home.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    home.start()
    home.run_for(90.0)
    assert home.witness.notices == []
    assert not home.overview.drops[0].stalled
    home.run_for(1000.0)
    (notice,) = home.witness.notices
    assert "people.csv" in notice
    assert "open for writing" in notice
    assert home.overview.drops[0].stalled
    assert [each.stalled for each in home.overview.crowds] == [1, 0, 0]


def test_a_drop_that_only_waits_for_room_does_not_stall(home: Home) -> None:
    """Nothing is wrong with it, and its sender can do nothing about it."""
    home.settle = SettleRules(stalled_seconds=100.0)
    home.rules = Rules(jobs_ahead=1)
    home.api.seconds_per_import = 1e6
    home.drop(Kind.CONTACTS, "first.csv", PEOPLE)
    home.drop(Kind.CONTACTS, "second.csv", contacts(5))
    home.start()
    home.run_for(1000.0)
    (standing,) = home.overview.drops
    assert (standing.gate, standing.stalled) == (None, False)
    assert home.witness.notices == []
