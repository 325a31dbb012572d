"""Whether a file ends in the middle of its last record: against a slow and obvious reading."""

import csv
import io
import zlib
from typing import NamedTuple

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from dropbox_agent.core.checking.records import LONGEST_CELL
from dropbox_agent.core.table import HEAD_BYTES, LONGEST_LINE
from dropbox_agent.core.wholeness import (
    BLOCK_BYTES,
    MOST_EXPANDED_BYTES,
    MOST_READ_BYTES,
    UNWRITTEN_IN_ANY,
    cut_short,
    table_cut_short,
)
from tests.drops import gzipped, zipped

BOM = b"\xef\xbb\xbf"
HOLD = 10_000_000

cells = st.text(st.sampled_from('ab1 ,;"\r\né'), max_size=6)
line_ends = st.sampled_from(["\n", "\r\n", "\r"])


class Written(NamedTuple):
    """A table as the csv module wrote it."""

    content: bytes
    delimiter: str
    width: int


@st.composite
def tables(draw: st.DrawFn, least_columns: int = 1, names: str = "abc_") -> Written:
    """Write any table, with or without a line end at its end, perhaps with what Excel adds."""
    width = draw(st.integers(least_columns, 4))
    header = draw(st.lists(st.text(names, min_size=1, max_size=4), min_size=width, max_size=width))
    rows = draw(st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=30))
    table = [header, *rows]
    delimiter, line_end = draw(st.sampled_from(",;")), draw(line_ends)
    text = io.StringIO(newline="")
    if draw(st.booleans()):
        writer = csv.writer(
            text, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL
        )
    else:  # it leaves other line ends than its own without quotes
        writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
        table = [[_with_line_ends(cell, line_end) for cell in row] for row in table]
    writer.writerows(table)
    content = draw(st.sampled_from([b"", BOM])) + text.getvalue().encode()
    if draw(st.booleans()):
        content = content.removesuffix(line_end.encode())
    return Written(content, delimiter, width)


def _with_line_ends(cell: str, line_end: str) -> str:
    return line_end.join(cell.replace("\r", "\n").split("\n"))


def cut(content: bytes) -> str | None:
    """Say how a file of this content is cut."""
    return table_cut_short(io.BytesIO(content))


def told(content: bytes, delimiter: str, width: int) -> str | None:
    """Read a file slowly, record by record, and say how it is cut."""
    text = content.removeprefix(BOM).decode("latin-1")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = next_line = 1
    where = None
    record: list[str] = []
    try:
        for record in reader:  # noqa: B007 - the last one counts
            line, next_line = next_line, reader.line_num + 1
    except csv.Error as error:
        assert "unexpected end" in str(error)  # noqa: PT017 - what else the csv module writes
        line, where = next_line, "inside a quoted cell"
    else:
        if len(record) < width and not text.endswith(("\n", "\r")):
            where = f"after {len(record)} of {width} cells"
    middle = f"it ends at byte {len(content):,} in the middle of the record of line {line:,}"
    return f"{middle}, {where}" if where else None


@given(tables(names='ab"\n_'))
@example(Written(BOM + b'"a,b",c\r\n1,2', ",", 2))
@example(Written(b"a,b,c;d\n1;2\n3;4", ";", 2))
def test_no_whole_file_is_called_cut(table: Written) -> None:
    """Whatever is in its cells, and whether its last line has an end or not."""
    assert cut(table.content) is None


@given(tables(least_columns=2), st.data())
def test_every_file_that_breaks_off_is_found_out(table: Written, data: st.DataObject) -> None:
    """Wherever it does: with the line its last record begins in, and the byte it ends at."""
    content = table.content[: data.draw(st.integers(0, len(table.content)))]
    header_end = min(table.content.find(b"\n") % HOLD, table.content.find(b"\r") % HOLD)
    assume(len(content) > header_end)
    assert cut(content) == told(content, table.delimiter, table.width)


# What is no plain table


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"_email,_name",
        b"_email,_na",
        b"_email\nada@exa",
        b"_email,_name\nada\0,Ada\neva",
        "_email,_name\nada@exa\n".encode("utf-16-le"),
        b'_email,_name\n"ada"@example.com,"\neva@exa',
    ],
    ids=[
        "empty",
        "header",
        "in the header",
        "one column",
        "NUL",
        "wide",
        "broken quotes",
    ],
)
def test_what_cannot_be_judged_is_not_held(content: bytes) -> None:
    """Checking says what is wrong with it, and at once."""
    assert cut(content) is None


