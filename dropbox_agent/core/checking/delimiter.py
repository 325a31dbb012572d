"""Finds out what separates the columns, from the header and the first rows."""

import csv
from collections.abc import Container, Sequence
from itertools import islice
from typing import NamedTuple

from dropbox_agent.core.checking.naming import plain_name

NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}
ALLOWED = (",", ";")
_SAMPLE_ROWS = 20


class Separation(NamedTuple):
    """What separates the columns.

    Attributes:
        delimiter: The most likely one, whether the import takes it or not.
        doubt: Why that is not certain; None when it is.
    """

    delimiter: str
    doubt: str | None = None


class _Reading(NamedTuple):
    """How header and first rows look when read with one delimiter."""

    known_names: int
    matching: bool
    width: int
    delimiter: str
    row_widths: frozenset[int]


def find_delimiter(lines: Sequence[str], known: Container[str]) -> Separation:
    """Find the delimiter under which the header holds known names and the rows fit to it.

    Args:
        lines: The physical lines of the header and the first rows.
        known: All names of columns there are, in plain form.
    """
    readings = {delimiter: _read(lines, delimiter, known) for delimiter in NAMES}
    best = max(readings.values(), key=lambda reading: reading[:3])
    comma, semicolon, tab = readings[","], readings[";"], readings["\t"]
    if best.width == 1:
        best = comma
    elif comma[:2] == semicolon[:2] == best[:2] and min(comma.width, semicolon.width) > 1:
        return Separation(",", "the header has commas and semicolons")
    for other in (comma, semicolon, tab):
        if _rows_use(other, instead_of=best):
            header = f"uses {NAMES[best.delimiter]}" if best.width > 1 else "has one column"
            doubt = f"the header {header}, the rows use {NAMES[other.delimiter]}"
            return Separation(best.delimiter, doubt)
    return Separation(best.delimiter)


def _read(lines: Sequence[str], delimiter: str, known: Container[str]) -> _Reading:
    reader = csv.reader(lines, delimiter=delimiter)
    header = next(reader, [])
    widths = frozenset(len(row) for row in islice(reader, _SAMPLE_ROWS) if row)
    return _Reading(
        known_names=sum(plain_name(name) in known for name in header),
        matching=widths <= {len(header)},
        width=len(header),
        delimiter=delimiter,
        row_widths=widths,
    )


def _rows_use(other: _Reading, *, instead_of: _Reading) -> bool:
    """Whether all rows are separated alike by that delimiter, though the header is not."""
    header = instead_of
    if len(other.row_widths) != 1 or 1 in other.row_widths:
        return False
    if header.width == 1:
        return True
    return other.delimiter != header.delimiter and header.width not in header.row_widths
