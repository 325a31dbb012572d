"""Checks the names in the header and finds out which column each of them stands for."""

import re
from collections import Counter
from collections.abc import Sequence

from dropbox_agent.core.checking.naming import by_plain_name, nearest, plain_name
from dropbox_agent.core.checking.rule import KindRules, quoted
from dropbox_agent.core.checking.rulebook import DOCUMENTED
from dropbox_agent.core.checking.rules_contacts import COLUMN_UNVERIFIED, EMAIL_COLUMN_MISSING
from dropbox_agent.core.checking.rules_file import (
    COLUMN_MISSPELT,
    COLUMN_READ_ONLY,
    COLUMN_UNKNOWN,
    HEADER_BLANK,
    HEADER_DUPLICATE,
    HEADER_MISSING,
    REQUIRED_COLUMN_MISSING,
    TOO_MANY_COLUMNS,
    WRONG_KIND,
)
from dropbox_agent.core.checking.rules_sending import COLUMN_ADDED_TWICE
from dropbox_agent.core.checking.selection import Selection
from dropbox_agent.core.checking.tally import Tally
from dropbox_agent.core.kind import Kind

MOST_COLUMNS = 1_000
_VALUE = re.compile(r"[^@]+@[^@]+\.[^@]+|https?://.*|[+-]?[0-9][0-9.,:/ T+-]*Z?", re.DOTALL)

Columns = dict[str, int]
"""Where each recognised column stands, from 0, by its right name."""


def read_header(selection: Selection, rules: KindRules, line: int, tally: Tally) -> Columns | None:
    """Check a header; return the columns in it, or None when it is no header of this kind."""
    found, names = len(selection.names), selection.all_sent
    if found > MOST_COLUMNS:
        tally.add(TOO_MANY_COLUMNS, line=line, found=found, limit=MOST_COLUMNS)
        return None
    if _looks_like_data(names, rules) or not (tally.quotes_rows or _is_surely(names, rules)):
        tally.add(HEADER_MISSING, line=line, example=", ".join((*rules.keys[-1:], *rules.required)))
        return None
    if other := _kind_instead(names, rules):
        tally.add(WRONG_KIND, line=line, found=other.value, wanted=rules.kind.value)
        return None
    selection.tell(line, tally)
    return _Header(selection, rules, line, tally).read()


def _looks_like_data(names: Sequence[str], rules: KindRules) -> bool:
    if any(_recognised(names, other) for other in (rules, *DOCUMENTED.values())):
        return False
    if rules.kind is Kind.VOUCHERS:
        return len(names) == 1 and bool(names[0].strip())
    return any(map(_VALUE.fullmatch, map(str.strip, names)))


def _is_surely(names: Sequence[str], rules: KindRules) -> bool:
    """Whether these are names, so that they can be shown where nothing out of a row may be.

    Not where none of them is known, nor where quotes have run on into the rows.
    """
    known = {*map(plain_name, rules.columns), *rules.known_as}
    is_known = not known.isdisjoint(map(plain_name, names))
    is_known |= any(_recognised(names, other) for other in DOCUMENTED.values())
    return is_known and not any(set(name) & {"\n", "\r"} for name in names)


def _kind_instead(names: Sequence[str], rules: KindRules) -> Kind | None:
    """Return the kind whose names these are, when the file lacks the keys of its own kind."""
    own = _recognised(names, rules)
    if not own.isdisjoint(map(plain_name, rules.keys)):
        return None
    for other in DOCUMENTED.values():
        has_key = not set(names).isdisjoint(other.keys)
        if has_key and len(_recognised(names, other)) > len(own):
            return other.kind
    return None


def _recognised(names: Sequence[str], rules: KindRules) -> set[str]:
    return set(map(plain_name, names)) & set(map(plain_name, rules.columns))


class _Header:
    """The header under check, and what has been found in it so far."""

    def __init__(self, selection: Selection, rules: KindRules, line: int, tally: Tally) -> None:
        self._names = selection.names
        self._sent = selection.sent
        self._constants = selection.constants
        self._rules = rules
        self._line = line
        self._tally = tally
        self._known = {**rules.known_as, **by_plain_name(rules.columns)}
        self._columns: Columns = {}
        self._meant: set[str] = set()
        self._unverified: list[str] = []

    def read(self) -> Columns:
        counts = Counter(self._sent)
        for position, name in enumerate(self._sent):
            if name and self._sent.index(name) == position:
                self._name(position, name)
                if counts[name] > 1:
                    self._repeated(position, name)
        self._blank_names()
        self._added()
        self._missing_columns()
        if self._unverified:
            listed = ", ".join(map(quoted, self._unverified))
            only = self._unverified[0] if len(self._unverified) == 1 else None
            self._tally.add(COLUMN_UNVERIFIED, line=self._line, column=only, columns=listed)
        return self._columns

    def _name(self, position: int, name: str) -> None:
        """Find out what one column is."""
        rules = self._rules
        if name in rules.columns:
            self._columns[name] = position
        elif name in rules.read_only:
            self._tally.add(
                COLUMN_READ_ONLY, line=self._line, column=self._names[position], position=position
            )
        elif meant := self._known.get(plain_name(name)):
            self._columns.setdefault(meant, position)
            self._tally.add(
                COLUMN_MISSPELT,
                line=self._line,
                column=self._names[position],
                position=position,
                number=position + 1,
                meant=meant,
            )
        elif rules.open_ended and not name.startswith("_"):
            self._unverified.append(name)
        else:
            self._unknown(position, name)

    def _unknown(self, position: int, name: str) -> None:
        advice = "Remove the column, or give it one of the names that the import knows."
        if meant := nearest(name, self._known):
            self._meant.add(meant)
            advice = f"Did you mean {meant}? Otherwise remove the column."
        self._tally.add(
            COLUMN_UNKNOWN,
            line=self._line,
            column=self._names[position],
            position=position,
            number=position + 1,
            kind=self._rules.kind.value,
            advice=advice,
        )

    def _repeated(self, position: int, name: str) -> None:
        places = [str(place) for place, other in enumerate(self._sent, 1) if other == name]
        self._tally.add(
            HEADER_DUPLICATE,
            line=self._line,
            column=name,
            position=position,
            columns=_listed(places),
        )

    def _blank_names(self) -> None:
        if places := [place for place, name in enumerate(self._sent, 1) if name == ""]:
            self._tally.add(HEADER_BLANK, line=self._line, columns=columns_have(places), why="")

    def _added(self) -> None:
        for name in self._constants:
            if name in self._sent:
                self._tally.add(COLUMN_ADDED_TWICE, line=self._line, column=name)
            elif name not in self._rules.columns:
                self._unverified.append(name)

    def _missing_columns(self) -> None:
        rules = self._rules
        there = self._columns.keys() | self._meant | self._constants.keys()
        if there.isdisjoint(rules.keys):
            wanted = " or ".join(map(quoted, reversed(rules.keys)))
            self._tally.add(REQUIRED_COLUMN_MISSING, line=self._line, wanted=wanted)
        elif rules.kind is Kind.CONTACTS and "_email" not in there:
            self._tally.add(EMAIL_COLUMN_MISSING, line=self._line)
        for name in rules.required:
            if name not in there:
                self._tally.add(
                    REQUIRED_COLUMN_MISSING, line=self._line, column=name, wanted=quoted(name)
                )


def columns_have(places: Sequence[int]) -> str:
    """Write the beginning of a sentence on columns that stand in these places, from 1."""
    words = list(map(str, places))
    return f"Column {words[0]} has" if len(words) == 1 else f"Columns {_listed(words)} have"


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]
