"""Rows to fix: what was refused, in the sender's own rows, ready to be mended and dropped again."""

import csv
import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.checking.column_map import ColumnMap
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.mending import (
    Refusals,
    Refused,
    csv_lines,
    faults_of_rows,
    is_about_rows,
    read_refusals,
    rows_to_fix,
)

MAP = ColumnMap(names={"E-Mail": "_email"}, drop=("Notiz",), constants={"shop": "north"})
EXPORT = 'sep=;\r\n\r\nE-Mail;Notiz;;\r\na@example.com;"x\r\ny";;\r\nb@example.com;z;;\r\n'


def checked(text: str, policy: CheckPolicy) -> Verdict:
    """Check a file of contacts."""
    return check(io.BytesIO(text.encode()), Kind.CONTACTS, policy)


def fixed(text: str, verdict: Verdict, refused: Refused) -> list[list[str]]:
    """List the rows to fix of a file."""
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    return list(rows_to_fix(lines, verdict.facts, verdict.plan, refused))


def zipped(name: str, data: bytes) -> bytes:
    """Pack one file."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, data)
    return packed.getvalue()


def test_refusals_are_read_from_any_likely_form() -> None:
    """CSV or ZIP, commas or semicolons, a byte-order mark, columns that nobody knows of."""
    expected = Refusals(("_email",), {("a@example.com",): "7; mailbox full"})
    for report in (
        b"row,_email,reason\n7,a@example.com,mailbox full\n",
        "\ufeffrow;_email;reason\r\n7;a@example.com;mailbox full\r\n".encode(),
        zipped("errors.csv", b'"row","_email","reason"\n"7","a@example.com","mailbox full"\n'),
    ):
        assert read_refusals(report, ("_email", "_name")) == expected


def test_what_we_added_ourselves_is_no_reason() -> None:
    """A constant column in the server's report neither names a row nor tells why."""
    report = b"_email,shop,reason\na@example.com,north,bad\n"
    assert read_refusals(report, ("_email", "shop"), {"shop"}).reasons == {
        ("a@example.com",): "bad"
    }


def test_refused_rows_have_the_senders_columns_and_lines() -> None:
    """Rows that were sent under other names come back as the sender wrote them."""
    verdict = checked(EXPORT, CheckPolicy(column_map=MAP))
    refused = Refused((Refusals(("_email",), {("b@example.com",): "bad"}),))
    assert fixed(EXPORT, verdict, refused) == [
        ["E-Mail", "Notiz", "_line", "_error"],
        ["b@example.com", "z", "6", "bad"],
    ]


def test_what_the_check_said_of_a_refused_row_is_told_with_it() -> None:
    """The server's reason comes first; rows that it took are left out, whatever we said."""
    text = "_email,_birthdate\na@example.com,31/12/1990\nb@example.com,1/1/1990\n"
    verdict = checked(text, CheckPolicy())
    by_us = faults_of_rows(verdict.issues)
    assert sorted(by_us) == [2, 3]
    refused = Refused((Refusals(("_email",), {("b@example.com",): "no date"}),), by_us)
    ((*_, told),) = fixed(text, verdict, refused)[1:]
    assert told.startswith("no date; ")
    assert "'_birthdate'" in told


def test_rows_that_we_refused_are_listed_for_themselves() -> None:
    """Of a file that was rejected for its rows, those with faults are listed."""
    text = "_email,_birthdate\na@example.com,1990-12-31\nb@example.com,1/1/1990\n"
    verdict = checked(text, CheckPolicy(row_faults="reject"))
    assert is_about_rows(verdict.issues)
    rows = fixed(text, verdict, Refused(by_us=faults_of_rows(verdict.issues)))
    assert [row[2] for row in rows[1:]] == ["3"]


def test_a_file_with_faults_of_its_own_is_not_about_rows() -> None:
    """A broken header cannot be mended row by row."""
    verdict = checked("_emial,_name\na@example.com,A\n", CheckPolicy(row_faults="reject"))
    assert not is_about_rows(verdict.issues)


def test_what_fits_no_row_comes_last() -> None:
    """Nothing the server said is lost."""
    text = "_email,_name\na@example.com,A\n"
    refused = Refused((Refusals(("_email",), {("x@example.com",): "bad"}),))
    assert fixed(text, checked(text, CheckPolicy()), refused)[1:] == [
        ["x@example.com", "", "", "bad"]
    ]


NAMES = st.text(st.sampled_from('ab,;"\r\n é'), max_size=6)


@given(
    st.lists(NAMES, min_size=1, max_size=8),
    st.sets(st.integers(0, 7)),
    st.sampled_from([",", ";"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_rows_to_fix_are_the_same_rows_and_can_be_dropped_again(
    names: list[str], bad: set[int], delimiter: str, line_end: str
) -> None:
    """Every cell of a refused row survives, its line is right, and the file is accepted again."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    rows = [[f"c{n}@example.com", name] for n, name in enumerate(names)]
    writer.writerows([["_email", "_name"], *rows])
    data = text.getvalue()
    verdict = checked(data, CheckPolicy())
    reasons: dict[tuple[str, ...], str] = {(rows[n][0],): f"bad {n}" for n in bad if n < len(rows)}
    found = fixed(data, verdict, Refused((Refusals(("_email",), reasons),)))
    assert [row[:2] for row in found[1:]] == [row for n, row in enumerate(rows) if n in bad]
    lines = list(io.StringIO(data, newline=""))
    for email, _, line, _ in found[1:]:
        assert lines[int(line) - 1].startswith(f'"{email}"')
    if reasons:
        mended = b"".join(csv_lines(found, delimiter)).decode()
        again = checked(mended, CheckPolicy())
        assert again.sendable
        assert again.plan is not None
        assert again.plan.names == ("_email", "_name")
