"""The end of what a process prints, however much that is and whoever holds on to its output."""

import os
import threading
from types import TracebackType
from typing import Final, Self

KEPT_BYTES: Final = 4096
AT_ONCE_BYTES: Final = 65_536


class Tail:
    """A pipe that is always read, of which the end is kept; for a ``with`` statement.

    The process never waits for a reader. The reading ends when it is closed, even if a process
    that was left behind holds the other end open: we hold it too, and write a last word.
    """

    def __init__(self) -> None:
        self._out, self.into = os.pipe()
        self._kept = b""
        self._last_word = os.urandom(16)
        self._reader = threading.Thread(target=self._read, name="hook-output", daemon=True)

    def __enter__(self) -> Self:
        self._reader.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Read what has been printed by now, and no more. May be called twice."""
        if self._reader.is_alive():
            os.write(self.into, self._last_word)
            self._reader.join()
            os.close(self.into)

    @property
    def text(self) -> str:
        """The end of what was printed, as far as it is text. Whole once it is closed."""
        return self._kept.decode(errors="replace")

    def _read(self) -> None:
        said, is_last = b"", b""
        while not is_last:
            # What is left of the last read may hold the first half of the last word.
            said = self._kept + os.read(self._out, AT_ONCE_BYTES)
            said, is_last, _ = said.partition(self._last_word)
            self._kept = said[-KEPT_BYTES:]
        os.close(self._out)
