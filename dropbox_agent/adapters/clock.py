"""The operating system's clocks."""

import time
from datetime import UTC, datetime, timedelta, tzinfo


class SystemClock:
    """The clock of the machine we run on."""

    def now(self) -> datetime:
        """Return the time of day in UTC. It may jump when the machine's clock is set."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only ever grow; their zero means nothing."""
        return time.monotonic()


class MachineZone(tzinfo):
    """The time zone of the machine, with whatever rules its operating system has for it."""

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        """Tell how far the clocks here are ahead of UTC when they show a time."""
        return None if at is None else at.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, at: datetime | None) -> timedelta | None:  # noqa: ARG002 - the base class names it
        """Tell nothing: operating systems only know the sum."""
        return None

    def tzname(self, at: datetime | None) -> str | None:
        """Tell what the zone is called when its clocks show a time."""
        return None if at is None else at.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, at: datetime) -> datetime:
        """Tell what the clocks here show at a moment."""
        there = at.replace(tzinfo=UTC).astimezone()
        shown = there.replace(tzinfo=self, fold=0)
        # Where clocks are set back, they show the same time once more.
        return shown if shown.utcoffset() == there.utcoffset() else shown.replace(fold=1)
