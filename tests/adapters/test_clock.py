"""Tests for the operating system's clocks."""

from datetime import timedelta

from dropbox_agent.adapters.clock import SystemClock
from dropbox_agent.core.clock import Clock
from tests.clocks import SetClock


def test_the_time_of_day_is_in_utc() -> None:
    """The time of day knows that it is UTC."""
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_steady_seconds_never_run_backwards() -> None:
    """Of two looks at the steady clock the later is not smaller."""
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()


def test_a_set_clock_moves_only_when_told() -> None:
    """A test's clock advances both times, and jumps in the time of day alone."""
    clock = SetClock()
    start, seconds = clock.now(), clock.monotonic()
    clock.advance(2.5)
    clock.jump(-3600)
    assert clock.now() - start == timedelta(seconds=2.5 - 3600)
    assert clock.monotonic() == seconds + 2.5


def test_both_clocks_are_what_the_core_asks_for() -> None:
    """The real clock and the set one fit the same port."""
    clocks: list[Clock] = [SystemClock(), SetClock()]
    assert all(clock.now().tzinfo for clock in clocks)
