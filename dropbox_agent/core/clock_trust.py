"""Whether the time of day can be believed: a clock gone wrong must not decide what is old."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

SLACK = timedelta(days=1)
"""How far the clock may be from where the time gone by would have it."""

LONGEST_ABSENCE = timedelta(days=32)
"""How long an agent may not have run before the clock is doubted at its start."""

PROBATION = timedelta(days=7)
"""After how long a clock that has leapt is believed, if it goes on evenly."""


@dataclass(frozen=True, slots=True)
class ClockTrust:
    """What was found about the clock so far.

    Attributes:
        at: What it said last.
        trusted_at: What it said last when it was believed.
        doubted_since: What it said when it began to be doubted; None while it is believed.
        leapt: By how much it has been set, if it is believed as of now: by so much all earlier
            dates differ. How old things are must not depend on it.
    """

    at: datetime
    trusted_at: datetime
    doubted_since: datetime | None = None
    leapt: timedelta = timedelta()

    @property
    def is_trusted(self) -> bool:
        """Whether the clock is believed."""
        return self.doubted_since is None

    @classmethod
    def begun(cls, now: datetime) -> "ClockTrust":
        """Believe a clock that nothing is known of."""
        return cls(now, now)

    def after(self, now: datetime, lived: timedelta | None) -> "ClockTrust":
        """Look at the clock again.

        Args:
            now: What it says.
            lived: How much time has gone by since it was looked at last; None if nobody knows,
                because no agent ran in between.
        """
        if self._is_even(now - self.at, lived):
            if self.doubted_since is None:
                return ClockTrust.begun(now)
            if now - self.doubted_since < PROBATION:
                return replace(self, at=now)
            return ClockTrust(now, now, leapt=self.doubted_since - self.trusted_at)
        if not self.is_trusted and -SLACK <= now - self.trusted_at <= LONGEST_ABSENCE:
            return ClockTrust.begun(now)  # it was set right again
        return ClockTrust(now, self.trusted_at, now)

    def _is_even(self, gone: timedelta, lived: timedelta | None) -> bool:
        if lived is None:
            return -SLACK <= gone <= LONGEST_ABSENCE
        return abs(gone - lived) <= SLACK
