"""Reshapes a table for sending: which columns, in which order, under which names.

No cell's value is ever changed. From the same table and the same plan come the same bytes, on
every machine and at any time.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import BinaryIO

from dropbox_agent.core.checking.records import read_records
from dropbox_agent.core.checking.rules_file import ROW_TOO_LARGE
from dropbox_agent.core.checking.slicing import Slicer
from dropbox_agent.core.checking.source import Source
from dropbox_agent.core.checking.tally import Tally
from dropbox_agent.core.checking.writing import written
from dropbox_agent.core.issue import Plan, Slice, Verdict

BLOCK_BYTES = 131_072


class RowTooLarge(Exception):
    """A row does not fit into one import any more.

    Attributes:
        line: Its physical line in the sender's file.
    """

    def __init__(self, line: int) -> None:
        super().__init__(f"the row in line {line} is too large")
        self.line = line

    def told_in(self, verdict: Verdict, limit: int) -> Verdict:
        """Reject a file for it that was found in order otherwise.

        Args:
            verdict: What checking decided.
            limit: Most bytes of one import.
        """
        issue = ROW_TOO_LARGE.issue(line=self.line, column=None, words={"limit": limit})
        issues = (*verdict.issues, issue)
        return replace(verdict, issues=issues, errors=1, header=b"", slices=(), plan=None)


class Reshaping:
    """One run over a table that has been found in order, of which it makes the rows to send.

    Args:
        plan: What to make of it.
        delimiter: What separates its columns, before and after.
        header_lines: How many physical lines its rows come behind.
        room: Most bytes of rows in one slice.
    """

    def __init__(self, plan: Plan, *, delimiter: str, header_lines: int, room: int) -> None:
        self._pick = _picker(plan)
        self._delimiter = delimiter
        self._header_lines = header_lines
        self._slicer = Slicer(start=0, rows_start=0, header_bytes=0, limit=room)
        self._end = 0

    def pieces(self, file: BinaryIO) -> Iterator[bytes]:
        """Yield the rows to send, without the header, some of them at a time.

        Args:
            file: Open at its beginning.

        Raises:
            RowTooLarge: A row is above the limit by itself.
            OSError: The file cannot be read.
        """
        source = Source(file, Tally(1), block_bytes=BLOCK_BYTES)
        source.take_lines(self._header_lines)
        for block in source:
            for batch in read_records(block, source.next_block, self._delimiter):
                lines = [line for line, row in zip(batch.lines, batch.rows, strict=True) if row]
                if lines:
                    yield self._piece([row for row in batch.rows if row], lines)

    @property
    def slices(self) -> tuple[Slice, ...]:
        """How all pieces together are cut; known when the last one has been taken."""
        return self._slicer.slices()

    def _piece(self, rows: list[list[str]], lines: list[int]) -> bytes:
        piece = written(map(self._pick, rows), self._delimiter)
        if self._slicer.fits(self._end + len(piece)):
            self._end += len(piece)
            self._slicer.add(len(rows), self._end)
            return piece
        for row, line in zip(rows, lines, strict=True):
            self._end += len(written([self._pick(row)], self._delimiter))
            if not self._slicer.add(1, self._end):
                raise RowTooLarge(line)
        return piece


def _picker(plan: Plan) -> Callable[[list[str]], Sequence[str]]:
    """Make what turns the cells of a row into those that are sent."""
    constants = [each.constant for each in plan.columns if each.source is None]
    # Constants are put behind the row, and found there from its end, however wide it is.
    behind = iter(range(-len(constants), 0))
    places = [next(behind) if each.source is None else each.source for each in plan.columns]
    if len(places) == 1:
        (only,) = places
        return lambda row: (row + constants)[only : only + 1 or None]
    pick = itemgetter(*places)
    return (lambda row: pick(row + constants)) if constants else pick
