"""Whether a CSV file ends in the middle of its last record: the mark of a transfer that died.

Nothing else tells: the server closes the file for a client that is gone, and what is there may
well be read as a shorter file.
"""

import csv
import io
from typing import BinaryIO, NamedTuple

from dropbox_agent.core.checking.rules_compressed import COMPRESSED_CUT_SHORT
from dropbox_agent.core.expanding import NotExpandable, expand
from dropbox_agent.core.naming import is_compressed

BLOCK_BYTES = 1 << 20
HEAD_BYTES = 1 << 16
WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""Byte-order marks of UTF-16, whose delimiters this does not look for."""


def cut_short(file: BinaryIO, name: str, max_bytes: int) -> str | None:
    """Say how a drop breaks off; None if it seems to be whole.

    Args:
        file: Open at its beginning, and seekable.
        name: Its name, whose ending tells whether it is compressed.
        max_bytes: The most that it may be expanded to.

    Raises:
        OSError: It cannot be read.
    """
    if not is_compressed(name):
        return table_cut_short(file)
    try:
        for _ in expand(file, name, max_bytes):
            pass
    except NotExpandable as fault:
        if fault.issue.code == COMPRESSED_CUT_SHORT.code:
            return f"it ends at byte {file.seek(0, io.SEEK_END):,}, before its compressed data does"
    return None


def table_cut_short(file: BinaryIO) -> str | None:
    """Say how a file ends in the middle of its last record; None if it seems to be whole.

    It is cut if a quote is open at its end, or if it ends without a line end in a record with
    fewer cells than the header. A file of one column can be cut between two characters without
    anybody being able to tell.

    Args:
        file: Open at its beginning, and seekable.

    Raises:
        OSError: It cannot be read.
    """
    head = file.read(HEAD_BYTES)
    if head.startswith(WIDE_MARKS) or b"\0" in head:
        return None  # no text that could be judged here; checking says what it is
    tail = _skim(file, head)
    if tail.quotes % 2 or b'"' in tail.last_line:
        return _read_through(file, head, tail.size)
    if not tail.last_line or tail.line == 1:
        return None
    header = _header(head)
    cells = _cells(tail.last_line, header.delimiter)
    return None if cells >= header.cells else _told(tail.line, tail.size, cells, header)


class _Header(NamedTuple):
    """What separates the cells of the header, and how many there are."""

    delimiter: str
    cells: int


class _Tail(NamedTuple):
    """What skimming a file tells of its end.

    Attributes:
        quotes: How many there are in the whole file.
        last_line: What stands behind the last line end.
        line: Its number.
        size: Of the file, in bytes.
    """

    quotes: int
    last_line: bytes
    line: int
    size: int


def _skim(file: BinaryIO, block: bytes) -> _Tail:
    quotes = feeds = returns = size = 0
    rest = b""
    while block:
        quotes += block.count(b'"')
        feeds += block.count(b"\n")
        returns += block.count(b"\r")
        size += len(block)
        end = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        rest = block[end:] if end else (rest + block)[-BLOCK_BYTES:]
        block = file.read(BLOCK_BYTES)
    return _Tail(quotes, rest, (feeds or returns) + 1, size)


def _header(head: bytes) -> _Header:
    """Take the delimiter that makes the first record wider."""
    return max((_Header(each, _cells(head, each)) for each in ",;"), key=lambda it: it.cells)


def _cells(record: bytes, delimiter: str) -> int:
    text = io.StringIO(record.decode("latin-1"), newline="")
    try:
        return len(next(csv.reader(text, delimiter=delimiter), ()))
    except csv.Error:
        return 0


def _read_through(file: BinaryIO, head: bytes, size: int) -> str | None:
    """Read the whole file record by record: there are quotes whose meaning skimming cannot tell."""
    header = _header(head)
    line, cells = 1, header.cells
    file.seek(0)
    text = io.TextIOWrapper(file, "latin-1", newline="")
    reader = csv.reader(text, delimiter=header.delimiter, strict=True)
    next_line = 1
    try:
        for record in reader:
            line, next_line, cells = next_line, reader.line_num + 1, len(record)
    except csv.Error as error:
        # Broken in another way it is not cut; checking says where it is broken.
        is_cut = "unexpected end of data" in str(error)
        return _told(next_line, size, None, header) if is_cut else None
    finally:
        text.detach()
    if cells >= header.cells or _ends_line(file):
        return None
    return _told(line, size, cells, header)


def _ends_line(file: BinaryIO) -> bool:
    file.seek(-1, io.SEEK_END)
    return file.read(1) in b"\r\n"


def _told(line: int, size: int, cells: int | None, header: _Header) -> str:
    where = "inside a quoted cell"
    if cells is not None:
        where = f"after {cells} of {header.cells} cells"
    return f"it ends at byte {size:,} in the middle of the record of line {line:,}, {where}"
