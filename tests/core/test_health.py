"""Tests for judging an agent by its heartbeat."""

from datetime import timedelta
from typing import Any

import pytest

from dropbox_agent.core.health import OLD_SECONDS, PATIENCE_SECONDS, Health, health, summary
from dropbox_agent.core.report import iso
from tests.jobs import NOON

QUIET = {"at": iso(NOON), "jobs": [], "drops": [], "drops_in_sight": 0, "pauses": []}


def pause_for(seconds: float) -> dict[str, Any]:
    """Write of a pause as a heartbeat does."""
    since = iso(NOON - timedelta(seconds=seconds))
    return {"what": "sending", "message": "The server\nis away.", "since": since}


def failing_for(seconds: float) -> dict[str, Any]:
    """Write of a job whose step is tried again and again as a heartbeat does."""
    since = iso(NOON - timedelta(seconds=seconds))
    return {"stage": "judged", "failing_since": since, "reason": "No right."}


def judged(seconds_later: float = 3.0, **told: Any) -> Health:  # noqa: ANN401 - JSON
    """Judge a heartbeat that is a few seconds old."""
    now = NOON + timedelta(seconds=seconds_later)
    return health(QUIET | told, 77, now, running=True)


def test_a_quiet_agent_is_well() -> None:
    """One line says all of it."""
    found = judged()
    assert found.well
    assert found.line == "OK: running (process 77), heartbeat 3 s ago; nothing to do"


def test_no_agent_is_not_well() -> None:
    """Whatever lies there of an earlier one."""
    found = health(QUIET, None, NOON, running=False)
    assert not found.alive
    assert found.line.startswith("NOT RUNNING")


def test_an_agent_without_a_heartbeat_is_sick() -> None:
    """It writes one in its first turn."""
    assert health(None, 77, NOON, running=True).line.startswith("SICK")


def test_an_old_heartbeat_is_that_of_a_loop_that_stands_still() -> None:
    """Its age is told."""
    found = judged(OLD_SECONDS + 1)
    assert not found.alive
    assert "heartbeat 91 s ago" in found.line
    assert judged(OLD_SECONDS).alive


def test_a_clock_that_was_set_right_by_a_little_makes_nobody_sick() -> None:
    """A heartbeat from the near future is a fresh one."""
    assert judged(-OLD_SECONDS).well


def test_a_heartbeat_from_the_future_is_none() -> None:
    """An agent that is well writes another within seconds after the clock was set back."""
    found = judged(-3_600)
    assert not found.alive
    assert found.line.startswith("SICK: running (process 77), but its last heartbeat is 3600 s in")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"jobs": [{"stage": "held"}]}, "1 held for a decision"),
        (
            {"jobs": [failing_for(PATIENCE_SECONDS)]},
            "1 under way; 1 file not getting on: No right.",
        ),
        ({"drops": [{"stalled": True}], "drops_in_sight": 1}, "1 stalled"),
        (
            {"missing": [{"expected": "products every 24h"}]},
            "nothing to do; missing: products every 24h",
        ),
        (
            {"pauses": [pause_for(PATIENCE_SECONDS)]},
            "nothing to do; sending is paused: The server\\nis away.",
        ),
    ],
)
def test_what_somebody_should_look_at(told: dict[str, Any], words: str) -> None:
    """It lives and does what it can; that is not its fault, but it is not well."""
    found = judged(**told)
    assert found.alive
    assert not found.well
    assert found.line.startswith("ATTENTION: ")
    assert words in found.line


def test_a_short_pause_is_ordinary() -> None:
    """A full queue or a limit passes by itself; it is told all the same."""
    found = judged(pauses=[pause_for(10)])
    assert found.well
    assert "sending is paused" in found.line


def test_a_step_that_failed_just_now_is_ordinary() -> None:
    """It is told all the same."""
    found = judged(jobs=[failing_for(10)])
    assert found.well
    assert "not getting on" in found.line


def test_the_summary_counts_each_file_once() -> None:
    """Under way, waiting, stalled and held are told apart."""
    told = QUIET | {
        "jobs": [{"stage": "sent"}, {"stage": "claimed"}, {"stage": "held"}],
        "drops": [{"stalled": True}, {"stalled": False}],
        "drops_in_sight": 1_202,
    }
    assert summary(told) == (
        "2 under way, 1,201 waiting in the inbox, 1 stalled, 1 held for a decision"
    )
