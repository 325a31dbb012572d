"""A lane: one thing at a time, that something outside may hold up."""

from math import inf

from dropbox_agent.core.backoff import Backoff
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.pausing import Pause, pause
from dropbox_agent.core.ports import Witness
from dropbox_agent.errors import AgentError


class Lane:
    """Looking, sending or asking: free, busy, or paused for a while.

    Attributes:
        name: What it does, for people.
        busy_since: Since when something is under way, on the monotonic clock; None when idle.
        pause: What holds it up; None while all is well.
    """

    def __init__(self, name: str, backoff: Backoff, clock: Clock, witness: Witness) -> None:
        """Begin free."""
        self.name = name
        self.busy_since: float | None = None
        self.pause: Pause | None = None
        self._backoff = backoff
        self._clock = clock
        self._witness = witness

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return self.busy_since is not None

    def begin(self) -> None:
        """Note that something is under way from now on."""
        self.busy_since = self._clock.monotonic()

    def end(self) -> None:
        """Note that it has ended, well or not."""
        self.busy_since = None

    def is_free(self) -> bool:
        """Whether something can be begun now."""
        return not self.busy and (self.pause is None or self.pause.is_over(self._clock.monotonic()))

    def hold_up(
        self,
        why: AgentError,
        wait_seconds: float | None = None,
        *,
        longest_seconds: float = inf,
    ) -> None:
        """Begin a pause, or go on with the one that was just tried to end.

        Args:
            why: What stands in the way.
            wait_seconds: How long to wait; longer each time unless given.
            longest_seconds: The longest wait. What is tried as often as that for the same reason
                is not told each time: it would fill the log.
        """
        now, before = self._clock.monotonic(), self.pause
        self.pause = pause(
            before, why, self._backoff, now, wait_seconds, longest_seconds=longest_seconds
        )
        seconds = self.pause.until - now
        if before is None or before.why.message != why.message or seconds < longest_seconds:
            self._witness.paused(self.name, why, seconds)

    def clear(self) -> None:
        """End a pause: it worked."""
        if self.pause is not None:
            self.pause = None
            self._witness.resumed(self.name)

    @property
    def opens_at(self) -> float:
        """When it may be tried again, on the monotonic clock; zero while nothing holds it up."""
        return self.pause.until if self.pause else 0.0
