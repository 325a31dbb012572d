"""Whether the time of day can be believed."""

from datetime import UTC, datetime, timedelta

import pytest

from dropbox_agent.core.clock_trust import ClockTrust

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
YEAR = timedelta(days=365)

BEGUN = ClockTrust.begun(NOON)


@pytest.mark.parametrize("leap", [-23 * HOUR, -HOUR, timedelta(0), HOUR, 23 * HOUR])
def test_small_leaps_are_nothing_to_worry_about(leap: timedelta) -> None:
    """Time servers and people set clocks by some hours."""
    assert BEGUN.after(NOON + HOUR + leap, HOUR).is_trusted


@pytest.mark.parametrize("leap", [-YEAR, -2 * DAY, 2 * DAY, YEAR, 50 * YEAR])
def test_a_leap_while_the_agent_runs_is_doubted(leap: timedelta) -> None:
    """So much time has not gone by."""
    assert not BEGUN.after(NOON + HOUR + leap, HOUR).is_trusted


@pytest.mark.parametrize(("away", "trusted"), [(31 * DAY, True), (YEAR, False), (-YEAR, False)])
def test_a_start_after_an_absence_is_believed_within_a_month(
    away: timedelta, *, trusted: bool
) -> None:
    """Nobody can tell an absence from a leap; a machine that was off for longer waits a week."""
    assert BEGUN.after(NOON + away, None).is_trusted is trusted


@pytest.mark.parametrize("leap", [-YEAR, YEAR])
def test_a_clock_that_was_set_right_is_believed_at_once(leap: timedelta) -> None:
    """Nothing has changed in the end."""
    doubted = BEGUN.after(NOON + leap, HOUR)
    assert doubted.after(NOON + 2 * HOUR, HOUR).is_trusted


def test_a_clock_that_goes_on_evenly_is_believed_after_a_week() -> None:
    """It may have been wrong before."""
    trust = BEGUN.after(NOON + YEAR, HOUR)
    for day in range(1, 8):
        assert not trust.is_trusted
        trust = trust.after(NOON + YEAR + day * DAY, DAY)
    assert trust.is_trusted


@pytest.mark.parametrize("leaps", [[YEAR], [-YEAR], [YEAR, -10 * DAY], [YEAR, YEAR]])
def test_a_clock_that_is_believed_again_says_how_far_it_has_leapt(leaps: list[timedelta]) -> None:
    """So that what is dated by the one before can be dated anew, once."""
    now, trust = NOON, BEGUN
    for leap in leaps:
        now += leap
        trust = trust.after(now, timedelta())
    for _ in range(7):
        assert trust.leapt == timedelta()
        now += DAY
        trust = trust.after(now, DAY)
    assert trust == ClockTrust(now, now, leapt=sum(leaps, timedelta()))
    assert trust.after(now + DAY, DAY) == ClockTrust.begun(now + DAY)


def test_a_clock_that_leaps_again_and_again_is_never_believed() -> None:
    """The week begins anew each time."""
    trust = BEGUN
    for years in range(1, 20):
        trust = trust.after(NOON + years * YEAR, 6 * DAY)
        assert not trust.is_trusted
