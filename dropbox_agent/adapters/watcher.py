"""Wake-ups from the operating system when something arrives in the inbox.

Events are hints: they get lost when queues overflow, shares drop or folders are replaced, often
without a word. So an event only rings the bell, and what is there is found by listing.
"""

import errno
import logging
import os
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers.api import BaseObserver

from dropbox_agent.errors import TryLater

CLAIMED: Final = ".claimed"
"""The hidden folder of the inbox that only we move files into; it is no news to us."""

ARRIVALS: list[type[FileSystemEvent]] = [
    FileCreatedEvent, FileMovedEvent, FileClosedEvent, DirCreatedEvent, DirMovedEvent,
]  # fmt: skip
"""A rename from outside, a hard link and some servers' uploads show as *created* only, an
overwriting upload as *closed* only, and a rename from a temporary name as *moved*."""

LIMITS: Final = {
    errno.EMFILE: "fs.inotify.max_user_instances, or the number of open files",
    errno.ENOSPC: "fs.inotify.max_user_watches",
}
"""What to raise for errors that Linux gives when one of its limits is reached."""

if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyEmitter, InotifyObserver
    from watchdog.observers.inotify_c import InotifyConstants, Mask

    class ArrivalEmitter(InotifyEmitter):
        """Does not ask for the first half of a rename.

        Having read one, watchdog holds back all later events for up to half a second while it
        waits for the second half, which never comes when we move a payload to the archive. The
        second half alone shows as *created*, and that is all an arrival needs.
        """

        def get_event_mask_from_filter(self) -> Mask:
            """Take ``IN_MOVED_FROM`` out of what the kernel is asked to report."""
            return Mask(super().get_event_mask_from_filter() & ~InotifyConstants.IN_MOVED_FROM)

    class ArrivalObserver(InotifyObserver):
        """Watches arrivals only, and is alive as long as its reader is."""

        def __init__(self) -> None:
            super().__init__()
            self._emitter_class = ArrivalEmitter
            # Without first halves, a folder renamed inside the inbox is met a second time.
            warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning, "watchdog")

        def is_alive(self) -> bool:
            """Say whether the dispatcher runs and the thread that reads from the kernel too."""
            return super().is_alive() and self._inotify_fd.is_alive()

    def _new_observer() -> BaseObserver:
        return ArrivalObserver()

else:
    from watchdog.observers import Observer

    ARRIVALS.append(FileModifiedEvent)  # no *closed* here: the last write is the last word

    def _new_observer() -> BaseObserver:
        return Observer()


class CannotWatch(TryLater):
    """The operating system gives no wake-ups for the inbox; looking now and then still works."""


class Doorbell(FileSystemEventHandler):
    """Rings for every event but those of our own moves."""

    def __init__(self, folder: Path, ring: Callable[[], None]) -> None:
        self._claimed = str(folder / CLAIMED)
        self._ring = ring

    def dispatch(self, event: FileSystemEvent) -> None:
        """Ring the bell. An exception here would end the dispatcher, so none gets out."""
        place = os.fsdecode(event.dest_path or event.src_path)
        if place != self._claimed and not place.startswith(self._claimed + os.sep):
            with suppress(Exception):
                self._ring()


class Watcher:
    """One watch over the inbox and all folders in it."""

    def __init__(self, folder: Path, ring: Callable[[], None]) -> None:
        """Prepare a watch; nothing is watched before ``start``.

        Args:
            folder: The inbox.
            ring: Called from another thread for every arrival. Must be quick.
        """
        self._folder = folder
        self._ring = ring
        self._observer: BaseObserver | None = None
        self._identity: tuple[int, int] | None = None

    def start(self) -> None:
        """Begin to watch, unless it is watching already.

        Raises:
            CannotWatch: The folder or the operating system does not allow it.
        """
        if self._observer is not None:
            return
        try:
            self._identity = _identity(self._folder)
            os.scandir(self._folder).close()  # watchdog is silent about one we may not read
            self._observer = self._watching()
        except (OSError, RuntimeError) as error:
            raise _cannot_watch(self._folder, error) from error

    def _watching(self) -> BaseObserver:
        folder = self._folder.resolve()  # a link would be watched itself, not its target
        observer = _new_observer()
        try:
            observer.schedule(
                Doorbell(folder, self._ring), str(folder), recursive=True, event_filter=ARRIVALS
            )
            observer.start()
        except BaseException:
            observer.stop()
            raise
        return observer

    def stop(self) -> None:
        """End the watch, if there is one, and wait for its threads."""
        observer, self._observer = self._observer, None
        if observer is None:
            return
        # While a watch is being ended, watchdog calls it an error that an event still comes.
        log = logging.getLogger("watchdog.observers.inotify")
        log.disabled = True
        try:
            observer.stop()
            observer.join()
        finally:
            log.disabled = False

    def restart(self) -> None:
        """Watch anew, after trouble or because the folder was replaced.

        Raises:
            CannotWatch: As ``start`` does.
        """
        self.stop()
        self.start()

    def healthy(self) -> bool:
        """Say whether the watch, as far as can be seen from here, still reports arrivals."""
        return self.trouble() is None

    def trouble(self) -> str | None:
        """Say in plain words why arrivals are not reported; None when they should be."""
        if self._observer is None:
            return "The inbox is not being watched."
        threads = [self._observer, *self._observer.emitters]
        if len(threads) == 1 or not all(thread.is_alive() for thread in threads):
            return "The watch on the inbox has ended by itself."
        try:
            if _identity(self._folder) == self._identity:
                return None
        except OSError as error:
            return f"The inbox {self._folder} is not there: {error.strerror or error}."
        return f"The inbox {self._folder} is another folder than the one being watched."


def _identity(folder: Path) -> tuple[int, int]:
    """Tell a folder from one that replaced it, was mounted over it, or lay beneath a mount."""
    facts = folder.stat()
    return facts.st_dev, facts.st_ino


def _cannot_watch(folder: Path, error: OSError | RuntimeError) -> CannotWatch:
    hint = "New files are still found by looking every AGENT_RESCAN_SECONDS."
    limit = LIMITS.get(getattr(error, "errno", None) or 0)
    if limit is not None:
        hint += f" To be told at once, raise the limit {limit}."
    why = getattr(error, "strerror", None) or error
    return CannotWatch(f"The inbox {folder} cannot be watched: {why}.", hint=hint, code="no-watch")
