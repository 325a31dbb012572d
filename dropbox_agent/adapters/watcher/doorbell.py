"""What is done with an event: its path is noted, and the bell is rung."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import Final

from watchdog.events import FileSystemEvent, FileSystemEventHandler

CLAIMED: Final = ".claimed"
"""The hidden folder of the inbox that only we move files into; it is no news to us."""

MOST_REMEMBERED: Final = 10_000
"""How many announced paths are kept at most between two listings: about one megabyte."""


class Announcements:
    """The paths announced between two listings, as many as are worth remembering."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._paths: set[str] | None = set()

    def note(self, path: str) -> None:
        """Remember a path below the inbox. May be called from any thread."""
        with self._lock:
            if self._paths is not None:
                self._paths.add(path)
                if len(self._paths) > MOST_REMEMBERED:
                    self._paths = None

    def take(self) -> set[str] | None:
        """Give what was noted since the last call; None when it was too much to remember."""
        with self._lock:
            noted, self._paths = self._paths, set()
            return noted


class Doorbell(FileSystemEventHandler):
    """Notes every event but those of our own moves, and rings."""

    def __init__(self, folder: Path, ring: Callable[[], None], note: Callable[[str], None]) -> None:
        self._inbox = f"{folder}{os.sep}"
        self._ring = ring
        self._note = note

    def dispatch(self, event: FileSystemEvent) -> None:
        """Ring the bell. An exception here would end the dispatcher, so none gets out."""
        place = os.fsdecode(event.dest_path or event.src_path).removeprefix(self._inbox)
        if place != CLAIMED and not place.startswith(CLAIMED + os.sep):
            with suppress(Exception):
                self._note(place)
                self._ring()
