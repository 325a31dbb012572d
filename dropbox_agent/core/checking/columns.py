"""Checks the cells of single columns, and says how whole rows look when nothing is wrong."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from dropbox_agent.core.checking.rule import Cell, KindRules, Rule, quoted
from dropbox_agent.core.checking.rules_contacts import PARTLY_BLANK
from dropbox_agent.core.checking.rules_file import KEY_BLANK, VALUE_BLANK
from dropbox_agent.core.checking.tally import Tally

# More than white space; and anything at all. Written as ``Cell.pattern`` asks.
_SOMETHING = r"(?=[^\S\0]*+[^\s\0])"
_ANYTHING = r"[^\0]++"


class Column:
    """One column with something to check.

    Args:
        header: Its name as the sender wrote it.
        position: Where it stands, from 0.
        cell: What a filled cell must look like; None for anything.
        if_blank: The rule that a blank cell breaks; None when it may be blank.

    Attributes:
        good_cell: Pattern of the cells to expect, from what has been seen so far; None as long as
            cells must be seen first.
    """

    def __init__(
        self, header: str, position: int, cell: Cell | None, *, if_blank: Rule | None
    ) -> None:
        self._header = header
        self.position = position
        self._cell = cell
        self._if_blank = if_blank
        self._filled = f"(?:{cell.pattern if cell else _ANYTHING})"
        self._any = self._filled + "?"
        if if_blank:
            self._filled = self._any = _SOMETHING + self._filled
        self._is_good = re.compile(self._any).fullmatch
        self._uniform = bool(cell and cell.uniform) and if_blank is None
        self.good_cell = None if self._uniform else self._any

    def check(self, cells: Sequence[str], lines: Sequence[int], tally: Tally) -> None:
        """Check cells, given with the physical line of each."""
        if self._uniform:
            self._check_uniform(cells, lines, tally)
        if all(map(self._is_good, cells)):
            return
        bad = [pair for pair in zip(lines, cells, strict=True) if not self._is_good(pair[1])]
        if self._if_blank:
            self._add(self._if_blank, [line for line, cell in bad if not cell.strip()], tally)
            bad = [pair for pair in bad if pair[1].strip()]
        if self._cell:
            self._add_bad(self._cell, bad, tally)

    def _add_bad(self, cell: Cell, bad: Sequence[tuple[int, str]], tally: Tally) -> None:
        if cell.slip is None:
            self._add(cell.rule, [line for line, _ in bad], tally)
            return
        lines_by_rule: defaultdict[Rule, list[int]] = defaultdict(list)
        for line, text in bad:
            lines_by_rule[cell.slip(text) or cell.rule].append(line)
        for rule, lines in lines_by_rule.items():
            self._add(rule, lines, tally)

    def _add(self, rule: Rule, lines: Sequence[int], tally: Tally) -> None:
        tally.add_each(
            rule, lines, column=self._header, position=self.position, wanted=quoted(self._header)
        )

    def _check_uniform(self, cells: Sequence[str], lines: Sequence[int], tally: Tally) -> None:
        if self.good_cell is None:
            self.good_cell = self._filled if cells[0] else ""
        filled = bool(self.good_cell)
        if all(cells) if filled else not any(cells):
            return
        changes = (n for n, cell in zip(lines, cells, strict=True) if bool(cell) is not filled)
        tally.add(PARTLY_BLANK, line=next(changes), column=self._header, position=self.position)
        self._uniform = False
        self.good_cell = self._any


class Nameless:
    """A column behind all others that has no name: it should be blank in every row.

    Attributes:
        position: Where it stands, from 0.
        good_cell: Pattern of the cells to expect.
        filled_line: The first line in which it is not blank; None if it always is.
    """

    good_cell = r"[^\S\0]*+"

    def __init__(self, position: int) -> None:
        self.position = position
        self.filled_line: int | None = None

    def check(self, cells: Sequence[str], lines: Sequence[int], _: Tally) -> None:
        """Look for a cell that is not blank."""
        if self.filled_line is None and any(map(str.strip, cells)):
            filled = (line for line, cell in zip(lines, cells, strict=True) if cell.strip())
            self.filled_line = next(filled)


def columns_to_check(
    names: Sequence[str], positions: dict[str, int], rules: KindRules
) -> list[Column]:
    """Return the columns of a file that have something to check.

    Args:
        names: The header as the sender wrote it.
        positions: Where each recognised column stands, by its right name.
        rules: The rules of the file's kind.
    """
    must_be_filled = dict.fromkeys(rules.required, VALUE_BLANK)
    keys = [key for key in rules.keys if key in positions]
    if len(keys) == 1:
        must_be_filled[keys[0]] = KEY_BLANK
    columns = []
    for name, position in sorted(positions.items(), key=lambda item: item[1]):
        cell, if_blank = rules.columns[name], must_be_filled.get(name)
        if cell or if_blank:
            columns.append(Column(names[position], position, cell, if_blank=if_blank))
    return columns


def pattern_of_good_rows(
    columns: Iterable[Column | Nameless], width: int, delimiter: str
) -> re.Pattern[str] | None:
    """Return the pattern of any number of rows with nothing wrong in them, in plain lines.

    A block of such rows is passed by one match, several times faster than by taking it apart.
    None as long as a column must see cells first.
    """
    outside = f"[^{delimiter}\\n"
    cells = [f"{outside}]*+"] * width
    for column in columns:
        if column.good_cell is None:
            return None
        # Within a row, "any character but" must also stop at the ends of cells and lines.
        cells[column.position] = column.good_cell.replace("[^", outside)
    # A blank line is no row, though in a file of one column it looks like a blank cell.
    return re.compile(rf"(?:(?!\n){re.escape(delimiter).join(cells)}\n)*+")
