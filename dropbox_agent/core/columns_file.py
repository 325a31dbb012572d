"""Reads a ``columns.toml``: how an exporter's columns become those that the import knows.

    encoding = "windows-1252"
    drop = ["Notes"]

    [columns]
    "E-mail address" = "_email"

    [constants]
    country = "ES"

It is read strictly: a mapping that was meant otherwise would put values into wrong fields. While it
is broken, the files of its folder wait: they have done nothing wrong.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dropbox_agent.core import encoding
from dropbox_agent.core.checking.column_map import NO_MAP, ColumnMap
from dropbox_agent.core.checking.naming import by_plain_name, nearest, plain_name
from dropbox_agent.core.checking.rule import KindRules, quoted
from dropbox_agent.core.checking.selection import clean_name
from dropbox_agent.core.naming import shown
from dropbox_agent.errors import TryLater

MOST_BYTES = 1_000_000
MOST_TOLD = 5
_SECTIONS = ("columns", "constants", "drop", "encoding")


class ColumnsFileBroken(TryLater):
    """A ``columns.toml`` cannot be used as it is. The files of its folder wait until it can."""

    def __init__(self, where: str, faults: list[str]) -> None:
        told = " ".join(faults[:MOST_TOLD])
        more = f" And {len(faults) - MOST_TOLD} more." if len(faults) > MOST_TOLD else ""
        super().__init__(
            f"{shown(where)} cannot be used. {told}{more}",
            hint=f"Mend {shown(where)}; the files that wait for it are then checked by themselves.",
            code="columns-file-broken",
        )


@dataclass(frozen=True, slots=True)
class ColumnsFile:
    """What a ``columns.toml`` says.

    Attributes:
        column_map: Which columns are renamed, left out or added.
        encoding: What the files of its folder are in; None where it says nothing about that.
    """

    column_map: ColumnMap = NO_MAP
    encoding: str | None = None


NO_FILE = ColumnsFile()


def read_columns_file(raw: bytes, where: str, rules: KindRules) -> ColumnsFile:
    """Understand a ``columns.toml``.

    Args:
        raw: All that is in it.
        where: What it is called for people.
        rules: What files of the folder's kind may hold.

    Raises:
        ColumnsFileBroken: It is no TOML, or says something that cannot be meant.
    """
    try:
        text = raw.decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ColumnsFileBroken(where, ["It is not UTF-8 text: save it as UTF-8."]) from error
    except tomllib.TOMLDecodeError as error:
        raise ColumnsFileBroken(where, [_syntax(str(error))]) from error
    reading = _Reading(table, text, rules)
    if faults := list(reading.faults()):
        raise ColumnsFileBroken(where, faults)
    return reading.result()


class _Reading:
    """One file, understood as TOML."""

    def __init__(self, table: Mapping[str, Any], text: str, rules: KindRules) -> None:
        self._table = table
        self._lines = text.splitlines()
        self._rules = rules
        self._names = self._section("columns")
        self._constants = self._section("constants")
        drop = table.get("drop", [])
        self._drop: list[Any] = drop if isinstance(drop, list) else [drop]

    def result(self) -> ColumnsFile:
        """Return what it says; it must have no faults."""
        declared = self._table.get("encoding")
        return ColumnsFile(
            ColumnMap(
                names={clean_name(header): name for header, name in self._names.items()},
                drop=tuple(map(clean_name, self._drop)),
                constants=dict(self._constants),
            ),
            encoding=encoding.known(declared) if declared else None,
        )

    def faults(self) -> Iterator[str]:
        """Say all that is wrong, each in a sentence that says what to do."""
        yield from self._unknown_sections()
        yield from self._wrong_types()
        yield from self._encoding()
        headers: set[str] = set()
        for name in map(clean_name, (*self._names, *filter(_is_text, self._drop))):
            if name in headers:
                yield f"{quoted(name)} is spoken of twice: leave one of the two."
            headers.add(name)
        yield from self._fields()

    def _section(self, name: str) -> Mapping[str, Any]:
        found = self._table.get(name, {})
        return found if isinstance(found, dict) else {}

    def _unknown_sections(self) -> Iterator[str]:
        for name in self._table:
            if name not in _SECTIONS:
                meant = nearest(name, by_plain_name(_SECTIONS))
                hint = f" Did you mean {meant}?" if meant else f" There are {', '.join(_SECTIONS)}."
                yield f"{self._at(name)}{quoted(name)} is nothing it may hold.{hint}"

    def _wrong_types(self) -> Iterator[str]:
        for name in ("columns", "constants"):
            if not isinstance(self._table.get(name, {}), dict):
                yield f"{self._at(name)}{name} has to be a section: write [{name}] on a line."
        if not isinstance(self._table.get("drop", []), list) or not all(map(_is_text, self._drop)):
            yield f'{self._at("drop")}drop has to be a list of headers, such as drop = ["Notes"].'
        for section in (self._names, self._constants):
            for key, value in section.items():
                if isinstance(value, list) or (key == "encoding" and self._is_encoding(value)):
                    yield f"{self._at(key)}{key} has to stand above all [sections]."
                elif not _is_text(value):
                    yield f"{self._at(key)}What {quoted(key)} is set to has to be in quotes."

    def _encoding(self) -> Iterator[str]:
        declared = self._table.get("encoding")
        if declared is not None and not self._is_encoding(declared):
            meant = encoding.nearest(declared) if isinstance(declared, str) else None
            hint = f" Did you mean {meant}?" if meant else ' Write it as in "windows-1252".'
            yield f"{self._at('encoding')}That is no encoding of text files.{hint}"

    def _is_encoding(self, value: object) -> bool:
        return isinstance(value, str) and encoding.known(value) is not None

    def _fields(self) -> Iterator[str]:
        sources: dict[str, str] = {}
        for header, name in self._texts(self._names):
            if first := sources.get(name):
                yield (
                    f"{self._at(header)}{quoted(header)} and {quoted(first)} cannot both become "
                    f"{quoted(name)}: leave one of them."
                )
            sources.setdefault(name, header)
            yield from self._field(header, name)
        for name, value in self._texts(self._constants):
            if name in sources:
                yield (
                    f"{self._at(name)}{quoted(name)} comes from {quoted(sources[name])} already: "
                    "remove it from one of the sections."
                )
            yield from self._field(name, name)
            yield from self._constant(name, value)

    def _texts(self, section: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        return ((key, value) for key, value in section.items() if _is_text(value))

    def _field(self, key: str, name: str) -> Iterator[str]:
        """Say why a name is none that can be sent."""
        rules = self._rules
        if name in rules.columns:
            return
        if name in rules.read_only:
            yield f"{self._at(key)}{quoted(name)} is kept by Connectif itself: leave it out."
            return
        known = {**rules.known_as, **by_plain_name(rules.columns)}
        meant = known.get(plain_name(name))
        is_ours = rules.open_ended and name and not name.startswith("_")
        if meant is None and is_ours and clean_name(name) == name:
            return
        meant = meant or nearest(name, known)
        hint = f" Did you mean {meant}?" if meant else ""
        yield f"{self._at(key)}{rules.kind.capitalize()} have no column {quoted(name)}.{hint}"

    def _constant(self, name: str, value: str) -> Iterator[str]:
        """Say why a value cannot be that of every row."""
        cell = self._rules.columns.get(name)
        if name in self._rules.keys:
            yield f"{self._at(name)}{quoted(name)} tells rows apart: it cannot be a constant."
        elif cell and value and not re.fullmatch(cell.pattern, value):
            yield f"{self._at(name)}{quoted(name)} cannot hold {quoted(value)}."

    def _at(self, key: str) -> str:
        """Say in which line a key stands, as the beginning of a sentence."""
        spelt = re.compile(rf"""\s*\[?\s*["']?{re.escape(key)}["']?\s*(=|\]|$)""")
        for number, line in enumerate(self._lines, 1):
            if spelt.match(line):
                return f"Line {number}: "
        return ""


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _syntax(said: str) -> str:
    """Tell what the TOML reader found, its place first."""
    what, _, place = said.partition(" (at ")
    found = re.match(r"line (\d+)", place)
    at = f"Line {found[1]}" if found else "At its end"
    return (
        f"{at}: it is no TOML there: {what.lower()}. Headers go in quotes: "
        '"Exporter header" = "field id".'
    )
