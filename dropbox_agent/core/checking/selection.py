"""Decides which of a file's columns are sent, and under which names."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dropbox_agent.core.checking.column_map import NO_MAP, ColumnMap
from dropbox_agent.core.checking.rule import quoted
from dropbox_agent.core.checking.rules_sending import (
    COLUMNS_ADDED,
    COLUMNS_DROPPED,
    COLUMNS_NOT_THERE,
    COLUMNS_RENAMED,
    NAMES_CLEANED,
)
from dropbox_agent.core.checking.tally import Tally
from dropbox_agent.core.issue import Plan, SentColumn

LINE_COLUMN = "_line"
ERROR_COLUMN = "_error"
OURS = frozenset({LINE_COLUMN, ERROR_COLUMN})
"""Columns that we put into a file of rows to fix. They go no further when it is dropped again; no
field can have such a name, as the ids of fields begin with a letter (documented)."""

_AROUND = re.compile(r"\A[\s\ufeff\u200b]+|[\s\ufeff\u200b]+\Z")
"""What exporters leave around names: spaces, byte-order marks inside quotes."""


def clean_name(name: str) -> str:
    """Return a name without anything around it that cannot be seen."""
    return _AROUND.sub("", name)


@dataclass(frozen=True, slots=True)
class Selection:
    """The columns of a file, and what is sent of them.

    Attributes:
        names: The header as the sender wrote it.
        sent: The name that each column is sent under; None for one that is left out.
        nameless: Where the columns stand that have no name, behind all others: delimiters at the
            end of lines. They are left out if they are blank in every row.
        constants: Columns that are added, and what they have in every row.
        column_map: Why.
    """

    names: tuple[str, ...]
    sent: tuple[str | None, ...]
    nameless: range
    constants: Mapping[str, str] = field(default_factory=dict)
    column_map: ColumnMap = NO_MAP

    @property
    def changes_header(self) -> bool:
        """Whether another header is sent than the sender's."""
        return self.sent != self.names or bool(self.constants)

    @property
    def all_sent(self) -> list[str]:
        """The header that is sent."""
        return [*(name for name in self.sent if name is not None), *self.constants]

    def plan(self, *, other_line_ends: bool) -> Plan | None:
        """Say what is to be sent in place of the file; None if it can go out as it is."""
        if not (self.changes_header or other_line_ends):
            return None
        columns = [SentColumn(name, n) for n, name in enumerate(self.sent) if name is not None]
        columns += [SentColumn(name, constant=value) for name, value in self.constants.items()]
        changes_rows = None in self.sent or bool(self.constants)
        return Plan(tuple(columns), copies_rows=changes_rows or other_line_ends)

    def tell(self, line: int, tally: Tally) -> None:
        """Tell of all that is changed, at the line of the header."""
        pairs = list(zip(self.names, self.sent, strict=True))
        for rule, told in (
            (NAMES_CLEANED, [quoted(was) for was, now in pairs if was != now == clean_name(was)]),
            (COLUMNS_RENAMED, list(self._renamed(pairs))),
            (COLUMNS_DROPPED, [quoted(was) for was, _ in pairs if self._drops(was)]),
            (
                COLUMNS_ADDED,
                [f"{quoted(name)} = {quoted(v)}" for name, v in self.constants.items()],
            ),
            (COLUMNS_NOT_THERE, [quoted(name) for name in self._not_there()]),
        ):
            if told:
                tally.add(rule, line=line, columns=", ".join(told))

    def _renamed(self, pairs: Iterable[tuple[str, str | None]]) -> Iterable[str]:
        for was, now in pairs:
            if now and clean_name(was) in self.column_map.names and clean_name(was) != now:
                yield f"{quoted(was)} as {quoted(now)}"

    def _drops(self, name: str) -> bool:
        return clean_name(name) in self.column_map.drop

    def _not_there(self) -> list[str]:
        there = set(map(clean_name, self.names))
        return [name for name in self.column_map.headers if name not in there]


def select(names: Sequence[str], column_map: ColumnMap) -> Selection:
    """Decide about every column of a header."""
    clean = list(map(clean_name, names))
    named = max((place for place, name in enumerate(clean, 1) if name), default=len(names))
    sent = [_sent_as(name, column_map) for name in clean[:named]]
    return Selection(
        names=tuple(names),
        sent=(*sent, *[None] * (len(names) - named)),
        nameless=range(named, len(names)),
        constants=column_map.constants,
        column_map=column_map,
    )


def _sent_as(name: str, column_map: ColumnMap) -> str | None:
    if name in column_map.names:
        return column_map.names[name]
    return None if name in OURS or name in column_map.drop else name
