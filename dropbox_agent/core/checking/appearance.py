"""What a file looks like that is no CSV: known by its first bytes."""

import re
from typing import NamedTuple

from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.checking.rules_file import (
    LOOKS_COMPRESSED,
    LOOKS_LIKE_HTML,
    LOOKS_LIKE_OTHER,
    LOOKS_LIKE_XLSX,
)
from dropbox_agent.core.encoding import is_converted, marked, unmarked_wide

_RENAME = (
    "If there is a CSV in it, let its name end in {ending}: then it is expanded. If its name ends"
    " so already, it is compressed twice: compress the CSV only once."
)
_GZIP = _RENAME.format(ending=".csv.gz")
_ZIP = _RENAME.format(ending=".zip")
_OTHERS = "Drop the CSV as it is, or compress it with gzip (.csv.gz) or as ZIP (.zip)."


class Disguise(NamedTuple):
    """A rule that the first bytes break.

    Attributes:
        rule: The rule.
        what: What the file looks like.
        advice: What to do, where the rule leaves that open.
    """

    rule: Rule
    what: str
    advice: str = ""


_WORKBOOK = Disguise(LOOKS_LIKE_XLSX, "a workbook (XLSX or ODS)")
_HTML = Disguise(LOOKS_LIKE_HTML, "an HTML page")
_IN_WORKBOOKS = re.compile(rb"\[content_types\]\.xml|_rels/|docprops/|xl/|application/vnd\.oasis")
_JSON = re.compile(rb"[\[{]\s*[\[{\"]|\[\s*\]|\{\s*\}")

# In lower case, as the file's own beginning is compared.
_BEGINNINGS = (
    (b"pk\x03\x04", Disguise(LOOKS_COMPRESSED, "a ZIP file", _ZIP)),
    (b"pk\x05\x06", Disguise(LOOKS_COMPRESSED, "an empty ZIP file", _ZIP)),
    (b"\x1f\x8b", Disguise(LOOKS_COMPRESSED, "a file compressed by gzip", _GZIP)),
    (b"7z\xbc\xaf\x27\x1c", Disguise(LOOKS_COMPRESSED, "a 7z archive", _OTHERS)),
    (b"rar!\x1a", Disguise(LOOKS_COMPRESSED, "a RAR archive", _OTHERS)),
    (b"(\xb5/\xfd", Disguise(LOOKS_COMPRESSED, "a file compressed by zstd", _OTHERS)),
    (b"\xfd7zxz", Disguise(LOOKS_COMPRESSED, "a file compressed by xz", _OTHERS)),
    (b"bzh9", Disguise(LOOKS_COMPRESSED, "a file compressed by bzip2", _OTHERS)),
    (b"\xd0\xcf\x11\xe0", Disguise(LOOKS_LIKE_XLSX, "an old Excel workbook (XLS)")),
    (b"%pdf-", Disguise(LOOKS_LIKE_OTHER, "a PDF document")),
    (b"{\\rtf", Disguise(LOOKS_LIKE_OTHER, "a text document (RTF)")),
    (b"sqlite format 3", Disguise(LOOKS_LIKE_OTHER, "a database (SQLite)")),
    (b"par1\x15", Disguise(LOOKS_LIKE_OTHER, "a Parquet table")),
    (b"<!doctype html", _HTML),
    (b"<html", _HTML),
    (b"<head", _HTML),
    (b"<body", _HTML),
    (b"<div", _HTML),
    (b"<br", _HTML),
    (b"<b>", _HTML),
    (b"<table", Disguise(LOOKS_LIKE_HTML, "an HTML table")),
    (b"<?xml", Disguise(LOOKS_LIKE_HTML, "an XML document")),
    (b"<!--", Disguise(LOOKS_LIKE_HTML, "an HTML or XML page")),
)


def find_disguise(head: bytes) -> Disguise | None:
    """Recognise another kind of file by its first bytes."""
    start = head[:2_048].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if _JSON.match(start):
        return Disguise(LOOKS_LIKE_OTHER, "JSON data")
    for beginning, disguise in _BEGINNINGS:
        if start.startswith(beginning):
            is_workbook = start.startswith(b"pk") and _IN_WORKBOOKS.search(start)
            return _WORKBOOK if is_workbook else disguise
    return None


def find_wide_encoding(head: bytes) -> str | None:
    """Recognise UTF-16 and UTF-32 by a byte-order mark or by where the NUL bytes are."""
    mark = marked(head)
    return mark if mark and is_converted(mark) else unmarked_wide(head)
