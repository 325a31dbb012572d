"""Every change the agent makes to files and folders, one small method each.

Nothing else in the agent writes, moves or removes a file (SQLite looks after the journal's). So a
test can count these calls, and fail or crash before and after each of them.
"""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

WINDOWS = sys.platform == "win32"

WINDOWS_BUSY = {5, 32, 33}
"""Access denied, sharing violation, lock violation: virus scanners and indexers cause them for a
moment on files that were just written or moved."""

BUSY_RETRIES_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8, 1.0)

_OPEN_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


class Disk:
    """Durable operations on the real file system."""

    def make_folder(self, path: Path, mode: int = 0o777) -> None:
        """Make a folder; its parent must exist. No error if it is there."""
        path.mkdir(mode=mode, exist_ok=True)

    def move(self, source: Path, target: Path) -> None:
        """Rename a file within one file system. An existing target is an error.

        Raises:
            FileExistsError: There is something of that name already.
            OSError: With ``errno.EXDEV`` where the folders lie on different mounts.
        """
        if os.path.lexists(target):
            raise FileExistsError(f"{target} exists already")
        _patiently(lambda: source.rename(target))

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file's bytes to a new file, which no more users may read, and sync it."""
        with source.open("rb") as reader:
            mode = os.fstat(reader.fileno()).st_mode & 0o666 | 0o600
            opened = os.open(target, _OPEN_NEW, mode)
            with os.fdopen(opened, "wb") as writer:
                shutil.copyfileobj(reader, writer, 1 << 20)
                writer.flush()
                os.fsync(writer.fileno())

    def write(self, path: Path, chunks: Iterable[bytes], mode: int = 0o644) -> None:
        """Write a new file and sync it; an older one of that name is replaced.

        The older file is removed first and not written over: data that could not be synced once
        must never be synced again.
        """
        path.unlink(missing_ok=True)
        opened = os.open(path, _OPEN_NEW, mode)
        with os.fdopen(opened, "wb") as writer:
            writer.writelines(chunks)
            writer.flush()
            os.fsync(writer.fileno())

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file over another one, or to a new name."""
        _patiently(lambda: source.replace(target))

    def remove(self, path: Path) -> None:
        """Remove a file. No error if it is not there."""
        _patiently(lambda: path.unlink(missing_ok=True))

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder. No error if it is not there."""
        if path.exists():
            path.rmdir()

    def sync_folder(self, path: Path) -> None:
        """Make a folder's entries survive a power cut. Windows does so by itself."""
        if WINDOWS:
            return
        opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _patiently(
    change: Callable[[], object], pauses_seconds: Iterable[float] = BUSY_RETRIES_SECONDS
) -> None:
    """Make a change, waiting a little where Windows says that the file is in use just now."""
    for seconds in pauses_seconds:
        try:
            change()
        except OSError as error:
            if getattr(error, "winerror", None) not in WINDOWS_BUSY:
                raise
            time.sleep(seconds)
        else:
            return
    change()
