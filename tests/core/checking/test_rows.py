"""The fast way over the rows agrees with a plain loop, whatever the file."""

import io

from hypothesis import example, given
from hypothesis import strategies as st

from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.issue import Severity, Verdict
from dropbox_agent.core.kind import Kind
from tests.core.checking.naive import Found, Naive

HEADERS = {
    Kind.CONTACTS: (
        ["_email"],
        ["_email", "_name"],
        ["_email", "_birthdate", "_mobilePhone", "_points"],
        ["_name", "_externalId", "_emailStatus", "_email", "_mobilePhone"],
        ["_externalId", "_mobilePhone", "_name"],
    ),
    Kind.PRODUCTS: (
        ["productId", "name", "productDetailUrl", "unitPrice"],
        ["name", "unitPrice", "brand", "productDetailUrl", "productId"],
    ),
    Kind.VOUCHERS: (["code"],),
}
OF_THE_HEADER = {
    "column-unverified",
    "email-column-missing",
    "no-rows",
    "delimiter-unclear",
    "nul-byte",
    "line-ends-normalised",
}
GOOD = {
    "_email": ["ana@example.com", "Ana@example.com", "b.c@mail.example.org", "x@y.de"],
    "_name": ["Ana", "", "Ünal", "\u2028", "O'Neill"],
    "_birthdate": ["1990-12-31", "2000-02-29", ""],
    "_mobilePhone": ["+34651234567", "651234567"],
    "_points": ["1", "700", "-3", ""],
    "_externalId": ["A1", "A2", "A3", "A" * 50],
    "_emailStatus": ["active", "banned", ""],
    "productId": ["P1", "P2", "P3", "P4", "p1"],
    "name": ["Chair", "Canapé"],
    "brand": ["", "Élan"],
    "productDetailUrl": ["https://shop.example.com/p/1", "HTTP://shop.example.com"],
    "unitPrice": ["20.99", "5", "0.0"],
    "code": ["SUMMER1", "SUMMER2", "S-3", "€4"],
}
BAD = [
    "",
    " ",
    "  ",
    "x",
    "a@b",
    "a@@b.de",
    "1999-02-29",
    "0",
    "01",
    "1,5",
    "A" * 51,
    "a b",
    "\xa0",
]
NASTY = ['"', '""', "\r", "\n", "\r\n", ",", ";", '"a"b', "\0", "\x1c", "\u2028", "\t"]


def quoted(cell: str) -> str:
    """Write a cell in quotes."""
    return '"' + cell.replace('"', '""') + '"'


def cells(name: str) -> st.SearchStrategy[str]:
    """Mostly good cells, some bad ones, some that break the file."""
    good = st.sampled_from(GOOD[name])
    bad = st.sampled_from(BAD + NASTY)
    return st.one_of(
        good, good, good, good, bad, bad.map(quoted), good.map(quoted), st.sampled_from(NASTY)
    )


@st.composite
def files(draw: st.DrawFn) -> tuple[Kind, list[str], str, str]:
    """Draw a kind, a header, a delimiter, and everything behind the header."""
    kind = draw(st.sampled_from(list(Kind)))
    names = draw(st.sampled_from(HEADERS[kind]))
    delimiter = draw(st.sampled_from([",", ";"])) if len(names) > 1 else ","
    careful = draw(st.booleans())
    rows = []
    for _ in range(draw(st.integers(1, 12))):
        if careful:
            row = [draw(st.sampled_from(GOOD[name])) for name in names]
        else:
            row = [draw(cells(name)) for name in names]
        rows.append(delimiter.join(row))
    if not careful and draw(st.booleans()):
        rows.insert(
            draw(st.integers(0, len(rows))), draw(st.sampled_from(["", ",", '"', "x", "\r"]))
        )
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    return kind, names, delimiter, end.join(rows) + draw(st.sampled_from(["", end, end * 3]))


def checked(kind: Kind, data: bytes, policy: CheckPolicy) -> Verdict:
    """Check a file that consists of these bytes."""
    return check(io.BytesIO(data), kind, policy)


def found(verdict: Verdict) -> list[Found]:
    """Reduce issues to their codes and places, and leave out those of the header."""
    return [
        (each.code, each.line, each.column)
        for each in verdict.issues
        if each.code not in OF_THE_HEADER
    ]


@given(files(), st.integers(1, 90))
@example((Kind.CONTACTS, ["_email", "_name"], ",", 'a@b.de,"x\n\ny"\nc@d.de,"z\n'), 5)
def test_agrees_with_a_plain_loop_over_rows(
    file: tuple[Kind, list[str], str, str], block_bytes: int
) -> None:
    """Issues, lines, columns and the number of rows are those of an obvious loop."""
    kind, names, delimiter, body = file
    data = (delimiter.join(names) + "\n" + body).encode()
    verdict = checked(kind, data, CheckPolicy(block_bytes=block_bytes))
    if any(issue.code == "delimiter-unclear" for issue in verdict.issues):
        return
    naive = Naive(names, delimiter)
    assert found(verdict) == naive.run(body, first_line=2)
    assert verdict.facts.rows == naive.rows


@given(files(), st.integers(1, 90), st.integers(0, 200))
def test_slices_hold_every_row_once_and_fit(
    file: tuple[Kind, list[str], str, str], block_bytes: int, room: int
) -> None:
    """Slices put behind the header give back the same records, and none is above the limit."""
    kind, names, delimiter, body = file
    header = delimiter.join(names) + "\r\n"
    limit = len(header) + room
    policy = CheckPolicy(block_bytes=block_bytes, max_slice_bytes=limit)
    verdict = checked(kind, (header + body).encode(), policy)
    if not verdict.sendable:
        assert verdict.errors
        assert verdict.slices == ()
        return
    if verdict.plan:  # its lines end with CR: they are written anew, and cut then
        return
    assert verdict.header == header.encode()
    naive, pieces = Naive(names, delimiter), Naive(names, delimiter)
    naive.run(body, first_line=2)
    start = 0
    for piece in verdict.slices:
        assert piece.start == start
        start = piece.end
        data = (header + body).encode()[piece.start : piece.end]
        rows = data[len(header) :] if piece.start == 0 else data
        assert len(header) + len(rows) <= limit
        before = pieces.rows
        pieces.run(rows.decode(), first_line=2)
        assert pieces.rows - before == piece.rows > 0
    assert pieces.records == naive.records
    assert sum(piece.rows for piece in verdict.slices) == verdict.facts.rows
    assert not (header + body).encode()[start:].strip(b"\r\n")


@given(files(), st.integers(1, 5))
def test_keeps_the_first_issues_and_counts_all(
    file: tuple[Kind, list[str], str, str], most: int
) -> None:
    """A short list of issues holds errors before warnings, by line, with exact totals."""
    kind, names, delimiter, body = file
    data = (delimiter.join(names) + "\n" + body).encode()
    everything, few = (
        checked(kind, data, CheckPolicy()),
        checked(kind, data, CheckPolicy(max_issues=most)),
    )
    assert (few.errors, few.warnings) == (everything.errors, everything.warnings)
    errors = [issue for issue in everything.issues if issue.severity is Severity.ERROR]
    others = [issue for issue in everything.issues if issue.severity is Severity.WARNING]
    expected = (errors + others)[:most]
    assert list(few.issues) == [issue for issue in everything.issues if issue in expected]
