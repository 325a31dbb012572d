"""What is sent in place of a file: other columns and line ends, and every cell as it was."""

import csv
import io
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.checking.column_map import ColumnMap
from dropbox_agent.core.checking.writing import header_line
from dropbox_agent.core.issue import Plan, SentColumn, Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.reshaping import Reshaping, RowTooLarge
from tests.imported_bytes import cut

TEXT = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from('",;\r\n '),
    max_size=8,
)
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
DELIMITERS = st.sampled_from([",", ";"])
DIALECTS = st.tuples(DELIMITERS, LINE_ENDS)

Rows = list[list[str]]


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Draw rows of one width."""
    width = draw(st.integers(1, 4))
    return draw(st.lists(st.lists(TEXT, min_size=width, max_size=width), min_size=1, max_size=8))


@st.composite
def plans(draw: st.DrawFn, width: int) -> Plan:
    """Draw columns of a table of some width, in any order, and some that are added."""
    sources = draw(st.lists(st.integers(0, width - 1), min_size=1, max_size=5))
    columns = [SentColumn(f"c{n}", source) for n, source in enumerate(sources)]
    for n, constant in enumerate(draw(st.lists(TEXT, max_size=2))):
        columns.append(SentColumn(f"k{n}", constant=constant))
    return Plan(tuple(draw(st.permutations(columns))), copies_rows=True)


def written(
    rows: Rows, delimiter: str, line_end: str, quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL
) -> bytes:
    """Write rows as some exporter would, with its own line ends."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(rows)
    return text.getvalue().encode()


def read(data: bytes, delimiter: str) -> Rows:
    """Read rows as an obvious reader does."""
    return list(csv.reader(io.StringIO(data.decode(), newline=""), delimiter=delimiter))


def expected(rows: Rows, plan: Plan) -> Rows:
    """Do to rows what a plan says, in the plainest way."""
    return [
        [each.constant if each.source is None else row[each.source] for each in plan.columns]
        for row in rows
    ]


@given(st.data(), tables(), DIALECTS, st.integers(1, 3), st.integers(0, 60))
def test_every_cell_survives_any_plan(
    data: st.DataObject, rows: Rows, dialect: tuple[str, str], above: int, more: int
) -> None:
    """Any table through any plan has the cells it had, and its slices joined are all of it."""
    delimiter, line_end = dialect
    plan = data.draw(plans(len(rows[0])))
    lines_above = (line_end * (above - 1) + "header" + line_end).encode()
    content = lines_above + written(rows, delimiter, line_end, csv.QUOTE_ALL)
    wanted = expected(rows, plan)
    room = max(len(written([row], delimiter, "\n", csv.QUOTE_ALL)) for row in wanted) + more
    reshaping = Reshaping(plan, delimiter=delimiter, header_lines=above, room=room)
    sent = b"".join(reshaping.pieces(io.BytesIO(content)))
    assert read(sent, delimiter) == wanted
    pieces = [sent[each.start : each.end] for each in reshaping.slices]
    assert b"".join(pieces) == sent
    assert [len(read(each, delimiter)) for each in pieces] == [
        each.rows for each in reshaping.slices
    ]
    assert all(len(each) <= room for each in pieces)


@given(tables(), DELIMITERS)
def test_the_same_bytes_come_of_it_every_time(rows: Rows, delimiter: str) -> None:
    """What is sent can be made again at any time, whatever it is cut into."""
    plan = Plan((SentColumn("a", 0), SentColumn("b", constant="x")), copies_rows=True)
    content = b"header\n" + written(rows, delimiter, "\n", csv.QUOTE_ALL)
    once, again = (
        b"".join(
            Reshaping(plan, delimiter=delimiter, header_lines=1, room=room).pieces(
                io.BytesIO(content)
            )
        )
        for room in (200, 10_000)
    )
    assert once == again


def test_only_what_needs_quotes_gets_them() -> None:
    """Quotes are written where a reader needs them, and nowhere else."""
    content = b'h,i\n"plain"," x"\n"a,b","say ""hi"""\n"a\rb","c\r\nd"\n'
    plan = Plan((SentColumn("h", 0), SentColumn("i", 1)), copies_rows=True)
    reshaping = Reshaping(plan, delimiter=",", header_lines=1, room=1_000)
    assert b"".join(reshaping.pieces(io.BytesIO(content))) == (
        b'plain, x\n"a,b","say ""hi"""\n"a\rb","c\r\nd"\n'
    )


