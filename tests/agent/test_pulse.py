"""The pulse: told by the loop itself, and only while it makes progress."""

from dataclasses import replace

import pytest

from dropbox_agent.agent import Pulse
from dropbox_agent.agent.pulse import STUCK_SECONDS
from dropbox_agent.core.kind import Kind
from tests.clocks import SetClock
from tests.drops import contacts
from tests.homes import Home
from tests.service_managers import NotingManager
from tests.stand_ins import PatientPool


@pytest.fixture
def clock() -> SetClock:
    """A clock that is set."""
    return SetClock()


def test_the_first_turn_says_that_the_agent_works(clock: SetClock) -> None:
    """Once; and that it is alive, at once."""
    manager = NotingManager(watchdog_seconds=60)
    pulse = Pulse(manager, clock)
    pulse.beat([])
    pulse.beat([])
    assert manager.told == ["ready", "alive"]


def test_it_is_told_twice_in_the_time_that_the_manager_waits(clock: SetClock) -> None:
    """One word may be lost, as the manual of the watchdog advises."""
    manager = NotingManager(watchdog_seconds=60)
    pulse = Pulse(manager, clock)
    for _ in range(120):
        pulse.beat([])
        clock.advance(1)
    assert manager.told.count("alive") == 4


def test_the_loop_wakes_in_time_for_the_next_word(clock: SetClock) -> None:
    """Also when nothing else is due."""
    assert Pulse(NotingManager(watchdog_seconds=6), clock).beat([]) == clock.monotonic() + 3


def test_nobody_who_waits_is_nobody_to_wake_for(clock: SetClock) -> None:
    """Without a watchdog the loop sleeps as long as it likes."""
    assert Pulse(NotingManager(), clock).beat([]) == float("inf")


def test_a_call_to_the_server_that_never_ends_silences_it(clock: SetClock) -> None:
    """Every call has its time limits; one that outlives them all is cured by a new start only."""
    manager = NotingManager(watchdog_seconds=60)
    pulse = Pulse(manager, clock)
    began = clock.monotonic()
    pulse.beat([None, began])
    clock.advance(STUCK_SECONDS)
    due_at = pulse.beat([None, began])
    assert manager.told == ["ready", "alive"]
    clock.advance(due_at - clock.monotonic())
    pulse.beat([None, None])
    assert manager.told == ["ready", "alive", "alive"]


def test_a_share_that_hangs_silences_nothing(home: Home) -> None:
    """A new start would not mend it: the other kinds go on, and the loop is seen to turn."""
    home.service_manager = manager = NotingManager(watchdog_seconds=60)
    look = {**home.pools.look, Kind.PRODUCTS: PatientPool()}
    home.pools = replace(home.pools, look=look)
    home.drop(Kind.CONTACTS, "people.csv", contacts(1))
    home.run_for(600)
    assert home.report("people.csv")["outcome"] == "imported"
    assert manager.told.count("alive") >= 600 / 60


def test_an_upload_that_hangs_silences_the_loop_that_still_turns(home: Home) -> None:
    """What the agent is there for does not happen any more, however often the loop turns."""
    home.service_manager = manager = NotingManager(watchdog_seconds=60)
    home.pools = replace(home.pools, send=PatientPool())
    home.drop(Kind.CONTACTS, "people.csv", contacts(1))
    home.rescan_seconds = 600.0
    home.run_for(STUCK_SECONDS + 60)
    told = len(manager.told)
    home.run_for(600)
    assert len(manager.told) == told
