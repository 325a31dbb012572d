"""What a file looks like that is not UTF-8 text: known by its first bytes or its first bad one."""

from typing import NamedTuple

from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.checking.rules_file import LOOKS_LIKE_HTML, LOOKS_LIKE_XLSX

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
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SHARE_OF_NULS = 0.3  # Latin text in UTF-16 has half; random bytes have 1 in 256


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
    for mark, encoding in _BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return encoding
    sample = head[:2048]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) < _SHARE_OF_NULS * len(sample) / 2:
        return None
    if sample[1:2] == b"\0" and not even:
        return "utf-16-le"
    if sample[:1] == b"\0" and not odd:
        return "utf-16-be"
    return None


def guess_encoding(bad: UnicodeDecodeError) -> tuple[str, str]:
    """Say what text that is not UTF-8 may be: the encoding's name, and words for people."""
    if bad.reason == "unexpected end of data":
        return "utf-8", "the file ends in the middle of a character, as if it had been cut off"
    if any(0x80 <= byte < 0xA0 for byte in bad.object):  # noqa: PLR2004 - only controls in Latin-1
        return "cp1252", "the text looks like Windows-1252, as Excel saves a plain 'CSV'"
    return "latin-1", "the text looks like Latin-1 or Windows-1252, as Excel saves a plain 'CSV'"
