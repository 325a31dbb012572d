"""Pauses for what is not a file's fault."""

import pytest

from dropbox_agent.core.backoff import Backoff
from dropbox_agent.core.pausing import BRIEF, KEY_SECONDS, PATIENCE, Pause, pause
from dropbox_agent.errors import TryLater

BACKOFF = Backoff(floor_seconds=1.0, ceiling_seconds=30.0)
NO_NETWORK = TryLater("There is no network.", hint="See to it.", code="network-down")
BAD_KEY = TryLater("The key is refused.", hint="Make a new one.", code="api-key-rejected")


def paused(times: int, why: TryLater = NO_NETWORK) -> Pause:
    """Fail so many times in a row, each time as soon as it was tried again."""
    now, current = 100.0, None
    for _ in range(times):
        current = pause(current, why, BACKOFF, now, None)
        now = current.until
    assert current
    return current


def test_the_first_failure_begins_a_pause() -> None:
    """It says since when, why, and when it is tried next."""
    assert paused(1) == Pause(NO_NETWORK, since=100.0, until=101.0, attempts=1)


def test_each_failure_makes_it_longer() -> None:
    """It still began with the first."""
    assert paused(4) == Pause(NO_NETWORK, since=100.0, until=115.0, attempts=4)


def test_the_last_reason_is_the_one_that_is_told() -> None:
    """The network is back, but the key is refused."""
    now = pause(paused(1), BAD_KEY, BACKOFF, 101.0, None)
    assert now == Pause(BAD_KEY, since=100.0, until=103.0, attempts=2)


def test_the_server_s_own_delay_counts() -> None:
    """For this time; the next failure goes on from our curve."""
    asked = pause(None, NO_NETWORK, BACKOFF, 100.0, 45.0)
    assert asked.until == 145.0
    assert pause(asked, NO_NETWORK, BACKOFF, 145.0, None).until == 147.0


def test_a_refused_key_is_never_left_for_long() -> None:
    """Whoever has replaced it wants to see it work."""
    patient = Backoff(floor_seconds=1.0, ceiling_seconds=3600.0)
    waiting = Pause(BAD_KEY, since=100.0, until=1000.0, attempts=20)
    assert pause(waiting, BAD_KEY, patient, 1000.0, None).until == 1000.0 + KEY_SECONDS
    assert pause(waiting, BAD_KEY, patient, 1000.0, 900.0).until == 1000.0 + KEY_SECONDS
    assert pause(waiting, NO_NETWORK, patient, 1000.0, None).until == 4600.0


def test_a_pause_may_have_a_longest_wait() -> None:
    """For what can be tried at no cost, however often it failed."""
    waiting = Pause(NO_NETWORK, since=100.0, until=1000.0, attempts=20)
    assert pause(waiting, NO_NETWORK, BACKOFF, 1000.0, None, longest_seconds=10.0).until == 1010.0
    assert pause(None, NO_NETWORK, BACKOFF, 1000.0, None, longest_seconds=10.0).until == 1001.0


def test_a_pause_is_over_when_its_time_has_come() -> None:
    """Not a moment before."""
    assert not paused(1).is_over(100.75)
    assert paused(1).is_over(101.0)


def test_a_failure_that_does_not_pass_becomes_lasting() -> None:
    """Whoever does not want to wait hears of it then."""
    assert not paused(PATIENCE - 1).is_lasting
    assert paused(PATIENCE).is_lasting


@pytest.mark.parametrize("code", sorted(BRIEF))
def test_what_passes_while_the_account_works_never_becomes_lasting(code: str) -> None:
    """A full queue empties by itself, however often we find it full."""
    assert not paused(50, TryLater("Wait.", hint="Wait.", code=code)).is_lasting
