"""Check many rows at once, column by column."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from dropbox_agent.sandbox.problems import Invalid
from dropbox_agent.sandbox.rows.cells import Cell

Cells = list[str]
Refusals = dict[int, str]
"""Reasons by the index of the row in its batch."""


class HeaderRefused(Exception):
    """The header of a file does not do for the type of import."""

    def __init__(self, invalid: Invalid) -> None:
        super().__init__(invalid.reason)
        self.invalid = invalid


@dataclass(frozen=True, slots=True)
class ColumnRule:
    """What the cells of one column must look like.

    Attributes:
        name: The column's header.
        position: Where it is, from 0.
        cell: Its type.
        blank: What to say of a blank cell; None allows blank ones.
    """

    name: str
    position: int
    cell: Cell
    blank: str | None = None

    def holds(self, column: Sequence[str]) -> bool:
        """Whether all cells of a column are right; much faster than looking at each."""
        return (self.blank is None or all(column)) and all(
            map(self.cell.accepts, filter(None, column))
        )

    def fault(self, text: str) -> str | None:
        """Say what is wrong with one cell; None when it is right."""
        if not text:
            return self.blank and f"{self.name} {self.blank}"
        return None if self.cell.accepts(text) else f"{self.name} {self.cell.wrong}"


def refusals(rows: Sequence[Cells], width: int, rules: Sequence[ColumnRule]) -> Refusals:
    """Find the rows to refuse, each with all that is wrong with it."""
    if set(map(len, rows)) <= {width}:
        return _faulty_cells(rows, rules)
    ragged = {
        index: f"The row has {len(row)} cells, the header has {width}"
        for index, row in enumerate(rows)
        if len(row) != width
    }
    padded = [[*row, *[""] * width][:width] for row in rows]
    return _faulty_cells(padded, rules) | ragged


def _faulty_cells(rows: Sequence[Cells], rules: Sequence[ColumnRule]) -> Refusals:
    columns = list(zip(*rows, strict=True))
    reasons: dict[int, list[str]] = defaultdict(list)
    for rule in rules:
        if rule.holds(columns[rule.position]):
            continue
        for index, text in enumerate(columns[rule.position]):
            if fault := rule.fault(text):
                reasons[index].append(fault)
    return {index: "; ".join(found) for index, found in reasons.items()}


def positions_of(
    columns: Sequence[str], required: Sequence[str], known: Sequence[str], *, refuse_unknown: bool
) -> dict[str, int]:
    """Find the known columns of a header.

    Raises:
        HeaderRefused: A required column is missing, one is there twice, or one is unknown and
            ``refuse_unknown`` is set.
    """
    for name in columns:
        if name and columns.count(name) > 1:
            raise HeaderRefused(Invalid("file", f"Column {name} is there more than once."))
    if missing := [name for name in required if name not in columns]:
        raise HeaderRefused(Invalid("file", f"Missing required column: {', '.join(missing)}."))
    known_names = frozenset(known)
    unknown = [name for name in columns if name not in known_names]
    if unknown and refuse_unknown:
        raise HeaderRefused(Invalid("file", f"Unknown column: {', '.join(unknown)}."))
    return {name: at for at, name in enumerate(columns) if name in known_names}
