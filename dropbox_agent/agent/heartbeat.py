"""The heartbeat: a small file that shows what the agent has in hand, and that it is alive."""

from collections.abc import Callable
from typing import Protocol

from dropbox_agent.core.clock import Clock
from dropbox_agent.core.overview import Moment, Overview
from dropbox_agent.core.report import Json

QUIET_SECONDS = 30.0
"""How often the file is written while nothing changes."""

AWAKE_SECONDS = 15.0
"""How old it may be when the loop is awake anyway: then the loop need not wake for it alone."""

BUSY_SECONDS = 1.0
"""How often it is written while things change."""


class StatusFile(Protocol):
    """Where the heartbeat is written."""

    def write(self, status: Json) -> None:
        """Replace what was written before. A failure is no reason to stop: it never raises."""
        ...


class Heartbeat:
    """Writes the overview when it has changed, and now and then when it has not."""

    def __init__(self, file: StatusFile, clock: Clock, *others: StatusFile) -> None:
        """Begin with nothing written. The others are told all that is written to the file."""
        self._files = (file, *others)
        self._clock = clock
        self._written: Overview | None = None
        self._looked_at = -BUSY_SECONDS
        self._due_at = 0.0

    def beat(self, overview: Callable[[], Overview]) -> float:
        """Write the overview if it is time; return when the next beat is due.

        Args:
            overview: Tells what is in hand. Asked only when it may be written: with many
                thousand drops in sight it takes a while.
        """
        now = self._clock.monotonic()
        if now < self._looked_at + BUSY_SECONDS:
            return self._looked_at + BUSY_SECONDS
        self._looked_at = now
        told = overview()
        if told != self._written or now >= self._due_at - QUIET_SECONDS + AWAKE_SECONDS:
            self._write(told)
        return self._due_at

    def last_beat(self, told: Overview) -> None:
        """Write what is left in hand in the end, so that nobody takes work for under way."""
        self._write(told)

    def _write(self, told: Overview) -> None:
        moment = Moment(self._clock.now(), self._clock.monotonic())
        status = told.to_json(moment)
        for each in self._files:
            each.write(status)
        self._written = told
        self._due_at = moment.monotonic + QUIET_SECONDS