@pytest.mark.parametrize("before", [b"sep=;\r\n", b"\r\n  \r\n", BOM + b"SEP=;\n\n"])
def test_what_comes_before_the_header_is_passed_over(before: bytes) -> None:
    """Excel's note on the delimiter, blank lines and a byte-order mark are not the header."""
    table = before + b"code;name;price\r\n1;Chair;2.50\r\n"
    assert cut(table) is None
    assert cut(table + b"2;Table;3") is None
    line = 3 + before.count(b"\n")
    assert cut(table + b"2;Ta") == (
        f"it ends at byte {len(table) + 4} in the middle of the record of line {line}, "
        "after 2 of 3 cells"
    )


@pytest.mark.parametrize("before", [b"", b"_email,_name\nada@exa", b"_email,_name\n"])
@pytest.mark.parametrize("zeros", [2, 5000, BLOCK_BYTES * 2])
def test_a_file_that_is_not_filled_yet_is_found_out(before: bytes, zeros: int) -> None:
    """Windows gives a copy its size first, and what comes of it when the copy fails is zeros."""
    size = len(before) + zeros
    found = cut(before + b"\0" * zeros)
    assert found == f"it ends at byte {size:,} in zeros, as if the rest were still to be written"


# Large files


def rows_of(size: int, line_end: bytes) -> bytes:
    """Write a table of two columns of about a size."""
    line = b"ada@example.com,Ada" + line_end
    return b"_email,_name" + line_end + line * (size // len(line))


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("shift", range(3))
def test_lines_are_counted_right_in_large_files(line_end: bytes, shift: int) -> None:
    """Also where the bytes of a line end are read in two pieces."""
    start = b"x" * shift + rows_of(2 * BLOCK_BYTES, line_end)
    lines = start.count(line_end[:1])
    assert cut(start) is None
    found = cut(start + b"eva@exa")
    assert found is not None
    assert f"byte {len(start) + 7:,} in the middle of the record of line {lines + 1:,}," in found


def test_a_quote_that_opens_in_a_large_file_is_found() -> None:
    """It is told where the record began, however many lines the cell has already."""
    start = rows_of(HEAD_BYTES * 2, b"\n")
    content = start + b'eva@example.com,"' + b"Eva\n" * 1000
    line = start.count(b"\n") + 1
    assert cut(content) == (
        f"it ends at byte {len(content):,} in the middle of the record of line {line:,}, "
        "inside a quoted cell"
    )


@pytest.mark.parametrize("quote", [b"", b'"'], ids=["plain", "quoted"])
def test_a_long_last_line_is_read_to_its_end(quote: bytes) -> None:
    """It is whole although its first cells are far from its end."""
    cell = quote + b"x" * (LONGEST_CELL - 1) + quote
    assert cut(b"a,b,c\n" + b",".join([cell] * 3)) is None
    assert cut(b"a,b,c\n" + b",".join([cell] * 2)) is not None


@pytest.mark.parametrize("piece", [b"x", b'"x'], ids=["plain", "quoted"])
def test_a_line_without_an_end_is_not_read_as_a_whole(piece: bytes) -> None:
    """It would take as much memory as the file is large."""
    file = _Read(b"a,b\n" + piece * (LONGEST_LINE * 4 // len(piece)))
    assert table_cut_short(file) is None
    assert file.taken <= LONGEST_LINE * 8


class _Read(io.BytesIO):
    """A file that counts what is read of it.

    Attributes:
        taken: How many bytes that were in all.
    """

    taken = 0

    def read(self, size: int | None = -1, /) -> bytes:
        found = super().read(size)
        self.taken += len(found)
        return found


# Huge files


class _Sparse(io.BytesIO):
    """A file as large as a disk, of which only beginning and end were written; zeros between.

    Attributes:
        taken: How many bytes were read in all.
    """

    def __init__(self, begin: bytes, end: bytes, size: int = 1 << 40) -> None:
        super().__init__()
        self.taken = 0
        self._written = {0: begin, size - len(end): end}
        self._size = size
        self._at = 0

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = offset + (self._size if whence == io.SEEK_END else 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1, /) -> bytes:
        left = self._size - self._at
        length = left if size is None or size < 0 else min(size, left)
        assert length < LITTLE
        found = bytearray(length)
        for place, written in self._written.items():
            start = max(place, self._at)
            part = written[start - place : max(self._at + length - place, 0)]
            found[start - self._at : start - self._at + len(part)] = part
        self._at += length
        self.taken += length
        return bytes(found)


LITTLE = 4 * BLOCK_BYTES
"""More than it takes to look at beginning and end of a file."""

HEADER = b"_email,_name,_city\n"


@pytest.mark.parametrize("name", ["big.csv", "big.csv.gz", "big.zip"])
@pytest.mark.parametrize("begin", [HEADER, "\ufeffa,b\n".encode("utf-16"), gzipped(HEADER), b""])
def test_a_file_as_large_as_a_disk_is_not_read_through(name: str, begin: bytes) -> None:
    """Whatever is in it, and however it is called: the next one waits for it."""
    for end in (b"", b"ada@example.com,Ada,Rome\n", b'"ada","Ada\n', b"PK\5\6" + bytes(18)):
        file = _Sparse(begin, end)
        cut_short(file, name, HOLD)
        assert file.taken < LITTLE


def test_zeros_at_the_end_are_found_before_anything_else_is_read() -> None:
    """The largest file that is still read through is found out at once, if it is not filled."""
    file = _Sparse(HEADER, b"", MOST_READ_BYTES)
    assert table_cut_short(file) == (
        "it ends at byte 134,217,728 in zeros, as if the rest were still to be written"
    )
    assert file.taken == len(UNWRITTEN_IN_ANY)


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_the_zeros_of_wide_characters_are_no_unwritten_end(mark: str) -> None:
    """In UTF-32 more than half of a text is zeros."""
    content = "\ufeff_email,_name\nada@example.com,Ada\n"
    assert cut(content.encode(mark)) is None
    assert cut(content.encode(mark) + UNWRITTEN_IN_ANY) is not None


def test_the_last_line_of_a_huge_file_tells_that_it_is_cut() -> None:
    """Only its number is not known."""
    line = b"ada@example.com,Ada,Rome"
    begin = HEADER + (line + b"\n") * (HEAD_BYTES // len(line))
    assert table_cut_short(_Sparse(begin, b"\n" + line)) is None
    assert table_cut_short(_Sparse(begin, b"\n" + line + b"\n")) is None
    assert table_cut_short(_Sparse(begin, b"\n" + line[:-5])) == (
        "it ends at byte 1,099,511,627,776 in the middle of its last record, after 2 of 3 cells"
    )


@pytest.mark.parametrize("end", [b'\n"eva', b'\n"eva@example.com","Ev', b'Ada"\n', b"x" * LITTLE])
def test_what_the_end_of_a_huge_file_leaves_open_is_left_to_checking(end: bytes) -> None:
    """Nobody can tell what its quotes mean without reading all that is before them."""
    begin = HEADER + b"a,b,c\n" * HEAD_BYTES
    assert table_cut_short(_Sparse(begin, end)) is None


# Compressed files


CONTENT = b"_email,_name\nada@example.com,Ada\n"


@pytest.mark.parametrize(
    ("name", "packed"),
    [("people.csv.gz", gzipped(CONTENT)), ("people.ZIP", zipped(CONTENT))],
)
def test_a_compressed_file_is_cut_if_its_compressed_data_are(name: str, packed: bytes) -> None:
    """Wherever it breaks off; whole it is not."""
    assert cut_short(io.BytesIO(packed), name, HOLD) is None
    half = len(packed) // 2
    assert cut_short(io.BytesIO(packed[:half]), name, HOLD) == (
        f"it ends at byte {half}, before its compressed data does"
    )


@pytest.mark.parametrize("name", ["people.csv.gz", "people.zip"])
def test_what_is_not_compressed_at_all_is_not_held(name: str) -> None:
    """Checking says so at once."""
    assert cut_short(io.BytesIO(CONTENT), name, HOLD) is None


def test_a_compressed_file_that_is_too_large_is_not_held() -> None:
    """It would not become smaller by waiting."""
    assert cut_short(io.BytesIO(gzipped(CONTENT)), "people.csv.gz", 10) is None


def test_a_compressed_file_is_expanded_for_a_moment_only() -> None:
    """One that grows to many times its size may be cut; expanding it to check it tells."""
    packed = zlib.compressobj(wbits=31)
    million = packed.compress(CONTENT * 40_000)
    whole = million + b"".join(packed.compress(CONTENT * 40_000) for _ in range(300))
    file = _Read(whole)
    assert cut_short(file, "people.csv.gz", 10 * MOST_EXPANDED_BYTES) is None
    assert file.taken < len(whole)


def test_compressed_pieces_without_content_are_read_for_a_moment_only() -> None:
    """A million empty ones take as long as a large one."""
    file = _Read(gzipped(b"") * 1_000_000)
    assert cut_short(file, "people.csv.gz", HOLD) is None
    assert file.taken < 2_000_000


def test_a_plain_file_is_judged_as_a_table() -> None:
    """By its name."""
    found = cut_short(io.BytesIO(CONTENT + b"eva"), "people.CSV", HOLD)
    assert found is not None
    assert "line 3" in found
