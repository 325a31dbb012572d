"""One watch over the inbox: begun, ended, and asked whether it still works."""

import errno
import logging
import os
from collections.abc import Callable
from pathlib import Path
from queue import Empty
from threading import Lock, Thread
from typing import Final

from watchdog.observers.api import BaseObserver

from dropbox_agent.adapters.watcher.doorbell import Announcements, Doorbell
from dropbox_agent.adapters.watcher.observers import ARRIVALS, new_observer
from dropbox_agent.errors import TryLater

STOP_SECONDS: Final = 5.0
"""How long to wait for the threads of a watch; on a share that hangs they may never end."""

LIMITS: Final = {
    errno.EMFILE: "fs.inotify.max_user_instances, or the number of open files",
    errno.ENOSPC: "fs.inotify.max_user_watches",
}
"""What to raise for errors that Linux gives when one of its limits is reached."""


class CannotWatch(TryLater):
    """The operating system gives no wake-ups for the inbox; looking now and then still works."""


class Watcher:
    """One watch over the inbox and all folders in it."""

    def __init__(
        self, folder: Path, ring: Callable[[], None], *, stop_seconds: float = STOP_SECONDS
    ) -> None:
        """Prepare a watch; nothing is watched before ``start``.

        Args:
            folder: The inbox.
            ring: Called from another thread for every arrival. Must be quick.
            stop_seconds: How long to wait for its threads to end.
        """
        self._folder = folder
        self._ring = ring
        self._stop_seconds = stop_seconds
        self._announcements = Announcements()
        self._beginning = Lock()
        self._is_over = False
        self._observer: BaseObserver | None = None
        self._identity: tuple[int, int] | None = None

    def start(self) -> None:
        """Begin to watch, unless it is watching already, or was stopped.

        Raises:
            CannotWatch: The folder or the operating system does not allow it.
        """
        with self._beginning:
            self._begin()

    def restart(self) -> None:
        """Watch anew and ring: what came between two watches is only found by looking.

        Raises:
            CannotWatch: As ``start`` does.
        """
        with self._beginning:
            self._end()
            self._begin()
        self._ring()

    def stop(self) -> None:
        """End the watch for good; wait some seconds for its threads, or for one just beginning."""
        self._is_over = True
        has_begun = self._beginning.acquire(timeout=self._stop_seconds)
        self._end()
        if has_begun:
            self._beginning.release()

    def _begin(self) -> None:
        if self._observer is not None or self._is_over:
            return
        try:
            self._identity = _identity(self._folder)
            os.scandir(self._folder).close()  # watchdog is silent about one we may not read
            self._observer = self._watching()
        except (OSError, RuntimeError, Empty) as error:
            # Empty: on Windows, its reader has ended before it could say that it had begun.
            raise _cannot_watch(self._folder, error) from error

    def _watching(self) -> BaseObserver:
        folder = self._folder.resolve()  # a link would be watched itself, not its target
        observer = new_observer()
        try:
            doorbell = Doorbell(folder, self._ring, self._announcements.note)
            observer.schedule(doorbell, str(folder), recursive=True, event_filter=ARRIVALS)
            observer.start()
        except BaseException:
            observer.stop()
            raise
        return observer

    def _end(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            ending = Thread(target=_stop, args=(observer,), name="end-of-watch", daemon=True)
            ending.start()
            ending.join(self._stop_seconds)

    def announced(self) -> set[str] | None:
        """Give the paths below the inbox that were announced since the last call.

        None when there were too many to remember.
        """
        return self._announcements.take()

    def healthy(self) -> bool:
        """Say whether the watch, as far as can be seen from here, still reports arrivals."""
        return self.trouble() is None

    def trouble(self) -> str | None:
        """Say in plain words why arrivals are not reported; None when they should be."""
        observer = self._observer
        if observer is None:
            return "The inbox is not being watched."
        threads = [observer, *observer.emitters]
        if len(threads) == 1 or not all(thread.is_alive() for thread in threads):
            return "The watch on the inbox has ended by itself."
        try:
            if _identity(self._folder) == self._identity:
                return None
        except OSError as error:
            return f"The inbox {self._folder} is not there: {error.strerror or error}."
        return f"The inbox {self._folder} is another folder than the one being watched."


def _stop(observer: BaseObserver) -> None:
    # While a watch is being ended, watchdog calls it an error that an event still comes.
    log = logging.getLogger("watchdog.observers.inotify")
    log.disabled = True
    try:
        observer.stop()
        observer.join()
    finally:
        log.disabled = False


def _identity(folder: Path) -> tuple[int, int]:
    """Tell a folder from one that replaced it, was mounted over it, or lay beneath a mount."""
    facts = folder.stat()
    return facts.st_dev, facts.st_ino


def _cannot_watch(folder: Path, error: Exception) -> CannotWatch:
    hint = "New files are found all the same, by listing the inbox every few seconds."
    limit = LIMITS.get(getattr(error, "errno", None) or 0)
    if limit is not None:
        hint += f" To be told at once, raise the limit {limit}."
    why = getattr(error, "strerror", None) or str(error) or "the operating system does not answer"
    return CannotWatch(f"The inbox {folder} cannot be watched: {why}.", hint=hint, code="no-watch")
