"""Checks all rows behind the header, in one pass over the file."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence

from dropbox_agent.core.checking.columns import (
    Column,
    Nameless,
    columns_to_check,
    pattern_of_good_rows,
)
from dropbox_agent.core.checking.discounts import Discounts
from dropbox_agent.core.checking.keys import KeyColumns
from dropbox_agent.core.checking.policy import CheckPolicy
from dropbox_agent.core.checking.records import (
    CELL_TOO_LARGE,
    ENDED_IN_QUOTES,
    LONGEST_CELL,
    Batch,
    read_records,
)
from dropbox_agent.core.checking.rule import KindRules
from dropbox_agent.core.checking.rules_file import (
    BLANK_LINES,
    CELL_TOO_LONG,
    ENDS_IN_QUOTES,
    QUOTING_BROKEN,
    RAGGED_ROW_LONG,
    RAGGED_ROW_SHORT,
    ROW_EMPTY,
    ROW_TOO_LARGE,
    TRUNCATED_LAST_ROW,
)
from dropbox_agent.core.checking.selection import Selection
from dropbox_agent.core.checking.slicing import Slicer
from dropbox_agent.core.checking.source import Block, Source
from dropbox_agent.core.checking.tally import Tally
from dropbox_agent.core.kind import Kind


class Rows:
    """The rows of one file under check.

    A block of plain lines in which nothing is wrong is passed by a single match. Every other one
    goes through the csv module and is looked at column by column.

    Args:
        selection: The header as the sender wrote it, and what is sent of its columns.
        positions: Where each recognised column stands, by its right name.
        delimiter: What separates the columns.
        rules: The rules of the file's kind.
        policy: The limits.
        slicer: Told of all records.
        tally: Told of all faults.

    Attributes:
        count: Number of records read.
        broken: Number of records that could not be read.
        lone_cr: Whether any of them ends with a carriage return alone.
    """

    def __init__(
        self,
        selection: Selection,
        positions: dict[str, int],
        *,
        delimiter: str,
        rules: KindRules,
        policy: CheckPolicy,
        slicer: Slicer,
        tally: Tally,
    ) -> None:
        names = selection.names
        self._width = len(names)
        self._delimiter = delimiter
        self._nameless = [Nameless(position) for position in selection.nameless]
        self._columns: list[Column | Nameless] = [
            *columns_to_check(names, positions, rules),
            *self._nameless,
        ]
        self._keys = KeyColumns(names, positions, rules)
        self._discounts = Discounts(positions if rules.kind is Kind.PRODUCTS else {})
        self._blank_lines = _BlankLines()
        self._policy = policy
        self._slicer = slicer
        self._tally = tally
        self.count = 0
        self.broken = 0
        self.lone_cr = False

    def check(self, source: Source) -> None:
        """Check everything that the source still holds."""
        for block in source:
            if not self._pass_good_rows(block):
                for batch in read_records(block, source.next_block, self._delimiter):
                    self._check_batch(batch)
        self._keys.report_duplicates(self._tally, limit=self._policy.max_issues)
        if blank := self._blank_lines.between:
            self._tally.add(BLANK_LINES, line=self._blank_lines.first, count=blank)

    def filled_without_name(self) -> tuple[int, int] | None:
        """Return line and position of a cell with something in a column without a name."""
        return min(
            ((each.filled_line, each.position) for each in self._nameless if each.filled_line),
            default=None,
        )

    def _pass_good_rows(self, block: Block) -> bool:
        """Take a block in which nothing is wrong; return False when it must be looked at."""
        text = block.plain()
        if text is None or len(text) > LONGEST_CELL:
            return False
        good_rows = pattern_of_good_rows(self._columns, self._width, self._delimiter)
        if good_rows is None or not good_rows.fullmatch(text):
            return False
        rows = text.split("\n")
        rows.pop()
        lines = range(block.line, block.next_line)
        keys = self._cells(rows, self._keys.positions)
        self._keys.add(keys, lines, self._tally, filled=True)
        prices = self._cells(rows, self._discounts.positions)
        self._discounts.check(prices, lines, self._tally)
        self._blank_lines.take((), last_row=lines[-1])
        self._slice(len(rows), block.end, lambda: zip(lines, block.line_offsets()[1:], strict=True))
        return True

    def _cells(self, rows: Sequence[str], positions: Sequence[int]) -> list[Sequence[str]]:
        """Return the cells of some columns, out of plain lines without their ends."""
        if self._width == 1:
            return [rows for _ in positions]
        # Cut once, and only as far as the last of the columns: cutting is most of the work.
        cuts = max(positions, default=-1) + 1
        cut = [row.split(self._delimiter, cuts) for row in rows] if positions else []
        return [_column(cut, position) for position in positions]

    def _check_batch(self, batch: Batch) -> None:
        self._report_broken(batch)
        self.lone_cr = self.lone_cr or batch.has_lone_cr
        rows, lines = batch.rows, batch.lines
        if set(map(len, rows)) == {self._width}:
            self._blank_lines.take((), last_row=lines[-1])
        else:
            rows, lines = self._sort_out(batch)
        rows, lines = self._without_empty(rows, lines)
        if rows:
            for column in self._columns:
                column.check(_column(rows, column.position), lines, self._tally)
            keys = [_column(rows, position) for position in self._keys.positions]
            self._keys.add(keys, lines, self._tally, filled=False)
            prices = [_column(rows, position) for position in self._discounts.positions]
            self._discounts.check(prices, lines, self._tally)
        self._slice(sum(map(bool, batch.rows)), batch.end, batch.ends)

    def _sort_out(self, batch: Batch) -> tuple[list[list[str]], list[int]]:
        """Note blank lines and rows of the wrong width; return the other rows and their lines."""
        lines_by_width: defaultdict[int, list[int]] = defaultdict(list)
        for width, line in zip(map(len, batch.rows), batch.lines, strict=True):
            lines_by_width[width].append(line)
        blank, lines = lines_by_width.pop(0, []), lines_by_width.pop(self._width, [])
        self._blank_lines.take(blank, last_row=batch.last_row_line)
        if batch.cut_off and 0 < (found := len(batch.rows[-1])) < self._width:
            line = lines_by_width[found].pop()
            self._tally.add(
                TRUNCATED_LAST_ROW,
                line=line,
                end=batch.block.end,
                found=found,
                wanted=self._width,
            )
        for found, ragged in lines_by_width.items():
            rule = RAGGED_ROW_LONG if found > self._width else RAGGED_ROW_SHORT
            self._tally.add_each(rule, ragged, found=found, wanted=self._width)
        rows = [row for row in batch.rows if len(row) == self._width] if lines else []
        return rows, lines

    def _without_empty(
        self, rows: list[list[str]], lines: list[int]
    ) -> tuple[list[list[str]], list[int]]:
        """Tell of rows that hold nothing but delimiters; return the others and their lines."""
        if self._width == 1 or all(map(str.strip, map("".join, rows))):
            return rows, lines
        pairs = list(zip(rows, lines, strict=True))
        filled = [pair for pair in pairs if "".join(pair[0]).strip()]
        empty = [line for row, line in pairs if not "".join(row).strip()]
        self._tally.add_each(ROW_EMPTY, empty)
        return [row for row, _ in filled], [line for _, line in filled]

    def _report_broken(self, batch: Batch) -> None:
        self.broken += len(batch.broken)
        in_one_line = []
        for line, last_line, problem in batch.broken:
            if problem == CELL_TOO_LARGE:
                self._tally.add(CELL_TOO_LONG, line=line, limit=LONGEST_CELL)
            elif problem == ENDED_IN_QUOTES:
                where = ENDS_IN_QUOTES.format(end=batch.block.end, line=last_line)
                self._tally.add(QUOTING_BROKEN, line=line, where=where)
            elif last_line > line:
                where = f" (noticed in line {last_line})"
                self._tally.add(QUOTING_BROKEN, line=line, where=where)
            else:
                in_one_line.append(line)
        self._tally.add_each(QUOTING_BROKEN, in_one_line, where="")

    def _slice(self, rows: int, end: int, ends: Callable[[], Iterable[tuple[int, int]]]) -> None:
        """Count rows and give them to the slicer, one by one only where it must cut.

        Args:
            rows: How many there are.
            end: Offset behind the last of them.
            ends: Gives the line of each and the offset behind it.
        """
        self.count += rows
        if rows and self._slicer.fits(end):
            self._slicer.add(rows, end)
        elif rows:
            for line, end_of_row in ends():
                if not self._slicer.add(1, end_of_row):
                    self._tally.add(ROW_TOO_LARGE, line=line, limit=self._policy.max_slice_bytes)


def _column(rows: Iterable[Sequence[str]], position: int) -> list[str]:
    return [row[position] for row in rows]


class _BlankLines:
    """Counts lines without anything between rows; those behind the last row do not matter."""

    def __init__(self) -> None:
        self.first: int | None = None
        self.between = 0
        self._since_last_row = 0

    def take(self, blank: Sequence[int], *, last_row: int) -> None:
        """Take the blank lines of a batch, and the line of its last row (0: it has none)."""
        if blank and self.first is None:
            self.first = blank[0]
        self._since_last_row += len(blank)
        if last_row:
            behind = sum(line > last_row for line in blank)
            self.between += self._since_last_row - behind
            self._since_last_row = behind
