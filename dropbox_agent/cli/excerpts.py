"""The lines of a file that have faults, to be shown with the faulty cell marked."""

import io
from collections.abc import Collection, Iterator
from itertools import count
from typing import BinaryIO, NamedTuple

from rich.cells import cell_len
from rich.text import Text

from dropbox_agent.core.naming import shown

LONGEST_LINE = 4_096
"""How much of a line is kept; what is behind is not shown."""

MORE = "…"


class Span(NamedTuple):
    """Where a cell stands within a line: its first character, and the one behind its last."""

    start: int
    end: int


def lines_of(content: BinaryIO, wanted: Collection[int]) -> dict[int, str]:
    """Pick physical lines, by their numbers, out of a text; bytes that are no UTF-8 are escaped.

    Raises:
        NotExpandable: The text breaks off.
        OSError: It cannot be read.
    """
    found: dict[int, str] = {}
    if not wanted:
        return found
    last = max(wanted)
    text = io.TextIOWrapper(content, "utf-8-sig", errors="backslashreplace", newline="")
    for number, line in zip(count(1), _lines(text), strict=False):
        if number in wanted:
            found[number] = line
        if number == last:
            break
    return found


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Yield the beginnings of lines, without their ends."""
    start = ""
    while piece := text.readline(LONGEST_LINE):
        start = start or piece
        if piece.endswith(("\n", "\r")):
            yield start.rstrip("\r\n")
            start = ""
    if start:
        yield start


def span_of(line: str, position: int, delimiter: str) -> Span | None:
    """Find a cell in the first line of a record; None if it is in another line of it."""
    cell, start, within_quotes = 0, 0, False
    for at, char in enumerate(line):
        if char == '"' and (at == start or within_quotes or line[start] == '"'):
            within_quotes = not within_quotes
        elif char == delimiter and not within_quotes:
            if cell == position:
                return Span(start, at)
            cell, start = cell + 1, at + 1
    return Span(start, len(line)) if cell == position else None


def drawn(number: int, line: str, span: Span | None, width: int) -> Text:
    """Draw a line with its number, cut to a width, and with signs below the cell that is meant."""
    gutter = f"{number:>5} | "
    room = max(width - len(gutter), 10)
    if span is None:
        return Text.assemble((gutter, "dim"), _head(shown(line), room))
    cell = _head(shown(line[span.start : span.end]), room - 2)
    before, behind = shown(line[: span.start]), shown(line[span.end :])
    left = room - (cell_len(cell) or 1)
    # Half of the room is for what comes before, and more if there is little behind.
    before = _tail(before, max(left // 2, left - cell_len(behind)))
    behind = _head(behind, left - cell_len(before))
    pad = " " * (len(gutter) - 2) + "| " + " " * cell_len(before)
    marks = "^" * (cell_len(cell) or 1)
    return Text.assemble(
        (gutter, "dim"), before, (cell, "bold"), behind, "\n", (pad, "dim"), (marks, "bold red")
    )


def _head(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    text = text[:width]
    while text and cell_len(text) > width - 1:
        text = text[:-1]
    return text + MORE


def _tail(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text
    text = text[-width:] if width > 0 else ""
    while text and cell_len(text) > width - 1:
        text = text[1:]
    return MORE + text
