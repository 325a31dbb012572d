"""What a marker says of its file, and whether that is so."""

import csv
import hashlib
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.marker import MOST_BYTES, decoded, difference

CONTENT = b'_email;_name\r\nada@example.com;"Ada\r\nof London"\r\n\r\neva@example.com;Eva\r\n'
SIZE = len(CONTENT)
ROWS = 2
SHA256 = hashlib.sha256(CONTENT).hexdigest()
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()
SHA1 = hashlib.sha1(CONTENT, usedforsecurity=False).hexdigest()
OTHER = hashlib.sha256(b"").hexdigest()


def differs(marker: str, content: bytes = CONTENT, *, is_table: bool = True) -> str | None:
    """Compare a file of this content with its marker."""
    return difference(marker, io.BytesIO(content), is_table=is_table)


@pytest.mark.parametrize(
    "marker",
    [
        "",
        "  \n",
        "done",
        "2026-01-15T12:00:00Z host=shop job:4711",
        f"{SHA256}  people.csv\n",
        f"{SHA256.upper()} *people.csv\r\n",
        f"MD5 (people.csv) = {MD5}\nSHA1 (people.csv) = {SHA1}\n",
        f"{OTHER}  other.csv\n{SHA256}  people.csv\n",
        f"rows={ROWS}",
        f"Records: {ROWS}\nBytes: {SIZE}\n",
        json.dumps({"size": SIZE, "rows": ROWS, "rejected_rows": 7}),
        f"{ROWS}\n",
        f" {SIZE} ",
        "size: 1.5 MB",
        "rows: 1,200",
        "size=15MB",
        "rows=many",
        "٣",
        "9" * 5000,
        "rows=" + "9" * 5000,
    ],
)
def test_a_marker_that_says_nothing_else_agrees(marker: str) -> None:
    """Size, rows and checksums in the usual ways of writing; other words mean nothing."""
    assert differs(marker) is None


@pytest.mark.parametrize(
    ("marker", "told"),
    [
        (f"{OTHER}  people.csv", f"the sha256 of the file is {SHA256}"),
        (f"sha1: {'0' * 40}", f"the sha1 of the file is {SHA1}"),
        ("0" * 32, f"the md5 of the file is {MD5}"),
        (f"{SHA256}\n{'0' * 32}", f"the md5 of the file is {MD5}"),
        ("bytes=9000", f"the file has {SIZE} bytes, not 9,000"),
        ("size=1 length=2", f"the file has {SIZE} bytes, not 1 or 2"),
        ('{"rows": 1200}', f"the file has {ROWS} rows, not 1,200"),
        ("3", f"the file has {SIZE} bytes and {ROWS} rows, neither of them 3"),
    ],
)
def test_a_marker_that_says_otherwise_is_told(marker: str, told: str) -> None:
    """With what the file is, so that people can compare."""
    assert differs(marker) == told


def test_rows_of_what_is_no_table_are_not_compared() -> None:
    """A compressed file would have to be expanded for that; its size and checksum are compared."""
    assert differs("rows=5", is_table=False) is None
    assert differs("5", is_table=False) is None
    assert differs("bytes=5", is_table=False) is not None


@pytest.mark.parametrize("content", [b'a,b\n"x"y,1\n', b'a,b\n"x,1\n'])
def test_rows_that_cannot_be_counted_are_not_compared(content: bytes) -> None:
    """Checking says what is wrong with the quotes."""
    assert differs("rows=5", content) is None
    assert differs("5", content) is None


def test_an_empty_file_has_no_rows() -> None:
    """Nor has one with nothing but a header."""
    assert differs("rows=0", b"") is None
    assert differs("rows=0", b"_email\r\n") is None


@given(
    st.lists(st.lists(st.text('ab ,;"\n', max_size=4), min_size=2, max_size=2), max_size=9),
    st.sampled_from(",;"),
)
def test_rows_are_counted_as_the_csv_module_reads_them(
    rows: list[list[str]], delimiter: str
) -> None:
    """Whatever is in the cells, and whatever separates them."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([["_email", "_name"], *rows])
    content = text.getvalue().encode()
    assert differs(f"rows={len(rows)}", content) is None
    assert differs(f"rows={len(rows) + 1}", content) is not None


@given(st.text(max_size=200))
def test_no_marker_breaks_anything(marker: str) -> None:
    """Whatever is written in it."""
    told = differs(marker)
    assert told is None or "the file" in told


# Its text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_text_of_a_marker_is_read(encoding: str) -> None:
    """PowerShell writes UTF-16, and editors a byte-order mark."""
    assert decoded("rows=5 März".encode(encoding)) == "rows=5 März"


def test_a_marker_that_is_no_text_says_nothing() -> None:
    """It is there, and that is all."""
    assert differs(decoded(bytes(range(256)))) is None


def test_a_huge_marker_says_nothing() -> None:
    """It is something else, perhaps a file of the sender's by the same ending."""
    assert decoded(b"5" * (MOST_BYTES + 1)) == ""
