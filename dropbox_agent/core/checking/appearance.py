"""What a file looks like that is not UTF-8 text: known by its first bytes or its first bad one."""

from typing import NamedTuple

from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.checking.rules_file import LOOKS_LIKE_HTML, LOOKS_LIKE_XLSX
from dropbox_agent.core.encoding import is_converted, marked, unmarked_wide

# In lower case, as the file's own beginning is compared.
_BEGINNINGS = (
    (b"pk\x03\x04", LOOKS_LIKE_XLSX, "a spreadsheet (XLSX, ODS) or another ZIP file"),
    (b"pk\x05\x06", LOOKS_LIKE_XLSX, "an empty ZIP file"),
    (b"\xd0\xcf\x11\xe0", LOOKS_LIKE_XLSX, "an old Excel workbook (XLS)"),
    (b"%pdf-", LOOKS_LIKE_XLSX, "a PDF document"),
    (b"\x1f\x8b", LOOKS_LIKE_XLSX, "a file compressed by gzip"),
    (b"{\\rtf", LOOKS_LIKE_XLSX, "a text document (RTF)"),
    (b"sqlite format 3", LOOKS_LIKE_XLSX, "a database (SQLite)"),
    (b"<!doctype html", LOOKS_LIKE_HTML, "an HTML page"),
    (b"<html", LOOKS_LIKE_HTML, "an HTML page"),
    (b"<head", LOOKS_LIKE_HTML, "an HTML page"),
    (b"<table", LOOKS_LIKE_HTML, "an HTML table"),
    (b"<?xml", LOOKS_LIKE_HTML, "an XML document"),
    (b"<!--", LOOKS_LIKE_HTML, "an HTML or XML page"),
)


class Disguise(NamedTuple):
    """A rule that the first bytes break, and what they look like."""

    rule: Rule
    what: str


def find_disguise(head: bytes) -> Disguise | None:
    """Recognise another kind of file by its first bytes."""
    start = head[:256].lstrip().lower()
    for beginning, rule, what in _BEGINNINGS:
        if start.startswith(beginning):
            return Disguise(rule, what)
    return None


def find_wide_encoding(head: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32 by a byte-order mark or by where the NUL bytes are."""
    mark = marked(head)
    return mark if mark and is_converted(mark) else unmarked_wide(head)