def test_a_row_that_became_too_large_is_named_by_its_line() -> None:
    """A row that fits into no slice any more is told by the sender's line."""
    plan = Plan((SentColumn("h", 0), SentColumn("k", constant="x" * 20)), copies_rows=True)
    content = b'h\n"a\na"\nb\n' + b"c" * 20 + b"\n"
    reshaping = Reshaping(plan, delimiter=",", header_lines=1, room=40)
    with pytest.raises(RowTooLarge) as caught:
        list(reshaping.pieces(io.BytesIO(content)))
    assert caught.value.line == 5


def checked(data: bytes, column_map: ColumnMap, limit: int = 10_000) -> Verdict:
    """Check a file of contacts, which must be found in order."""
    policy = CheckPolicy(column_map=column_map, max_slice_bytes=limit, block_bytes=50)
    verdict = check(io.BytesIO(data), Kind.CONTACTS, policy)
    assert verdict.sendable, verdict.issues
    return verdict


MAIL = ColumnMap(
    names={"E-Mail": "_email", "Vorname": "_name"}, drop=("Notiz",), constants={"shop": "north"}
)
ONLY_NAMES = ColumnMap(names={"E-Mail": "_email", "Vorname": "_name", "Notiz": "note"})


@given(
    st.lists(st.tuples(st.integers(0, 999), TEXT, TEXT), min_size=1, max_size=30),
    DIALECTS,
    st.sampled_from([MAIL, ONLY_NAMES]),
    st.sampled_from(["", "\ufeff", "\n\n", "sep=;\r\n", "\ufeffsep=,\n"]),
    st.integers(200, 600),
)
@example([(1, "", "")], (",", "\n"), ONLY_NAMES, "", 200)
def test_parts_joined_hold_the_same_records(
    cells: list[tuple[int, str, str]],
    dialect: tuple[str, str],
    column_map: ColumnMap,
    preface: str,
    limit: int,
) -> None:
    """Every import begins with the header that is sent, and all together hold every row once."""
    delimiter, line_end = dialect
    rows = [[f"c{number}@example.com", name, note] for number, name, note in cells]
    table = [["E-Mail", "Vorname", "Notiz"], *rows]
    data = preface.encode() + written(table, delimiter, line_end, csv.QUOTE_ALL)
    verdict = checked(data, column_map, limit)
    bodies = cut(data, verdict, limit)
    assert all(len(body) <= limit for body in bodies)
    read_back = [read(body, delimiter) for body in bodies]
    if column_map is MAIL:
        wanted = [[mail, name, "north"] for mail, name, _ in rows]
        header = ["_email", "_name", "shop"]
    else:
        wanted, header = rows, ["_email", "_name", "note"]
    assert [body[0] for body in read_back] == [header] * len(bodies)
    assert [row for body in read_back for row in body[1:]] == wanted


def test_only_a_header_with_other_names_leaves_the_rows_as_they_are() -> None:
    """Where columns are only renamed, the bytes of the rows are the sender's."""
    rows = b'"a@example.com";"x"\r\nb@example.com;y\r\n'
    verdict = checked(b'"E-Mail"; Vorname\r\n' + rows, ONLY_NAMES)
    assert verdict.plan is not None
    assert not verdict.plan.copies_rows
    (piece,) = verdict.slices
    assert verdict.header == b"_email;_name\r\n"
    assert (b'"E-Mail"; Vorname\r\n' + rows)[piece.start : piece.end] == rows


def test_trailing_delimiters_and_our_own_columns_are_left_out() -> None:
    """What exporters and we ourselves put behind the columns is not sent."""
    data = b'_email,_name,_line,_error,,\na@example.com,A,7,bad,,\nb@example.com,B,8,," ",\n'
    verdict = checked(data, ColumnMap())
    assert cut(data, verdict, 10_000) == [b"_email,_name\na@example.com,A\nb@example.com,B\n"]


def test_lines_that_end_in_cr_are_sent_with_line_feeds() -> None:
    """Line ends of old Macs become those that every reader knows; cells keep what they have."""
    data = b'\r_email,_name\ra@example.com,"A\rA"\r\rb@example.com,B'
    verdict = checked(data, ColumnMap())
    assert cut(data, verdict, 10_000) == [b'_email,_name\na@example.com,"A\rA"\nb@example.com,B\n']


def test_a_file_in_order_is_sent_as_it_is() -> None:
    """A file that needs no change has no plan."""
    verdict = checked(b'"_email","_name"\r\na@example.com,A\n', ColumnMap())
    assert verdict.plan is None
    assert verdict.header == b'"_email","_name"\r\n'


def test_a_header_line_is_quoted_where_it_must_be() -> None:
    """Names with delimiters are put in quotes, and the line end is the one asked for."""
    assert header_line(["a;b", "c"], ";", b"\r\n") == b'"a;b";c\r\n'
