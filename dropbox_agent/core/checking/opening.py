"""Reads the beginning of a file: what it is, what separates its columns, and its header."""

import csv
from dataclasses import dataclass

from dropbox_agent.core.checking.appearance import find_disguise, find_wide_encoding
from dropbox_agent.core.checking.delimiter import ALLOWED, NAMES, find_delimiter
from dropbox_agent.core.checking.header import read_header
from dropbox_agent.core.checking.naming import plain_name
from dropbox_agent.core.checking.rule import KindRules
from dropbox_agent.core.checking.rulebook import DOCUMENTED
from dropbox_agent.core.checking.rules_file import (
    DELIMITER_UNCLEAR,
    EMPTY_FILE,
    LINE_TOO_LONG,
    NOT_UTF8,
    QUOTING_BROKEN,
    WRONG_DELIMITER,
)
from dropbox_agent.core.checking.source import HEAD_BYTES, Source
from dropbox_agent.core.checking.tally import Tally


@dataclass(frozen=True, slots=True)
class Opening:
    """What the beginning of a readable file says.

    Attributes:
        delimiter: What separates the columns, be it allowed or not.
        names: The header as the sender wrote it.
        positions: Where each recognised column stands, from 0, by its right name; None when the
            first line is no header for this kind of file.
        header: The bytes of the header record.
        start: Offset of the header record.
    """

    delimiter: str
    names: tuple[str, ...]
    positions: dict[str, int] | None
    header: bytes
    start: int


def read_opening(source: Source, rules: KindRules, tally: Tally) -> Opening | None:
    """Read up to the end of the header; None when the file cannot be read as a table at all."""
    head = source.head
    if not head.strip():
        tally.add(EMPTY_FILE)
        return None
    if disguise := find_disguise(head):
        tally.add(disguise.rule, what=disguise.what)
        return None
    if encoding := find_wide_encoding(head):
        source.encoding = encoding
        tally.add(NOT_UTF8, what=f"it is {encoding.upper()}, two or four bytes a character")
        return None
    return _read_table(source, rules, tally)


def _read_table(source: Source, rules: KindRules, tally: Tally) -> Opening | None:
    lines = [_decoded(line) for line in source.head.splitlines(keepends=True)]
    preface = _lines_before_header(lines)
    source.take_lines(preface)
    lines = lines[preface:]
    if "\0" in lines[0]:
        source.take_lines(1)  # which tells of it: no text, and no header to be looked at
        return None
    line = preface + 1
    separation = find_delimiter(lines, _all_names(rules))
    if separation.doubt:
        tally.add(DELIMITER_UNCLEAR, line=line, why=separation.doubt)
        return None
    reader = csv.reader(lines, delimiter=separation.delimiter, strict=True)
    try:
        names = tuple(next(reader))
    except csv.Error:
        tally.add(QUOTING_BROKEN, line=line, where="")
        return None
    if not source.head_is_all and not lines[reader.line_num - 1].endswith(("\n", "\r")):
        tally.add(LINE_TOO_LONG, line=line, limit=HEAD_BYTES)
        return None
    if separation.delimiter not in ALLOWED:
        tally.add(WRONG_DELIMITER, line=line, found=NAMES[separation.delimiter])
    record = source.take_lines(reader.line_num)
    positions = read_header(names, rules, line, tally)
    return Opening(separation.delimiter, names, positions, record.raw, record.offset)


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


def _all_names(rules: KindRules) -> set[str]:
    kinds = (rules, *DOCUMENTED.values())
    return {plain_name(name) for kind in kinds for name in kind.columns}
