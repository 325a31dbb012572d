"""Observers that report arrivals, and are alive only as long as they can."""

import sys
import warnings

from watchdog.events import (
    DirCreatedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
)
from watchdog.observers.api import BaseObserver

ARRIVALS: list[type[FileSystemEvent]] = [
    FileCreatedEvent, FileMovedEvent, FileClosedEvent, DirCreatedEvent, DirMovedEvent,
]  # fmt: skip
"""A rename from outside, a hard link and some servers' uploads show as *created* only, an
overwriting upload as *closed* only, and a rename from a temporary name as *moved*."""

if sys.platform == "linux":
    from watchdog.observers.inotify import InotifyEmitter, InotifyObserver
    from watchdog.observers.inotify_c import InotifyConstants, Mask
    from watchdog.observers.inotify_move_event_grouper import (
        InotifyMoveEventGrouper,
        PathedInotifyEvent,
    )

    class HalvesOnly(InotifyMoveEventGrouper):
        """Passes second halves of renames on as they come.

        For each of them watchdog searches all events not dealt with yet, twice, for the first half:
        after 20,000 files were renamed into place, that keeps a core busy for seconds.
        """

        def put_event(self, event: PathedInotifyEvent) -> None:
            """Pass an event on."""
            self._queue.put(event)

        def get_queued_moved_from_event(self, cookie: int) -> None:
            """Find no first half: nobody asks the kernel for any."""

    class ArrivalEmitter(InotifyEmitter):
        """Does not ask for the first half of a rename, and knows when the kernel has let go.

        Having read one, watchdog holds back all later events for up to half a second while it
        waits for the second half, which never comes when we move a payload to the archive. The
        second half alone shows as *created*, and that is all an arrival needs.
        """

        def get_event_mask_from_filter(self) -> Mask:
            """Take ``IN_MOVED_FROM`` out of what the kernel is asked to report."""
            return Mask(super().get_event_mask_from_filter() & ~InotifyConstants.IN_MOVED_FROM)

        def on_thread_start(self) -> None:
            """Begin to watch; what has come already stays in the queue."""
            super().on_thread_start()
            if self._inotify is not None:
                self._inotify._move_event_grouper.__class__ = HalvesOnly  # noqa: SLF001

        def is_alive(self) -> bool:
            """Say whether its thread runs and the kernel still watches the folder.

            When a share is unmounted the kernel drops the watch without an event, and the share
            that is mounted next may look like the same folder, down to the inode.
            """
            group = self._inotify
            watched = group is not None and group.path in group._active_callbacks_by_path  # noqa: SLF001
            return super().is_alive() and watched

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

    def new_observer() -> BaseObserver:
        """Make an observer that is not started."""
        return ArrivalObserver()

elif sys.platform == "win32":
    from watchdog.observers.read_directory_changes import WindowsApiEmitter, WindowsApiObserver

    ARRIVALS.append(FileModifiedEvent)  # no *closed* here: the last write is the last word

    class ArrivalEmitter(WindowsApiEmitter):
        """Is alive as long as the thread that reads from Windows, which a lost share ends."""

        def is_alive(self) -> bool:
            """Say whether its thread runs and the one that reads from Windows too."""
            reader = self._reader
            thread = None if reader is None else reader._reader_thread  # noqa: SLF001
            return super().is_alive() and thread is not None and thread.is_alive()

    def new_observer() -> BaseObserver:
        """Make an observer that is not started."""
        observer = WindowsApiObserver()
        observer._emitter_class = ArrivalEmitter  # noqa: SLF001
        return observer

else:
    from watchdog.observers import Observer

    ARRIVALS.append(FileModifiedEvent)

    def new_observer() -> BaseObserver:
        """Make an observer that is not started."""
        return Observer()
