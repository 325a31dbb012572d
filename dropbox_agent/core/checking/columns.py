"""Checks the cells of single columns, and says how whole rows look when nothing is wrong."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from dropbox_agent.core.checking.rule import Cell, Doubt, KindRules, Rule, quoted
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
    """

    def __init__(
        self, header: str, position: int, cell: Cell | None, *, if_blank: Rule | None
    ) -> None:
        self._header = header
        self.position = position
        self._cell = cell
        self._if_blank = if_blank
        self._doubts = list(cell.doubts) if cell else []
        self._uniform = cell.uniform if cell and if_blank is None else None
        self._is_filled: bool | None = None
        self._accept(cell.pattern if cell else _ANYTHING)

    @property
    def good_cell(self) -> str | None:
        """Pattern of the cells to expect; None as long as cells must be seen first."""
        if self._uniform is None:
            return self._any
        if self._is_filled is None:
            return None
        return self._filled if self._is_filled else ""

    def check(self, cells: Sequence[str], lines: Sequence[int], tally: Tally) -> None:
        """Check cells, given with the physical line of each."""
        if self._uniform:
            self._check_uniform(self._uniform, cells, lines, tally)
        # One match for all of them takes half the time of one for each.
        joined = "\0".join((*cells, ""))
        if self._are_good(joined) and joined.count("\0") == len(cells):
            return
        bad = [pair for pair in zip(lines, cells, strict=True) if not self._is_good(pair[1])]
        if self._if_blank:
            self._add(self._if_blank, [line for line, cell in bad if not cell.strip()], tally)
            bad = [pair for pair in bad if pair[1].strip()]
        for doubt in self._doubts[:]:
            bad = self._settle(doubt, bad, tally)
        if self._cell:
            self._add_bad(self._cell, bad, tally)

    def _accept(self, pattern: str) -> None:
        """Take filled cells of this pattern for good from now on."""
        self._pattern = pattern
        self._filled = f"(?:{pattern})"
        self._any = self._filled + "?"
        if self._if_blank:
            self._filled = self._any = _SOMETHING + self._filled
        self._is_good = re.compile(self._any).fullmatch
        self._are_good = re.compile(rf"(?:{self._any}\0)*+").fullmatch

    def _settle(
        self, doubt: Doubt, bad: Sequence[tuple[int, str]], tally: Tally
    ) -> list[tuple[int, str]]:
        """Tell of the first cell in doubt, take all of them for good, and return the others."""
        in_doubt = re.compile(doubt.pattern).fullmatch
        first = next((line for line, cell in bad if in_doubt(cell)), None)
        if first is None:
            return list(bad)
        self._add(doubt.rule, [first], tally)
        self._doubts.remove(doubt)
        self._accept(f"{self._pattern}|{doubt.pattern}")
        return [pair for pair in bad if not self._is_good(pair[1])]

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

    def _check_uniform(
        self, rule: Rule, cells: Sequence[str], lines: Sequence[int], tally: Tally
    ) -> None:
        if self._is_filled is None:
            self._is_filled = bool(cells[0])
        filled = self._is_filled
        if all(cells) if filled else not any(cells):
            return
        changes = (n for n, cell in zip(lines, cells, strict=True) if bool(cell) is not filled)
        tally.add(rule, line=next(changes), column=self._header, position=self.position)
        self._uniform = None


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
    # A blank line is no row, though in a file of one column it looks like a blank cell. Nor is
    # anything in a row of delimiters alone.
    blank = rf"(?!(?:{re.escape(delimiter)}|[^\S\n])*+\n)"
    return re.compile(rf"(?:{blank}{re.escape(delimiter).join(cells)}\n)*+")
