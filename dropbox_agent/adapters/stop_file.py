"""Stopping when a file asks for it: works for every service wrapper, on every system."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from typing import Final

NAME: Final = "stop.request"
LOOK_SECONDS: Final = 2.0


def ask_to_stop(state: Path) -> None:
    """Ask the agent that works with this state folder to stop.

    Raises:
        OSError: The folder cannot be written to.
    """
    (state / NAME).write_bytes(b"")


class StopFile:
    """The file that asks an agent to stop.

    Build it before anything else is done: a request that is there by then was meant for an agent
    that has ended, one that comes later is meant for this one.
    """

    def __init__(self, state: Path) -> None:
        """Look whether an old request is there."""
        self._path = state / NAME
        self._old = _fingerprint(self._path)

    @contextmanager
    def watched(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call ``stop``, from a thread, when the file asks for it, until the block ends."""
        if self._old is not None and _fingerprint(self._path) == self._old:
            self._remove()
        ended = Event()
        watching = Thread(target=self._watch, args=(stop, ended), name="stop-file", daemon=True)
        watching.start()
        try:
            yield
        finally:
            ended.set()
            watching.join()

    def _watch(self, stop: Callable[[], None], ended: Event) -> None:
        while not ended.wait(LOOK_SECONDS):
            if _fingerprint(self._path) is not None:
                self._remove()
                stop()
                return

    def _remove(self) -> None:
        with suppress(OSError):  # the next start does it
            self._path.unlink(missing_ok=True)


def _fingerprint(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
