"""Puts a file into an inbox folder: whole or not at all, and such that the agent may take it."""

import os
import re
import secrets
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from dropbox_agent.adapters.spool import Disk
from dropbox_agent.core.naming import MAX_NAME_BYTES
from dropbox_agent.core.pairing import marked_by

UNFINISHED: Final = re.compile(r"\.[0-9a-f]{16}\.retry")
"""Names that copies have while they are made. The dot keeps them from being taken for drops."""

FORGOTTEN_SECONDS: Final = 86_400
"""So much older than a new one, a copy is not being made any more."""


class InboxFolder:
    """One inbox folder that files are put into."""

    def __init__(self, path: Path, disk: Disk, *, done_suffix: str | None) -> None:
        """Take the folder, which is there.

        Args:
            path: Where it is.
            disk: Makes every change.
            done_suffix: What the names of markers end in; None where none are waited for.
        """
        self.path = path
        self._disk = disk
        self._done_suffix = done_suffix
        self._is_cleared = False

    def make_below(self, name: str) -> "InboxFolder":
        """Make a folder in it, for the agent too, if it is not there."""
        below = self.path / name
        if not below.is_dir():
            self._disk.make_folder(below)
            _hand_over(below)
        return InboxFolder(below, self._disk, done_suffix=self._done_suffix)

    def put(self, file: Path, name: str) -> Path:
        """Copy a file into it; under its name it is never seen half-written, or without a marker.

        Args:
            file: The file.
            name: What the copy is called.

        Raises:
            FileExistsError: A file of that name lies there.
            OSError: It cannot be copied; then nothing has changed.
        """
        target = self.path / name
        unfinished = self.path / f".{secrets.token_hex(8)}.retry"
        try:
            self._disk.copy(file, unfinished)
            self._clear(unfinished)
            _hand_over(unfinished)
            self._move(unfinished, target)
        finally:
            with suppress(OSError):
                self._disk.remove(unfinished)
        self._disk.sync_folder(self.path)
        return target

    def _move(self, unfinished: Path, target: Path) -> None:
        """Give a copy its name, behind its marker: without one it would wait for ever."""
        marker = self._marker(target)
        if os.path.lexists(target):
            raise FileExistsError(f"{target} exists already")
        try:
            if marker:
                self._disk.write(marker, [])
                _hand_over(marker)
            self._disk.move(unfinished, target)
        except OSError:
            if marker and not os.path.lexists(target):
                with suppress(OSError):
                    self._disk.remove(marker)
            raise

    def _marker(self, target: Path) -> Path | None:
        """Name the marker of a file, by the short name where the long one is too long."""
        if (suffix := self._done_suffix) is None:
            return None
        names = [f"{name}{suffix}" for name in marked_by(target.name)]
        fits = (each for each in names if len(os.fsencode(each)) <= MAX_NAME_BYTES)
        return target.with_name(next(fits, names[0]))

    def _clear(self, unfinished: Path) -> None:
        """Remove what commands have left that were killed; others may be at work just now."""
        if self._is_cleared:
            return
        self._is_cleared = True
        # Both times are those of the folder's own clock, which may be another machine's.
        long_ago = unfinished.stat().st_mtime - FORGOTTEN_SECONDS
        for each in self.path.glob(".*.retry"):
            with suppress(OSError):
                if UNFINISHED.fullmatch(each.name) and each.stat().st_mtime < long_ago:
                    self._disk.remove(each)


def _hand_over(path: Path) -> None:
    """Make what an administrator has made the property of the agent, as the folder around it is.

    Raises:
        OSError: It cannot be given away.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return
    made, around = path.stat(), path.parent.stat()
    rights = stat.S_IRGRP if around.st_mode & stat.S_IWGRP else 0
    if stat.S_ISDIR(made.st_mode):
        rights = stat.S_IMODE(around.st_mode)
    os.chown(path, around.st_uid, around.st_gid)
    path.chmod(stat.S_IMODE(made.st_mode) | rights)
