"""What a marker says of the file beside it: its size, its number of rows, or a checksum.

Most markers are empty: that they are there is all they say. Others hold what ``sha256sum`` prints,
or names with values such as ``rows=120`` or ``{"bytes": 9000}``.
"""

import csv
import hashlib
import io
import re
from typing import BinaryIO

MOST_BYTES = 4096
DIGESTS = {32: "md5", 40: "sha1", 64: "sha256"}
SIZE_WORDS = {"bytes", "size", "length"}
ROW_WORDS = {"rows", "records"}

_NAMED = re.compile(r"""["']?(\w+)["']?\s*[:=]\s*["']?(\w+)""")
_DIGEST = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b", re.IGNORECASE)


def difference(marker: str, file: BinaryIO, *, is_table: bool = True) -> str | None:
    """Say in what a file differs from what its marker says; None if it does not.

    Words that mean nothing here are passed over: markers carry dates and names as well.

    Args:
        marker: The marker's text.
        file: Open at its beginning, and seekable.
        is_table: Whether its rows can be counted; those of a compressed file cannot.

    Raises:
        OSError: The file cannot be read.
    """
    for wanted in dict.fromkeys(_DIGEST.findall(marker)):
        algorithm = DIGESTS[len(wanted)]
        found = _digest(file, algorithm)
        if found != wanted.lower():
            return f"the {algorithm} of the file is {found}"
    for word, value in _NAMED.findall(marker):
        if word.lower() in SIZE_WORDS and value.isdecimal() and _size(file) != int(value):
            return f"the file has {_size(file):,} bytes, not {int(value):,}"
        if is_table and word.lower() in ROW_WORDS and value.isdecimal():
            rows = _rows(file)
            if rows not in {int(value), None}:
                return f"the file has {rows:,} rows, not {int(value):,}"
    return _unlike_number(marker.strip(), file) if is_table else None


def _unlike_number(text: str, file: BinaryIO) -> str | None:
    """Compare with a marker that is a single number: of bytes or of rows, nobody knows which."""
    if not text.isdecimal():
        return None
    size, rows = _size(file), _rows(file)
    if int(text) in {size, rows} or rows is None:
        return None
    return f"the file has {size:,} bytes and {rows:,} rows, neither of them {int(text):,}"


def _digest(file: BinaryIO, algorithm: str) -> str:
    file.seek(0)
    digest = hashlib.file_digest(
        file,  # type: ignore[arg-type]  # its own protocol wants more than it uses
        lambda: hashlib.new(algorithm, usedforsecurity=False),
    )
    return digest.hexdigest()


def _size(file: BinaryIO) -> int:
    return file.seek(0, io.SEEK_END)


def _rows(file: BinaryIO) -> int | None:
    """Count the records behind the header; None if the file cannot be read as CSV."""
    file.seek(0)
    text = io.TextIOWrapper(file, "latin-1", newline="")
    try:
        return max(sum(1 for record in csv.reader(text) if record) - 1, 0)
    except csv.Error:
        return None
    finally:
        text.detach()
