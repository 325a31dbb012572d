"""Reads the beginning of a file: what it is, what separates its columns, and its header."""

import csv
from dataclasses import dataclass

from dropbox_agent.core.checking.appearance import find_disguise, find_wide_encoding
from dropbox_agent.core.checking.column_map import ColumnMap
from dropbox_agent.core.checking.delimiter import ALLOWED, NAMES, find_delimiter
from dropbox_agent.core.checking.foreign_text import tell_wide
from dropbox_agent.core.checking.header import read_header
from dropbox_agent.core.checking.naming import plain_name
from dropbox_agent.core.checking.records import ENDED_IN_QUOTES
from dropbox_agent.core.checking.rule import KindRules
from dropbox_agent.core.checking.rulebook import DOCUMENTED
from dropbox_agent.core.checking.rules_file import (
    DELIMITER_UNCLEAR,
    EMPTY_FILE,
    ENDS_IN_QUOTES,
    LINE_TOO_LONG,
    QUOTING_BROKEN,
    WRONG_DELIMITER,
)
from dropbox_agent.core.checking.selection import Selection, select
from dropbox_agent.core.checking.source import HEAD_BYTES, Source
from dropbox_agent.core.checking.tally import Tally


@dataclass(frozen=True, slots=True)
class Opening:
    """What the beginning of a readable file says.

    Attributes:
        delimiter: What separates the columns, be it allowed or not.
        selection: The header as the sender wrote it, and what is sent of its columns.
        positions: Where each recognised column stands, from 0, by its right name; None when the
            first line is no header for this kind of file.
        header: The bytes of the header record.
        start: Offset of the header record.
        line: Its first physical line.
        last_line: Its last one.
    """

    delimiter: str
    selection: Selection
    positions: dict[str, int] | None
    header: bytes
    start: int
    line: int
    last_line: int


def read_opening(
    source: Source, rules: KindRules, column_map: ColumnMap, tally: Tally
) -> Opening | None:
    """Read up to the end of the header; None when the file cannot be read as a table at all."""
    head = source.head
    if not head.strip():
        tally.add(EMPTY_FILE)
        return None
    if disguise := find_disguise(head):
        tally.add(disguise.rule, what=disguise.what, advice=disguise.advice)
        return None
    if encoding := find_wide_encoding(head):
        source.encoding = encoding
        tell_wide(encoding, tally, rules.kind)
        return None
    return _read_table(source, rules, column_map, tally)


def _read_table(
    source: Source, rules: KindRules, column_map: ColumnMap, tally: Tally
) -> Opening | None:
    lines = [_decoded(line) for line in source.head.splitlines(keepends=True)]
    preface = _lines_before_header(lines)
    source.take_lines(preface)
    lines = lines[preface:]
    if "\0" in lines[0]:
        source.take_lines(1)  # which tells of it: no text, and no header to be looked at
        return None
    line = preface + 1
    separation = find_delimiter(lines, _all_names(rules, column_map))
    if separation.doubt:
        tally.add(DELIMITER_UNCLEAR, line=line, why=separation.doubt)
        return None
    reader = csv.reader(lines, delimiter=separation.delimiter, strict=True)
    try:
        names = tuple(map(_without_key, next(reader)))
    except csv.Error as error:
        at_end = source.head_is_all and str(error) == ENDED_IN_QUOTES
        end, last_line = source.size, preface + reader.line_num
        where = ENDS_IN_QUOTES.format(end=end, line=last_line) if at_end else ""
        tally.add(QUOTING_BROKEN, line=line, where=where)
        return None
    if not source.head_is_all and not lines[reader.line_num - 1].endswith(("\n", "\r")):
        tally.add(LINE_TOO_LONG, line=line, limit=HEAD_BYTES)
        return None
    if separation.delimiter not in ALLOWED:
        tally.add(WRONG_DELIMITER, line=line, found=NAMES[separation.delimiter])
    record = source.take_lines(reader.line_num)
    selection = select(names, column_map)
    return Opening(
        delimiter=separation.delimiter,
        selection=selection,
        positions=read_header(selection, rules, line, tally),
        header=record.raw,
        start=record.offset,
        line=line,
        last_line=record.next_line - 1,
    )


def _without_key(name: str) -> str:
    """Leave out the agent's own key, should agent.env be dropped for a CSV: headers are quoted."""
    before, sign, _ = name.partition("=")
    return f"{before}=..." if sign and before.strip().endswith("CONNECTIF_API_KEY") else name


def _decoded(line: bytes) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return line.decode("latin-1")


def _lines_before_header(lines: list[str]) -> int:
    """Count blank lines, and the note on the delimiter that Excel understands (``sep=;``)."""
    count = 0
    while count < len(lines) - 1 and (_is_note(lines[count]) or not lines[count].strip()):
        count += 1
    return count


def _is_note(line: str) -> bool:
    return line.lower().startswith("sep=") and len(line.rstrip("\r\n")) == len("sep=;")


def _all_names(rules: KindRules, column_map: ColumnMap) -> set[str]:
    kinds = (rules, *DOCUMENTED.values())
    known = {plain_name(name) for kind in kinds for name in kind.columns}
    return known.union(map(plain_name, column_map.headers))
