"""The agent's own files in the archive, by what the journal says of them: measured and removed."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path

from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.core.keeping import Entry, Thing
from dropbox_agent.core.naming import ERRORS_ENDING, REPORT_ENDING, payload_ending


class FiledFiles:
    """What was filed in ``processed/`` and ``failed/``. Nothing but plain files is touched."""

    def __init__(self, processed: Path, failed: Path, disk: Disk) -> None:
        """Take the two folders, and who makes every change."""
        self._processed = processed
        self._failed = failed
        self._disk = disk

    def bytes_of(self, thing: Thing, entry: Entry) -> int:
        """Tell how large a thing is; 0 if it is not there."""
        return sum(size for _, size in self._found(thing, entry))

    def is_there(self, thing: Thing, entry: Entry) -> bool:
        """Whether something of it is there that may be removed."""
        return any(self._found(thing, entry))

    def has_begun(self, thing: Thing, entry: Entry) -> bool:
        """Whether the archive is there, and what goes first of it not any more."""
        first = self._files(entry)[0] if thing is Thing.FILES else self._report(entry)
        return self._lacks(entry, first)

    def is_left_behind(self, entry: Entry) -> bool:
        """Whether the archive is there, and nothing of this job in it any more."""
        return self._lacks(entry, *self._files(entry), self._report(entry))

    def _lacks(self, entry: Entry, *paths: Path) -> bool:
        """Whether none of some paths is there, though the folder is.

        An empty folder may be a mount that is away.
        """
        if any(map(_seen, paths)):
            return False
        try:
            with os.scandir(self._folder(entry)) as found:
                return next(found, None) is not None
        except FileNotFoundError:
            return False

    def remove(self, thing: Thing, entry: Entry) -> None:
        """Remove it, the payload first. May be repeated.

        Raises:
            OSError: It cannot be removed.
        """
        for path, _ in list(self._found(thing, entry)):
            self._disk.remove(path)

    def secure(self, entries: Sequence[Entry]) -> None:
        """Make durable that things of these jobs were removed.

        Raises:
            OSError: A folder cannot be synced.
        """
        for folder in dict.fromkeys(map(self._folder, entries)):
            self._disk.sync_folder(folder)

    def _found(self, thing: Thing, entry: Entry) -> Iterator[tuple[Path, int]]:
        paths = self._files(entry) if thing is Thing.FILES else (self._report(entry),)
        for path in paths:
            found = _seen(path)
            if found and stat.S_ISREG(found.st_mode):
                yield path, found.st_size

    def _files(self, entry: Entry) -> tuple[Path, Path]:
        folder = self._folder(entry)
        payload = folder / f"{entry.stem}{payload_ending(entry.name)}"
        return payload, folder / f"{entry.stem}{ERRORS_ENDING}"

    def _report(self, entry: Entry) -> Path:
        return self._folder(entry) / f"{entry.stem}{REPORT_ENDING}"

    def _folder(self, entry: Entry) -> Path:
        return (self._failed if entry.outcome.is_failure else self._processed) / entry.kind


def _seen(path: Path) -> os.stat_result | None:
    """Look at a path itself; None if it is not there.

    A folder that cannot be entered is trouble: what is in it must not be taken for gone.
    """
    try:
        return path.lstat()
    except FileNotFoundError:
        return None
