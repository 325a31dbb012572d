"""Whether a CSV file ends in the middle of its last record: the mark of a transfer that died.

Nothing else tells: the server closes the file for a client that is gone, and what is there may
well be read as a shorter file.
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
from dropbox_agent.core.naming import is_compressed
from dropbox_agent.core.table import HEAD_BYTES, Layout, Table, look_at, records

BLOCK_BYTES = 1 << 20

UNWRITTEN = b"\0\0"
"""What is at the end of a file that has its size already and not its content."""


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

    It is cut if a quote is open at its end, if it ends without a line end in a record with fewer
    cells than the header, or if it has its size already but is not filled yet. A file of one
    column can be cut between two characters without anybody being able to tell; so can any file
    within its header.

    Args:
        file: Open at its beginning, and seekable.

    Raises:
        OSError: It cannot be read.
    """
    encoding = marked(head := file.read(HEAD_BYTES))
    size = file.seek(0, io.SEEK_END)
    if is_converted(encoding):
        file = decoded(file, encoding)
        head = file.read(HEAD_BYTES)
    else:
        file.seek(len(head))
    tail = _skim(file, head)._replace(size=size)
    if tail.last_line.endswith(UNWRITTEN):
        return f"it ends at byte {tail.size:,} in zeros, as if the rest were still to be written"
    if b"\0" in head:
        return None
    table = look_at(head)
    if not (tail.last_line or tail.open_quote):
        return None
    told = [_cut(file, table, tail, layout) for layout in table.layouts]
    return told[0] if all(told) else None


class _Tail(NamedTuple):
    """What skimming a file tells of its end.

    Attributes:
        open_quote: Whether there is an odd number of quotes in it.
        last_line: What stands behind the last line end, or the end of that.
        line: Its number.
        size: Of the file, in bytes.
    """

    open_quote: bool
    last_line: bytes
    line: int
    size: int


def _skim(file: BinaryIO, block: bytes) -> _Tail:
    quotes = lines = size = 0
    last_line = before = b""
    while block:
        quotes += block.count(b'"')
        lines += line_ends(block) - (before == b"\r" and block[:1] == b"\n")
        size += len(block)
        before = block[-1:]
        end = max(block.rfind(b"\n"), block.rfind(b"\r")) + 1
        last_line = block[end:] if end else (last_line + block)[-BLOCK_BYTES:]
        block = file.read(BLOCK_BYTES)
    return _Tail(bool(quotes % 2), last_line, lines + 1, size)


def _cut(file: BinaryIO, table: Table, tail: _Tail, layout: Layout) -> str | None:
    """Say how a file is cut if it is laid out in one way."""
    if tail.open_quote or b'"' in tail.last_line or len(tail.last_line) == BLOCK_BYTES:
        return _read_through(file, table, tail, layout)
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


def _told(line: int, size: int, cells: int | None, layout: Layout) -> str:
    where = "inside a quoted cell"
    if cells is not None:
        where = f"after {cells} of {layout.cells} cells"
    return f"it ends at byte {size:,} in the middle of the record of line {line:,}, {where}"
