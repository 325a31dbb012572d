"""Turns blocks into records with the csv module, and knows where each begins and ends."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from dropbox_agent.core.checking.source import Block

LONGEST_CELL = 1_000_000

ENDED_IN_QUOTES = "unexpected end of data"
"""What the csv module says when the file ends inside a quoted cell."""

CELL_TOO_LARGE = f"field larger than field limit ({LONGEST_CELL})"
"""What it says when a cell has more characters than it may."""


@dataclass(slots=True)
class Batch:
    """Records that end in one block.

    Attributes:
        block: The block.
        rows: The cells of each record; none for a blank line.
        lines: The physical line each record begins in.
        next_line: The line behind the last record.
        broken: Of records that could not be read: first and last line, and what csv said.
    """

    block: Block
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    next_line: int = 0
    broken: list[tuple[int, int, str]] = field(default_factory=list)

    def closed(self, next_line: int) -> "Batch":
        """Return the batch, now that it is known where its last record ends."""
        self.next_line = next_line
        return self

    @property
    def last_row_line(self) -> int:
        """Line of the last row that is no blank line; 0 when there is none."""
        rows = zip(reversed(self.rows), reversed(self.lines), strict=True)
        return next((line for row, line in rows if row), 0)

    @property
    def cut_off(self) -> bool:
        """Whether the last record is a row that ends with the file, without a line end."""
        broken_behind = self.broken and self.lines and self.broken[-1][0] > self.lines[-1]
        at_end = self.next_line == self.block.next_line and not broken_behind
        return bool(self.rows) and self.block.unfinished and at_end

    @property
    def end(self) -> int:
        """Offset behind the last row that is no blank line."""
        if self.rows and self.rows[-1] and self.next_line == self.block.next_line:
            return self.block.end
        return max((end for _, end in self.ends()), default=self.block.offset)

    @property
    def has_lone_cr(self) -> bool:
        """Whether a record ends with a carriage return and no line feed."""
        raw = self.block.raw
        if b"\r" not in raw or raw.count(b"\r") == raw.count(b"\r\n"):
            return False
        offsets = self.block.line_offsets()
        ends = (offsets[line - self.block.line] for line in [*self.lines, self.next_line][1:])
        return any(raw.endswith(b"\r", 0, end - self.block.offset) for end in ends)

    def ends(self) -> Iterator[tuple[int, int]]:
        """Yield, of each row that is no blank line, its first line and the offset behind it."""
        offsets = self.block.line_offsets()
        next_lines = [*self.lines, self.next_line][1:]
        for row, line, next_line in zip(self.rows, self.lines, next_lines, strict=True):
            if row:
                yield line, offsets[next_line - self.block.line]


class _Following:
    """Blocks as iterators over their lines: the first, then others as they are asked for."""

    def __init__(self, block: Block, more: Callable[[], Block | None]) -> None:
        self.block = block
        self._next: Block | None = block
        self._more = more

    def __iter__(self) -> Iterator[Iterator[str]]:
        return self

    def __next__(self) -> Iterator[str]:
        if (block := self._next or self._more()) is None:
            raise StopIteration
        self.block, self._next = block, None
        return block.lines()


def read_records(block: Block, more: Callable[[], Block | None], delimiter: str) -> Iterator[Batch]:
    """Read records until one ends where a block ends.

    A record that goes on behind its block draws in the next one. After a record with broken
    quotes, reading takes up again at the next physical line.

    Args:
        block: The first block; a record begins with it.
        more: Returns the next block; None at the end of the file.
        delimiter: What separates the columns.
    """
    # The csv module has one limit for the whole process. Its default is too small for long
    # descriptions; without any, an unclosed quote would take in the rest of the file.
    csv.field_size_limit(LONGEST_CELL)
    if '"' in block.text or len(block.text) > LONGEST_CELL:
        yield from _read_quoted(block, more, delimiter)
    else:
        # Every line is a record, and none can be broken.
        rows = list(csv.reader(block.lines(), delimiter=delimiter, strict=True))
        yield Batch(block, rows, list(range(block.line, block.next_line)), block.next_line)


def _read_quoted(block: Block, more: Callable[[], Block | None], delimiter: str) -> Iterator[Batch]:
    source = _Following(block, more)
    # A chain, as every step in Python would be felt: this is the hottest loop there is.
    lines = chain.from_iterable(source)
    batch = Batch(block)
    line, stop = block.line, block.next_line
    while line < stop:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        start = line
        try:
            for row in reader:
                if source.block is not block:
                    yield batch.closed(line)
                    block, stop = source.block, source.block.next_line
                    batch = Batch(block)
                batch.rows.append(row)
                batch.lines.append(line)
                line = start + reader.line_num
                if line == stop:
                    break
        except csv.Error as error:
            if source.block is not block:
                yield batch.closed(line)
                block, stop = source.block, source.block.next_line
                batch = Batch(block)
            next_line = start + reader.line_num
            batch.broken.append((line, next_line - 1, error.args[0]))
            line = next_line
    yield batch.closed(line)
