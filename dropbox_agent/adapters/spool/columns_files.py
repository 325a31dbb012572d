"""Finds the ``columns.toml`` that counts for the files of an inbox folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dropbox_agent.adapters.spool.bodies import open_plainly
from dropbox_agent.core.columns_file import MOST_BYTES
from dropbox_agent.core.dropnames import COLUMNS_NAME
from dropbox_agent.core.kind import Kind


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
        OSError: There is one, and it cannot be read.
    """
    for path in _places(inbox / kind, folder):
        try:
            with open_plainly(path) as file:
                return ColumnsText(path, file.read(MOST_BYTES))
        except (FileNotFoundError, NotADirectoryError):
            continue
    return None


def _places(above: Path, folder: str | None) -> Iterator[Path]:
    if folder is not None:
        yield above / folder / COLUMNS_NAME
    yield above / COLUMNS_NAME
