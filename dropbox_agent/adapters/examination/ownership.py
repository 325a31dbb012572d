"""Sees whose an inbox folder is, and whose the files in it are."""

import os
import stat
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from dropbox_agent.core.diagnosis.arrival import Ownership
from dropbox_agent.core.dropnames import ignored_by
from dropbox_agent.core.sighting import Writer

MOST_FILES: Final = 1000
"""Files of one folder that are looked at: those of one sender are alike."""


def ownership(folder: Path, probe: Callable[[Path], Writer] | None = None) -> Ownership | None:
    """Say whose a folder is, and what lies in it; None where there are no owners, or no folder.

    Args:
        folder: The inbox folder.
        probe: Says whether a file is being written; without it, files are not looked at.
    """
    user = getattr(os, "geteuid", lambda: None)()
    try:
        found = folder.stat()
        files = _plain_files(folder) if probe else {}
    except OSError:
        return None
    if user is None:
        return None
    unreadable = [each for each in files if not _is_readable(each)]
    foreign = [each for each, owner in files.items() if owner != user]
    unknown = [
        each for each in foreign if each not in unreadable and _is_unknown(Path(each), probe)
    ]
    return Ownership(
        str(folder),
        is_sticky=bool(found.st_mode & stat.S_ISVTX),
        may_rename=user in {0, found.st_uid},
        looked_at=len(files),
        foreign=len(foreign),
        unreadable=len(unreadable),
        unknown=len(unknown),
        example=Path(next(iter(unreadable + unknown), "")).name,
    )


def _plain_files(folder: Path) -> dict[str, int]:
    """Give the owners of files, by their paths."""
    owners = {}
    with os.scandir(folder) as entries:
        plain = (
            each
            for each in entries
            if each.is_file(follow_symlinks=False) and ignored_by(each.name) is None
        )
        for each in islice(plain, MOST_FILES):
            with suppress(FileNotFoundError):  # taken meanwhile
                owners[each.path] = each.stat(follow_symlinks=False).st_uid
    return owners


def _is_readable(path: str) -> bool:
    effective = os.access in os.supports_effective_ids
    return os.access(path, os.R_OK, effective_ids=effective) or not os.path.lexists(path)


def _is_unknown(path: Path, probe: Callable[[Path], Writer] | None) -> bool:
    return probe is not None and probe(path) is Writer.UNKNOWN
