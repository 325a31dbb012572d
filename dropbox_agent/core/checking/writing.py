"""Writes records as CSV: quotes where they are needed, and the same bytes at any time."""

import csv
from collections.abc import Iterable, Sequence

_LINE_END = "\r\n"
"""What the csv module is told to end lines with, so that it quotes cells with either character in
every version of Python. What is written ends in LF alone, as no reader takes that for a part of
the last cell."""


class _Lines(list[str]):
    """A file for the csv module, which writes each record at once."""

    write = list.append


def written(rows: Iterable[Sequence[str]], delimiter: str) -> bytes:
    """Write records."""
    lines = _Lines()
    csv.writer(lines, delimiter=delimiter, lineterminator=_LINE_END).writerows(rows)
    lines.append("")
    return "\n".join([line.removesuffix(_LINE_END) for line in lines]).encode()


def header_line(names: Sequence[str], delimiter: str, line_end: bytes = b"\n") -> bytes:
    """Write a header record."""
    return written([names], delimiter).removesuffix(b"\n") + line_end
