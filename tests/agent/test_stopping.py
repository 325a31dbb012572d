"""Stopping: at once, and without waiting long for what is under way."""

from dataclasses import replace

import pytest

from dropbox_agent.agent import Rules
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from tests.drops import contacts
from tests.homes import Home
from tests.promises import breaches
from tests.stand_ins import PatientPool


@pytest.fixture
def sending(home: Home) -> PatientPool:
    """A pool in which a send takes until the test ends it."""
    pool = PatientPool()
    home.pools = replace(home.pools, send=pool)
    return pool


def test_a_stop_ends_the_loop_after_the_turn_in_hand(home: Home) -> None:
    """Told to stop, the loop takes no further turn and waits for nothing."""
    home.start()
    home.agent.stop()
    waits = len(home.bell.waits)
    home.agent.run()
    assert len(home.bell.waits) == waits
    assert home.bell.rung


def test_a_stop_from_within_a_turn_is_heard(home: Home) -> None:
    """A signal in the middle of a turn lets that turn end, and no other begin."""
    turns = []

    def stop() -> bool:
        turns.append(home.clock.monotonic())
        home.agent.stop()
        return False

    home.start()
    home.agent.run(stop)
    assert len(turns) == 1


def test_winding_down_takes_in_what_ends_in_time(home: Home, sending: PatientPool) -> None:
    """The answer to a send that comes while we stop is recorded."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(lambda: bool(sending.tasks))
    sending.run_one()
    home.agent.wind_down()
    assert home.stage("people.csv") is Stage.SENT
    assert not home.agent.is_at_work


def test_winding_down_waits_no_longer_than_told(home: Home, sending: PatientPool) -> None:
    """A server that takes for ever does not keep the agent from stopping."""
    home.rules = Rules(stop_seconds=3.0)
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(lambda: bool(sending.tasks))
    began = home.clock.monotonic()
    home.bell.rung = False
    home.agent.wind_down()
    assert home.clock.monotonic() - began == pytest.approx(3.0)
    assert home.agent.is_at_work


def test_winding_down_without_work_waits_for_nothing(home: Home) -> None:
    """An idle agent stops at once."""
    home.start()
    began = home.clock.monotonic()
    home.agent.wind_down()
    assert home.clock.monotonic() == began


def test_the_last_heartbeat_tells_what_is_left_in_hand(home: Home, sending: PatientPool) -> None:
    """Whoever reads the status later does not take what has ended for under way."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(lambda: bool(sending.tasks))
    sending.run_one()
    home.agent.wind_down()
    assert [each["stage"] for each in home.status["jobs"]] == ["sent"]


def test_what_was_under_way_is_taken_up_at_the_next_start(home: Home, sending: PatientPool) -> None:
    """A send that was cut off by the stop is found out about, and nothing goes in twice."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(lambda: bool(sending.tasks))
    home.agent.wind_down()
    home.spool.stop()
    sending.run_one()  # the thread goes on until the process ends, and meets the end of its body
    home.pools = replace(home.pools, send=home.pools.ask)
    home.start()
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"
    assert len(home.api.imports) == 1
    assert breaches(home) == []
