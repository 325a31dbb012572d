"""How a CSV file is laid out, so that it can be read without knowing what is in it.

Checking, which knows the columns, has the last word; this is for looking at a drop beforehand.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, NamedTuple

from dropbox_agent.core.checking.records import LONGEST_CELL
from dropbox_agent.core.checking.source import line_ends

HEAD_BYTES = 1 << 16
SEPARATORS = ",;"
SAMPLE_RECORDS = 20

LONGEST_LINE = 1 << 24
"""Checking reads no longer one either, and a line is in memory as a whole."""

_PREFACE = re.compile(rb"(?:\xef\xbb\xbf)?(?i:sep=[^\r\n][\r\n]+)?(?:[ \t]*[\r\n])*+")
"""What may come before the header: a byte-order mark, Excel's note, blank lines."""


class Layout(NamedTuple):
    """One way to read a table.

    Attributes:
        delimiter: What separates the cells.
        cells: How many the header has.
    """

    delimiter: str
    cells: int


class Table(NamedTuple):
    """Where a table begins, and how it may be meant.

    Attributes:
        start: Offset of the header, in bytes.
        line: Its physical line.
        layouts: The ways to read it that make sense, the widest first; nearly always one.
    """

    start: int
    line: int
    layouts: tuple[Layout, ...]


def look_at(head: bytes) -> Table:
    """Find out from the beginning of a file how it is laid out."""
    preface = _PREFACE.match(head)
    start = preface.end() if preface else 0
    text = head[start:].decode("latin-1")
    return Table(start, 1 + line_ends(head[:start]), _layouts(text))


def records(file: BinaryIO, table: Table, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Read all records, header included, with the physical line behind each of them.

    Raises:
        csv.Error: Its quotes are broken, or a line or a cell is too long to be read.
        OSError: The file cannot be read.
    """
    file.seek(table.start)
    text = io.TextIOWrapper(file, "latin-1", newline="")
    try:
        csv.field_size_limit(LONGEST_CELL)  # the same one for all that is read in this process
        reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
        for record in reader:
            yield table.line + reader.line_num, record
    finally:
        text.detach()


def _layouts(text: str) -> tuple[Layout, ...]:
    """Keep the separators that make the header wider than one cell, and to which rows fit."""
    samples = [(each, _sample(text, each)) for each in SEPARATORS]
    wide = [(Layout(each, len(header)), rows) for each, (header, *rows) in samples if header[1:]]
    for enough in (all, any):
        layouts = [it for it, rows in wide if enough(len(row) == it.cells for row in rows)]
        if layouts:
            return tuple(sorted(layouts, key=lambda layout: -layout.cells))
    return (Layout(SEPARATORS[0], 1),)


def _sample(text: str, delimiter: str) -> list[list[str]]:
    """Read the header, and the first rows that are certainly whole."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = list(islice(reader, SAMPLE_RECORDS))
    except csv.Error:
        rows = []
    header, *others = rows or [[]]
    whole = others if len(rows) == SAMPLE_RECORDS else others[:-1]
    return [header, *filter(None, whole)]


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise csv.Error("line too long")
        yield line
