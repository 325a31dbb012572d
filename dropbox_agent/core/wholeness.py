"""Whether a CSV file ends in the middle of its last record: the mark of a transfer that died.

Nothing else tells: the server closes the file for a client that is gone, and what is there may
well be read as a shorter file.

All files of a kind wait while one is looked at, so no more is read of it than takes a few
seconds. Where that is not enough to tell, it is taken for whole: checking reads all of it, and
rejects what is cut.
"""

import csv
import io
from typing import BinaryIO, NamedTuple

from dropbox_agent.core.checking.records import ENDED_IN_QUOTES
from dropbox_agent.core.checking.rules_compressed import COMPRESSED_CUT_SHORT
from dropbox_agent.core.checking.source import line_ends
from dropbox_agent.core.encoding import is_converted, marked
from dropbox_agent.core.encoding.decoded import decoded
from dropbox_agent.core.expanding import NotExpandable, expand
from dropbox_agent.core.naming import ZIP_ENDING, is_compressed, payload_ending
from dropbox_agent.core.table import HEAD_BYTES, Layout, Table, look_at, records

BLOCK_BYTES = 1 << 20

UNWRITTEN = b"\0\0"
"""What is at the end of a file that has its size already and not its content."""

UNWRITTEN_IN_ANY = UNWRITTEN * 4
"""The same in whatever encoding: in UTF-32 a character may well end in three zeros."""

MOST_READ_BYTES = 1 << 27
"""Of a larger file only the beginning and the end are read."""

MOST_EXPANDED_BYTES = 1 << 28
"""A compressed file is expanded no further."""

LEAST_PIECE_BYTES = 1 << 12
"""What a piece of that counts as at least: making an empty one takes its time too."""


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
    size = _size(file)
    if size > MOST_READ_BYTES and payload_ending(name) != ZIP_ENDING:
        # A ZIP file ends in a list of its contents, which tells without the rest.
        return _unwritten(size) if _is_unwritten(file, size) else None
    try:
        _expand_some(file, name, min(max_bytes, MOST_EXPANDED_BYTES))
    except NotExpandable as fault:
        if fault.issue.code == COMPRESSED_CUT_SHORT.code:
            return f"it ends at byte {size:,}, before its compressed data does"
    return None


def _expand_some(file: BinaryIO, name: str, most: int) -> None:
    left = most
    for piece in expand(file, name, most):
        left -= max(len(piece), LEAST_PIECE_BYTES)
        if left < 0:
            return


def table_cut_short(file: BinaryIO) -> str | None:
    """Say how a file ends in the middle of its last record; None if it seems to be whole.

    It is cut if a quote is open at its end, if it ends without a line end in a record with fewer
    cells than the header, or if it has its size already but is not filled yet. A file of one
    column can be cut between two characters without anybody being able to tell; so can any file
    within its header. Of a file larger than ``MOST_READ_BYTES`` only what its last line shows is
    told: not where quotes come into it, and nothing but zeros where it has to be converted.

    Args:
        file: Open at its beginning, and seekable.

    Raises:
        OSError: It cannot be read.
    """
    size = _size(file)
    if _is_unwritten(file, size):
        return _unwritten(size)
    file.seek(0)
    encoding = marked(head := file.read(HEAD_BYTES))
    if not is_converted(encoding):
        tail = _skim(file, head) if size <= MOST_READ_BYTES else _glimpse(file, size)
    elif size <= MOST_READ_BYTES:
        file = decoded(file, encoding)
        head = file.read(HEAD_BYTES)
        tail = _skim(file, head)
    else:
        return None
    return _told_by(file, head, tail._replace(size=size))


def _told_by(file: BinaryIO, head: bytes, tail: "_Tail") -> str | None:
    """Say how a file is cut, by its beginning and its end."""
    if tail.last_line.endswith(UNWRITTEN):
        return _unwritten(tail.size)
    if b"\0" in head or not (tail.last_line or tail.open_quote):
        return None
    table = look_at(head)
    told = [_cut(file, table, tail, layout) for layout in table.layouts]
    return told[0] if all(told) else None


class _Tail(NamedTuple):
    """What skimming a file tells of its end.

    Attributes:
        open_quote: Whether there is an odd number of quotes in it.
        last_line: What stands behind the last line end, or the end of that.
        line: Its number; None if not all that comes before it was read.
        size: Of the file, in bytes.
    """

    open_quote: bool
    last_line: bytes
    line: int | None
    size: int


def _size(file: BinaryIO) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return size


def _end(file: BinaryIO, size: int, length: int) -> bytes:
    file.seek(max(size - length, 0))
    return file.read(length)


def _is_unwritten(file: BinaryIO, size: int) -> bool:
    return _end(file, size, len(UNWRITTEN_IN_ANY)) == UNWRITTEN_IN_ANY


def _glimpse(file: BinaryIO, size: int) -> _Tail:
    """Look at the end of a file alone."""
    block = _end(file, size, BLOCK_BYTES)
    return _Tail(open_quote=False, last_line=_behind_last_line_end(block), line=None, size=size)


def _skim(file: BinaryIO, block: bytes) -> _Tail:
    quotes = lines = size = 0
    last_line = before = b""
    while block:
        quotes += block.count(b'"')
        lines += line_ends(block) - (before == b"\r" and block[:1] == b"\n")
        size += len(block)
        before = block[-1:]
        last_line = _behind_last_line_end(block, last_line)
        block = file.read(BLOCK_BYTES)
    return _Tail(bool(quotes % 2), last_line, lines + 1, size)


def _behind_last_line_end(block: bytes, before: bytes = b"") -> bytes:
    """Give what stands behind the last line end, or the end of that."""
    end = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
    return block[end:] if end else (before + block)[-BLOCK_BYTES:]


def _cut(file: BinaryIO, table: Table, tail: _Tail, layout: Layout) -> str | None:
    """Say how a file is cut if it is laid out in one way."""
    if tail.open_quote or b'"' in tail.last_line or len(tail.last_line) == BLOCK_BYTES:
        return _read_through(file, table, tail, layout) if tail.line else None
    cells = tail.last_line.count(layout.delimiter.encode()) + 1
    if cells >= layout.cells or tail.line == table.line:
        return None
    return _told(tail.line, tail.size, cells, layout)


def _read_through(file: BinaryIO, table: Table, tail: _Tail, layout: Layout) -> str | None:
    """Read a whole file record by record: there is something that skimming cannot tell."""
    line = next_line = table.line
    cells = layout.cells
    try:
        for behind, record in records(file, table, layout.delimiter):
            line, next_line, cells = next_line, behind, len(record)
    except csv.Error as error:
        # Broken in another way it is not cut; checking says where it is broken.
        if str(error) != ENDED_IN_QUOTES:
            return None
        return _told(next_line, tail.size, None, layout)
    if cells >= layout.cells or not tail.last_line:
        return None
    return _told(line, tail.size, cells, layout)


def _unwritten(size: int) -> str:
    return f"it ends at byte {size:,} in zeros, as if the rest were still to be written"


def _told(line: int | None, size: int, cells: int | None, layout: Layout) -> str:
    where = "inside a quoted cell"
    if cells is not None:
        where = f"after {cells} of {layout.cells} cells"
    record = "its last record" if line is None else f"the record of line {line:,}"
    return f"it ends at byte {size:,} in the middle of {record}, {where}"
