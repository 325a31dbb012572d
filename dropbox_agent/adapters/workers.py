"""A few threads that run tasks one after the other."""

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread


class Workers:
    """A pool of daemon threads.

    Daemons, because a stop must not wait for a server that takes a minute to answer: what such a
    step leaves behind, the journal knows and the next start takes up.
    """

    def __init__(self, name: str, count: int) -> None:
        """Start the threads."""
        self._tasks: SimpleQueue[Callable[[], None]] = SimpleQueue()
        for number in range(count):
            Thread(target=self._work, name=f"{name}-{number}", daemon=True).start()

    def submit(self, task: Callable[[], None]) -> None:
        """Run a task that never raises, as soon as a thread is free."""
        self._tasks.put(task)

    def _work(self) -> None:
        while True:
            self._tasks.get()()
