"""The bell that wakes the loop.

It is rung from watcher threads, worker threads and signal handlers. An ``Event`` or ``Condition``
would take a lock that the interrupted main thread may hold already; the ``put`` of a
``SimpleQueue`` is the one primitive documented to be safe to enter again.
"""

import sys
import time
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import TIMEOUT_MAX
from typing import Final

LONGEST_NAP_SECONDS: Final = 0.5 if sys.platform == "win32" else TIMEOUT_MAX
"""Windows does not run signal handlers while a thread waits for a lock, so it waits in naps."""


class Bell:
    """Rung by anyone, waited for by one thread. Rings that nobody waited for count as one."""

    def __init__(self) -> None:
        self._rings: SimpleQueue[None] = SimpleQueue()

    def ring(self) -> None:
        """Wake the waiting thread, or the next one to wait. Never blocks."""
        if self._rings.empty():
            self._rings.put(None)

    def wait(self, timeout_seconds: float) -> bool:
        """Wait until the bell rings, and say whether it did.

        Args:
            timeout_seconds: How long to wait at most; zero or less only looks.
        """
        deadline = time.monotonic() + timeout_seconds
        while not self._heard_within(deadline - time.monotonic()):
            if time.monotonic() >= deadline:
                return False
        self._forget_rings()
        return True

    def _heard_within(self, seconds: float) -> bool:
        try:
            self._rings.get(timeout=min(max(seconds, 0.0), LONGEST_NAP_SECONDS))
        except Empty:
            return False
        return True

    def _forget_rings(self) -> None:
        """Drop what several threads rang at the same instant: what they tell is one thing."""
        with suppress(Empty):
            while True:
                self._rings.get_nowait()
