"""The pulse: tells whoever started the agent as a service that its loop turns."""

from collections.abc import Iterable
from math import inf
from typing import Protocol

from dropbox_agent.core.clock import Clock

STUCK_SECONDS = 7_200.0
"""After how long one call to the server counts as stuck: no upload of a part takes that long, and
every read of an answer has a time limit of its own, so only a new start can cure it."""


class ServiceManager(Protocol):
    """Whoever started the agent and wants to know how it is."""

    @property
    def watchdog_seconds(self) -> float | None:
        """After how long without a word it starts the agent anew; None for never."""
        ...

    def ready(self) -> None:
        """Tell that the agent works. Never raises."""
        ...

    def alive(self) -> None:
        """Tell that it still does. Never raises."""
        ...


class Pulse:
    """Tells of every turn that it was made, as often as the service manager wants to hear it.

    The loop itself does that, never a timer beside it, so that silence means a loop that stands
    still. A share that hangs does not stop the loop, and no pulse: a new start would not mend it.
    """

    def __init__(self, manager: ServiceManager, clock: Clock) -> None:
        """Begin with nothing told."""
        self._manager = manager
        self._clock = clock
        self._is_ready = False
        self._due_at = 0.0
        watchdog_seconds = manager.watchdog_seconds
        self._seconds = inf if watchdog_seconds is None else watchdog_seconds / 2

    def beat(self, calls_since: Iterable[float | None]) -> float:
        """Tell of a turn if it is time; return when the next word is due.

        Args:
            calls_since: Since when calls to the server are under way, on the monotonic clock.
        """
        now = self._clock.monotonic()
        if not self._is_ready:
            self._manager.ready()
            self._is_ready = True
        if now >= self._due_at:
            self._due_at = now + self._seconds
            if not any(_is_stuck(since, now) for since in calls_since):
                self._manager.alive()
        return self._due_at


def _is_stuck(since: float | None, now: float) -> bool:
    return since is not None and now >= since + STUCK_SECONDS
