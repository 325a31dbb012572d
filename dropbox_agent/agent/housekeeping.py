"""The desk for housekeeping: has old things deleted beside the loop, in small bites."""

from math import inf

from dropbox_agent.agent.errands import Errands, Pool
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.ports import Witness
from dropbox_agent.core.sweeping import Sweeper
from dropbox_agent.core.trouble import as_trouble

SWEEP_SECONDS = 3_600.0
"""How often to look for what need not be kept any longer, and how long to wait after trouble."""


class Housekeeping:
    """Has one sweep made at the start, and one every hour."""

    def __init__(
        self, sweeper: Sweeper | None, pool: Pool, errands: Errands, clock: Clock, witness: Witness
    ) -> None:
        """Take who sweeps, and beside whom; without a sweeper nothing is ever deleted."""
        self._sweeper = sweeper
        self._pool = pool
        self._errands = errands
        self._clock = clock
        self._witness = witness
        self._is_sweeping = False
        self._is_busy = False
        self._next_at = clock.monotonic()
        self.has_swept = sweeper is None

    def hand_out(self) -> None:
        """Have the next bite done, if it is time."""
        if self._sweeper is None or self.due_at > self._clock.monotonic():
            return
        if not self._is_sweeping:
            self._sweeper.begin()
            self._is_sweeping = True
        self._is_busy = True
        self._errands.run(self._pool, self._sweeper.bite, self._done)

    def sweep_anew(self) -> None:
        """Have a sweep made now, or the one under way ended; ``has_swept`` says when it is over."""
        if self._sweeper is not None:
            self.has_swept = False
            self._next_at = self._clock.monotonic()

    @property
    def due_at(self) -> float:
        """When to have the next bite done, on the monotonic clock; infinity if one is under way."""
        return inf if self._sweeper is None or self._is_busy else self._next_at

    def _done(self, result: bool | Exception) -> None:  # noqa: FBT001 - as the bite returned it
        self._is_busy = False
        if isinstance(result, Exception):
            self._witness.troubled(as_trouble(result))
        if result is not True:
            self._is_sweeping, self.has_swept = False, True
            self._next_at = self._clock.monotonic() + SWEEP_SECONDS
