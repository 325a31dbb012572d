"""What holds for any table and any bytes: cells survive, lines are right, nothing grows."""

import csv
import io
import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.checking.column_map import ColumnMap
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind
from tests.exports import judged
from tests.imported_bytes import cut
from tests.readings import Dropped, Records, examine

TEXT = st.text(
    st.one_of(
        st.sampled_from(list("ab ,;\t|\"'\r\n\\=é😀\u2028\x1c\x85\ufeff")),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
    ),
    max_size=12,
)
NAMES = ("_email", "_name", "_surname", "hat", "shoe")


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[str], Records]:
    """Draw a header that contacts may have, and rows with any text in them."""
    names = list(NAMES[: draw(st.integers(2, len(NAMES)))])
    cells = st.lists(TEXT, min_size=len(names) - 1, max_size=len(names) - 1)
    rows = [[f"c{n}@example.com", *draw(cells)] for n in range(draw(st.integers(1, 8)))]
    return names, rows


@st.composite
def dialects(draw: st.DrawFn) -> dict[str, object]:
    """Draw a way to write CSV that is allowed."""
    return {
        "delimiter": draw(st.sampled_from([",", ";"])),
        "quoting": draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC])),
        # The csv module quotes a cell for these characters only if lines end with them.
        "lineterminator": "\r\n",
    }


def written(names: list[str], rows: Records, dialect: dict[str, object]) -> str:
    """Write a table as the csv module does."""
    text = io.StringIO(newline="")
    csv.writer(text, **dialect).writerows([names, *rows])  # type: ignore[arg-type]  # any dialect
    return text.getvalue()


def sent(content: bytes, verdict: Verdict, limit: int, delimiter: str) -> Records:
    """Read what all imports of a file together get, their headers left out."""
    records: Records = []
    for part in cut(content, verdict, limit):
        text = io.StringIO(part.decode("utf-8-sig"), newline="")
        _, *rows = csv.reader(text, delimiter=delimiter, strict=True)
        records += rows
    return records


@given(tables(), dialects(), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]), st.integers(1, 99))
def test_every_cell_of_any_table_survives(
    table: tuple[list[str], Records], dialect: dict[str, object], encoding: str, block_bytes: int
) -> None:
    """Whatever is in it, and however it is written, the table is accepted and sent as it is."""
    names, rows = table
    payload = written(names, rows, dialect).encode(encoding)
    policy = CheckPolicy(block_bytes=block_bytes)
    verdict, content = judged(payload, "some.csv", Kind.CONTACTS, policy)
    assert verdict.sendable, verdict.issues
    assert verdict.facts.columns == tuple(names)
    limit = policy.max_slice_bytes
    assert sent(content, verdict, limit, str(dialect["delimiter"])) == rows


@given(tables(), dialects(), st.integers(0, 300), st.booleans())
def test_parts_joined_are_the_whole(
    table: tuple[list[str], Records],
    dialect: dict[str, object],
    room: int,
    drops: bool,  # noqa: FBT001 - drawn
) -> None:
    """However small they are cut, and also where rows are written anew."""
    names, rows = table
    payload = written(names, rows, dialect).encode()
    limit = len(payload.splitlines()[0]) + 2 + room
    column_map = ColumnMap(drop=(names[-1],)) if drops else ColumnMap()
    policy = CheckPolicy(max_slice_bytes=limit, column_map=column_map)
    verdict, content = judged(payload, "some.csv", Kind.CONTACTS, policy)
    if verdict.sendable:
        expected = [row[:-1] for row in rows] if drops else rows
        delimiter = str(dialect["delimiter"])
        assert sent(content, verdict, limit, delimiter) == expected
        assert len(cut(content, verdict, limit)) == len(verdict.slices) or drops
    else:
        assert verdict.faults == {"row-too-large"}


@given(tables(), dialects(), st.data())
def test_a_fault_is_told_at_the_line_an_editor_shows(
    table: tuple[list[str], Records], dialect: dict[str, object], data: st.DataObject
) -> None:
    """Though cells before it hold any number of line ends."""
    names, rows = table
    bad = data.draw(st.integers(0, len(rows) - 1))
    rows[bad][0] = "nobody"
    text = written(names, rows, dialect)
    before = written(names, rows[:bad], dialect)
    line = 1 + len(list(io.StringIO(before, newline="")))
    verdict, _ = judged(text.encode(), "some.csv", Kind.CONTACTS, CheckPolicy())
    assert [issue.line for issue in verdict.issues if issue.code == "email-form"] == [line]


@given(
    st.binary(max_size=300),
    st.sampled_from(["some.csv", "some.csv.gz", "some.zip"]),
    st.sampled_from([b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"PK\3\4"]),
    st.sampled_from(Kind),
    st.sampled_from([None, "windows-1252", "utf-16", "shift_jis", "gb18030"]),
)
def test_any_bytes_get_a_verdict(
    tail: bytes, name: str, start: bytes, kind: Kind, encoding: str | None
) -> None:
    """Under any name and declaration."""
    payload = start + tail
    dropped = Dropped(payload, name, kind, CheckPolicy(), encoding)
    examine(dropped, block_bytes=7, limit=100)


@pytest.mark.parametrize("start", [b"", b"_email,_name\n", b"code\n", b'_email,_name\n"'])
@settings(deadline=None, max_examples=5)
@given(seed=st.integers(0, 1 << 32), alphabet=st.sampled_from([bytes(range(256)), b'",;\n\r a']))
def test_any_bytes_take_bounded_memory(start: bytes, seed: int, alphabet: bytes) -> None:
    """Issues are kept up to a limit, and a cell or line that never ends is given up."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated, not to be secret
    content = start + bytes(chance.choices(alphabet, k=20_000))
    policy = CheckPolicy(block_bytes=1_024, max_issues=20)
    tracemalloc.start()
    try:
        judged(content, "some.csv", Kind.CONTACTS, policy)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8_000_000
