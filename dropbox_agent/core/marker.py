"""What a marker says of the file beside it: its size, its number of rows, or a checksum.

Most markers are empty: that they are there is all they say. Others hold what ``sha256sum`` prints,
or names with values such as ``rows=120`` or ``{"bytes": 9000}``.
"""

import csv
import hashlib
import io
import re
from collections import defaultdict
from typing import BinaryIO

from dropbox_agent.core.table import HEAD_BYTES, look_at, records

MOST_BYTES = 65_536
MOST_TOLD = 3
DIGESTS = {32: "md5", 40: "sha1", 64: "sha256"}
SIZE_WORDS = {"bytes", "size", "length"}
ROW_WORDS = {"rows", "records"}
UTF_16 = (b"\xff\xfe", b"\xfe\xff")

_NAMED = re.compile(r"""\b([A-Za-z]++)["']?\s*+[:=]\s*+["']?(\d{1,18}+)(?![.,]?\w)""", re.ASCII)
_NUMBER = re.compile(r"\s*+(\d{1,18}+)\s*+", re.ASCII)
_DIGEST = re.compile(r"\b(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})\b", re.IGNORECASE)


def decoded(marker: bytes) -> str:
    """Read the text of a marker, which on Windows may be UTF-16.

    One of more than ``MOST_BYTES`` is something else, and says nothing.
    """
    if len(marker) > MOST_BYTES:
        return ""
    return marker.decode("utf-16" if marker.startswith(UTF_16) else "utf-8-sig", "replace")


def difference(marker: str, file: BinaryIO, *, is_table: bool = True) -> str | None:
    """Say in what a file differs from what its marker says; None if it does not.

    Words that mean nothing here are passed over: markers carry dates and names as well. Of several
    checksums of one sort, one has to be that of the file: the others may be those of other files.

    Args:
        marker: The marker's text.
        file: Open at its beginning, and seekable.
        is_table: Whether its rows can be counted; those of a compressed file cannot.

    Raises:
        OSError: The file cannot be read.
    """
    for algorithm, wanted in _digests(marker).items():
        found = _digest(file, algorithm)
        if found not in wanted:
            return f"the {algorithm} of the file is {found}"
    size = _size(file)
    if (wanted_sizes := _numbers(marker, SIZE_WORDS)) and size not in wanted_sizes:
        return f"the file has {size:,} bytes, not {_listed(wanted_sizes)}"
    if not is_table:
        return None
    if wanted_rows := _numbers(marker, ROW_WORDS):
        rows = _rows(file)
        if rows not in {*wanted_rows, None}:
            return f"the file has {rows:,} rows, not {_listed(wanted_rows)}"
    return _unlike_number(marker, file)


def _digests(marker: str) -> dict[str, set[str]]:
    found = defaultdict(set)
    for digest in _DIGEST.findall(marker):
        found[DIGESTS[len(digest)]].add(digest.lower())
    return found


def _numbers(marker: str, words: set[str]) -> set[int]:
    return {int(number) for word, number in _NAMED.findall(marker) if word.lower() in words}


def _listed(numbers: set[int]) -> str:
    return " or ".join(f"{each:,}" for each in sorted(numbers)[:MOST_TOLD])


def _unlike_number(marker: str, file: BinaryIO) -> str | None:
    """Compare with a marker that is a single number: of bytes or of rows, nobody knows which."""
    if not (match := _NUMBER.fullmatch(marker)):
        return None
    number, size, rows = int(match[1]), _size(file), _rows(file)
    if rows is None or number in {size, rows}:
        return None
    return f"the file has {size:,} bytes and {rows:,} rows, neither of them {number:,}"


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
    table = look_at(file.read(HEAD_BYTES))
    try:
        found = records(file, table, table.layouts[0].delimiter)
        return max(sum(1 for _, record in found if record) - 1, 0)
    except csv.Error:
        return None
