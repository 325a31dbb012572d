"""Finds rows without a key and keys that stand in a file more than once."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import islice

from dropbox_agent.core.checking.rule import KindRules, quoted
from dropbox_agent.core.checking.rules_file import KEY_BLANK, KEY_DUPLICATE
from dropbox_agent.core.checking.tally import Tally

_SHARES = 64  # a power of two: the hash's lowest bits choose the share


class KeySet:
    """The keys of one column and the lines they stand in, in 12 bytes each.

    A key is remembered by its 64-bit hash, which Python seeds anew for every process: of four
    million different keys two share a hash once in two million files, and then one warning too
    many is given. Shares keep the sets that are built in the end small.
    """

    def __init__(self) -> None:
        self._hashes = [array("q") for _ in range(_SHARES)]
        self._lines = [array("I") for _ in range(_SHARES)]
        self._add_hash = [share.append for share in self._hashes]
        self._add_line = [share.append for share in self._lines]

    def add(self, keys: Iterable[str], lines: Iterable[int]) -> None:
        """Remember keys and the physical line of each."""
        add_hash, add_line = self._add_hash, self._add_line
        mask = _SHARES - 1
        for key_hash, line in zip(map(hash, keys), lines, strict=True):
            share = key_hash & mask
            add_hash[share](key_hash)
            add_line[share](line)

    def duplicates(self, limit: int) -> tuple[int, list[tuple[int, int]]]:
        """Return how many keys repeat an earlier one, and the first ``limit`` by line.

        Each is given as its own line and the line where the key stood first.
        """
        total = 0
        first_ones: list[tuple[int, int]] = []
        for hashes, lines in zip(self._hashes, self._lines, strict=True):
            if repeated := len(hashes) - len(set(hashes)):
                total += repeated
                first_ones += islice(_repeats(hashes, lines), limit)
                first_ones = nsmallest(limit, first_ones)
        return total, first_ones


def _repeats(hashes: Iterable[int], lines: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the lines of repeated keys, in ascending order, each with the line of the first."""
    first_lines: dict[int, int] = {}
    for key_hash, line in zip(hashes, lines, strict=True):
        first = first_lines.setdefault(key_hash, line)
        if first != line:
            yield line, first


@dataclass(frozen=True, slots=True)
class _KeyColumn:
    header: str
    position: int
    folded: bool
    seen: KeySet = field(default_factory=KeySet)

    def add(self, keys: Sequence[str], lines: Iterable[int]) -> None:
        self.seen.add(map(str.lower, keys) if self.folded else keys, lines)


class KeyColumns:
    """The columns of a file that tell its rows apart.

    With one of them, the check of that column sees to it that it is filled. With several, each
    row must fill one. None may repeat a value.

    Attributes:
        positions: Where the columns stand, from 0.
    """

    def __init__(self, names: Sequence[str], positions: dict[str, int], rules: KindRules) -> None:
        self._columns = [
            _KeyColumn(names[positions[key]], positions[key], key in rules.folded_keys)
            for key in rules.keys
            if key in positions
        ]
        self.positions = [column.position for column in self._columns]

    def add(
        self, cells: Sequence[Sequence[str]], lines: Sequence[int], tally: Tally, *, filled: bool
    ) -> None:
        """Take the cells of each key column.

        Args:
            cells: One sequence for each column, in the order of ``positions``.
            lines: The physical line of each row.
            tally: Told of rows that fill none of several columns.
            filled: Whether a single key column is known to have no blank cell.
        """
        several = len(self._columns) > 1
        full = [(filled and not several) or all(map(str.strip, keys)) for keys in cells]
        if several and not any(full):
            self._find_rows_without_key(cells, lines, tally)
        for column, keys, is_full in zip(self._columns, cells, full, strict=True):
            if is_full:
                column.add(keys, lines)
            else:
                pairs = [pair for pair in zip(keys, lines, strict=True) if pair[0].strip()]
                column.add([key for key, _ in pairs], [line for _, line in pairs])

    def report_duplicates(self, tally: Tally, *, limit: int) -> None:
        """Tell of every key that repeats an earlier one, of the first ``limit`` with its place."""
        for column in self._columns:
            total, pairs = column.seen.duplicates(limit)
            for line, first in pairs:
                tally.add(
                    KEY_DUPLICATE,
                    line=line,
                    column=column.header,
                    position=column.position,
                    first=first,
                )
            tally.count(KEY_DUPLICATE, total - len(pairs))

    def _find_rows_without_key(
        self, cells: Sequence[Sequence[str]], lines: Sequence[int], tally: Tally
    ) -> None:
        joined = list(map("".join, zip(*cells, strict=True)))
        if all(map(str.strip, joined)):
            return
        wanted = " or ".join(quoted(column.header) for column in self._columns)
        for line, keys in zip(lines, joined, strict=True):
            if not keys.strip():
                tally.add(KEY_BLANK, line=line, position=min(self.positions), wanted=wanted)
