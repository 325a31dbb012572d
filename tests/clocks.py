"""Clocks that stand still until a test moves them."""

from datetime import UTC, datetime, timedelta


class SetClock:
    """Time of day and steady seconds, both set by the test."""

    def __init__(self, now: datetime | None = None, monotonic: float = 1000.0) -> None:
        self._now = now or datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
        self._monotonic = monotonic

    def now(self) -> datetime:
        """Return the time of day that was set."""
        return self._now

    def monotonic(self) -> float:
        """Return the steady seconds that were set."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        if seconds < 0:
            raise ValueError("time does not run backwards; see jump")
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def jump(self, seconds: float) -> None:
        """Set the time of day forward or back, as an administrator or a time server does."""
        self._now += timedelta(seconds=seconds)


class FarClock(SetClock):
    """The clock of another machine: the same time goes by, but nobody sets it."""

    def __init__(self, here: SetClock) -> None:
        super().__init__(here.now(), here.monotonic())
        self._here = here
        self._began = (here.now(), here.monotonic())

    def now(self) -> datetime:
        """Return the time of day there."""
        began, monotonic = self._began
        return began + timedelta(seconds=self._here.monotonic() - monotonic)

    def monotonic(self) -> float:
        """Return the steady seconds."""
        return self._here.monotonic()
