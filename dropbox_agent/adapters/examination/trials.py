"""Tries what the agent does with files: make, list, rename, sync, remove."""

import errno
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from dropbox_agent.core.diagnosis.arrival import Probed
from dropbox_agent.core.diagnosis.folders import Cause, FolderFacts, Refusal, Shape
from dropbox_agent.core.sighting import Writer

PREFIX: Final = ".dropbox-agent-doctor-"
"""A name with a dot is no drop, to us as to senders' programs."""

WINDOWS_OTHER_MOUNT: Final = 17
"""``ERROR_NOT_SAME_DEVICE`` (documented)."""

CAUSES: Final = {
    errno.EACCES: Cause.RIGHTS,
    errno.EPERM: Cause.RIGHTS,
    errno.EROFS: Cause.READ_ONLY,
    errno.ENOSPC: Cause.FULL,
    errno.EDQUOT: Cause.FULL,
    errno.EXDEV: Cause.OTHER_MOUNT,
}


def try_folder(folder: Path) -> FolderFacts:
    """Make a file in a folder, list, rename and remove it; say how far that went."""
    step = "look"
    try:
        if not stat.S_ISDIR(folder.stat().st_mode):
            return FolderFacts(str(folder), Shape.NO_FOLDER)
        step = "make a file"
        with _own_file(folder) as own:
            step = "list the files"
            os.listdir(folder)  # noqa: PTH208 - no need to build paths
            step = "rename a file"
            renamed = own.with_name(f"{own.name}-2")
            own.rename(renamed)
            renamed.rename(own)
    except FileNotFoundError:
        return FolderFacts(str(folder), Shape.MISSING)
    except NotADirectoryError:
        return FolderFacts(str(folder), Shape.NO_FOLDER)
    except OSError as error:
        return FolderFacts(str(folder), Shape.FOLDER, _refusal(step, error))
    left = str(own) if os.path.lexists(own) else None
    return FolderFacts(str(folder), Shape.FOLDER, left_behind=left)


def try_move(source: Path, target: Path) -> Refusal | None:
    """Rename a file from one folder to another, as a claim does; say why it cannot be.

    Only an attempt tells: two mounts of one disk have the same device, and no rename leads from
    one to the other.
    """
    step = "make a file"
    try:
        with _own_file(source) as own:
            step = "rename a file"
            moved = target / own.name
            try:
                own.rename(moved)
            finally:
                _remove(moved)
    except OSError as error:
        return _refusal(step, error)
    return None


def try_sync(folder: Path) -> Refusal | None:
    """Write a file durably, as the journal is written; say why it cannot be."""
    step = "make a file"
    try:
        with _own_file(folder) as own:
            step = "sync a file"
            with own.open("r+b") as file:
                file.write(b"dropbox-agent")
                file.flush()
                os.fsync(file.fileno())
            if sys.platform != "win32":  # there it needs no doing
                step = "sync the folder"
                opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
                try:
                    os.fsync(opened)
                finally:
                    os.close(opened)
    except OSError as error:
        return _refusal(step, error)
    return None


def try_probe(folder: Path, probe: Callable[[Path], Writer]) -> Probed:
    """Ask who writes to a file of ours, while nobody does and while we do."""
    try:
        with _own_file(folder) as own:
            closed = probe(own)
            with own.open("r+b"):
                return Probed(closed, probe(own))
    except OSError as error:
        return Probed(refused=_refusal("make a file", error))


@contextmanager
def _own_file(folder: Path) -> Iterator[Path]:
    """Make a file that nobody takes for a drop, and remove it whatever happens."""
    own = folder / f"{PREFIX}{secrets.token_hex(6)}"
    own.open("xb").close()
    try:
        yield own
    finally:
        _remove(own)
        _remove(own.with_name(f"{own.name}-2"))


def _remove(own: Path) -> None:
    with suppress(OSError):  # where that is forbidden, it is told of
        own.unlink(missing_ok=True)


def _refusal(step: str, error: OSError) -> Refusal:
    cause = CAUSES.get(error.errno or 0, Cause.OTHER)
    if getattr(error, "winerror", None) == WINDOWS_OTHER_MOUNT:
        cause = Cause.OTHER_MOUNT
    return Refusal(step, cause, error.strerror or str(error))
