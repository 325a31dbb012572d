"""Errands: tasks that run beside the loop, whose results come back into it.

Only the loop's own thread touches jobs in hand; so nothing there needs a lock.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from queue import Empty, SimpleQueue
from typing import Protocol, TypeVar

from dropbox_agent.core.kind import Kind

T = TypeVar("T")


class Pool(Protocol):
    """Runs tasks beside the loop."""

    def submit(self, task: Callable[[], None]) -> None:
        """Run a task that never raises, now or soon."""
        ...


class Bell(Protocol):
    """What the loop waits on."""

    def ring(self) -> None:
        """Wake the loop."""
        ...

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until it is rung, or the time is over."""
        ...


@dataclass(frozen=True, slots=True)
class Pools:
    """Who does what: looks at an inbox, checks and files what came from it, sends, asks, tidies.

    Asking what the account has waits for no answer about imports, and the other way round.
    Each kind has threads of its own for all that touches its files.
    """

    look: Mapping[Kind, Pool]
    files: Mapping[Kind, Pool]
    send: Pool
    ask: Pool
    know: Pool
    keep: Pool


class Errands:
    """Hands tasks to pools and brings their results back."""

    def __init__(self, bell: Bell) -> None:
        """Take the bell that wakes the loop when a result is there."""
        self._bell = bell
        self._results: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._under_way = 0

    def run(self, pool: Pool, task: Callable[[], T], done: Callable[[T | Exception], None]) -> None:
        """Run a task beside the loop; ``done`` gets its result, or its error, inside the loop."""

        def work() -> None:
            try:
                result: T | Exception = task()
            except Exception as error:  # noqa: BLE001 - one file's step must never end the loop
                result = error
            self._results.put(partial(done, result))
            self._bell.ring()

        self._under_way += 1
        pool.submit(work)

    def take_in(self) -> None:
        """Call ``done`` for every task that has ended since the last time."""
        while True:
            try:
                done = self._results.get_nowait()
            except Empty:
                return
            self._under_way -= 1
            done()

    @property
    def under_way(self) -> int:
        """Number of tasks whose results have not been taken in."""
        return self._under_way
