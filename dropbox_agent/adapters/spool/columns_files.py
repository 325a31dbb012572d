"""Finds the ``columns.toml`` that counts for the files of an inbox folder."""

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dropbox_agent.adapters.spool.bodies import open_plainly
from dropbox_agent.core.columns_file import MOST_BYTES
from dropbox_agent.core.dropnames import COLUMNS_NAME
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.errors import TryLater


class NoPlainFile(TryLater):
    """Something else than a plain file is called like a ``columns.toml``."""

    def __init__(self, path: Path) -> None:
        where = shown(str(path))
        super().__init__(
            f"{where} cannot be used: it is a folder, a link, or something else that is not a "
            "plain file.",
            hint=f"Put a plain file there, or remove {where}; the files that wait for it are then "
            "checked by themselves.",
            code="columns-file-broken",
        )


class ColumnsText(NamedTuple):
    """One such file.

    Attributes:
        path: Where it is.
        raw: What is in it.
    """

    path: Path
    raw: bytes


def find_columns_text(inbox: Path, kind: Kind, folder: str | None) -> ColumnsText | None:
    """Read the file that counts for a folder: its own, or that of its kind; None without any.

    Args:
        inbox: The folder of all inboxes.
        kind: The kind of the files.
        folder: The folder below the kind's that they lay in.

    Raises:
        NoPlainFile: There is something of that name, but not a plain file.
        OSError: There is one, and it cannot be read.
    """
    for path in _places(inbox / kind, folder):
        try:
            with open_plainly(path) as file:
                return ColumnsText(path, file.read(MOST_BYTES))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            if _is_something_else(path):
                raise NoPlainFile(path) from error
            raise
    return None


def _is_something_else(path: Path) -> bool:
    """Whether there is something, and no plain file; it may be gone by now."""
    try:
        return not stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _places(above: Path, folder: str | None) -> Iterator[Path]:
    if folder is not None:
        yield above / folder / COLUMNS_NAME
    yield above / COLUMNS_NAME
