"""Whole checks: what is wrong with a file, where, and what it is told."""

import hashlib
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.checking import CheckPolicy, ContactField, check
from dropbox_agent.core.issue import Severity, Slice, Verdict
from dropbox_agent.core.kind import Kind

CONTACTS, PRODUCTS, VOUCHERS = Kind
PRODUCT_HEADER = "productId,name,productDetailUrl,unitPrice"
MORE_PRODUCT_COLUMNS = "rating,discountedPercentage,publishedAt,inStockUnits,tags,isBlacklisted"
PRODUCT_ROW = "P1,Chair,https://shop.example.com/p/1,20.99"


def checked(kind: Kind, data: str | bytes, policy: CheckPolicy | None = None) -> Verdict:
    """Check a file that consists of this text or these bytes."""
    raw = data.encode() if isinstance(data, str) else data
    return check(io.BytesIO(raw), kind, policy or CheckPolicy())


def places(verdict: Verdict) -> list[tuple[str, int | None, str | None]]:
    """Reduce issues to their codes and places."""
    return [(issue.code, issue.line, issue.column) for issue in verdict.issues]


REJECTED: list[tuple[str, Kind, str | bytes, list[tuple[str, int | None, str | None]]]] = [
    ("empty", CONTACTS, b"", [("empty-file", None, None)]),
    ("only white space", CONTACTS, b"\xef\xbb\xbf\r\n \n", [("empty-file", None, None)]),
    ("header only", CONTACTS, "_email,_name\n", [("no-rows", None, None)]),
    ("header and blank lines", CONTACTS, "_email,_name\n\n\n", [("no-rows", None, None)]),
    ("tabs", CONTACTS, "_email\t_name\na@b.de\tAna\n", [("wrong-delimiter", 1, None)]),
    ("bars", CONTACTS, "_email|_name\na@b.de|Ana\n", [("wrong-delimiter", 1, None)]),
    (
        "header and rows differ in delimiter",
        CONTACTS,
        "_email;_name\na@b.de,Ana\nb@b.de,Ben\n",
        [("delimiter-unclear", 1, None)],
    ),
    (
        "one header, several cells",
        VOUCHERS,
        "code\nA;10\nB;20\n",
        [("delimiter-unclear", 1, None)],
    ),
    ("both delimiters", CONTACTS, "a,b;c\n1,2;3\n", [("delimiter-unclear", 1, None)]),
    ("UTF-16", CONTACTS, "_email,_name\na@b.de,Ana\n".encode("utf-16"), [("not-utf8", None, None)]),
    (
        "UTF-16 without a mark",
        CONTACTS,
        "_email,_name\na@b.de,Ana\n".encode("utf-16-be"),
        [("not-utf8", None, None)],
    ),
    (
        "Latin-1",
        CONTACTS,
        "_email,_name\na@b.de,Ana\nb@b.de,Iñés\n".encode("latin-1"),
        [("not-utf8", 3, None)],
    ),
    ("cut within a character", CONTACTS, b"_email,_name\na@b.de,\xc3", [("not-utf8", 2, None)]),
    ("NUL", CONTACTS, "_email,_name\na@b.de,A\0\n", [("nul-byte", 2, None)]),
    ("binary", CONTACTS, b"\x01\x02\x00\x03\n", [("nul-byte", 1, None)]),
    ("HTML", PRODUCTS, "\n <!DOCTYPE html>\n<html>", [("looks-like-html", None, None)]),
    ("XML", PRODUCTS, '<?xml version="1.0"?><rss/>', [("looks-like-html", None, None)]),
    ("XLSX", PRODUCTS, b"PK\x03\x04\x14\x00\x06xl/book", [("looks-like-xlsx", None, None)]),
    ("XLS", PRODUCTS, b"\xd0\xcf\x11\xe0\xa1\xb1", [("looks-like-xlsx", None, None)]),
    ("ZIP", PRODUCTS, b"PK\x03\x04\x14\x00\x06a.csv", [("looks-compressed", None, None)]),
    ("PDF", PRODUCTS, b"%PDF-1.7\n", [("looks-like-other", None, None)]),
    ("JSON", PRODUCTS, b'\xef\xbb\xbf [\n  {"a": 1}]', [("looks-like-other", None, None)]),
    ("gzip", PRODUCTS, b"\x1f\x8b\x08\x00", [("looks-compressed", None, None)]),
    (
        "no key column",
        CONTACTS,
        "_name,_surname\nAna,B\n",
        [("required-column-missing", 1, None)],
    ),
    (
        "two required columns missing",
        PRODUCTS,
        "productId,name\nP1,Chair\n",
        [
            ("required-column-missing", 1, "productDetailUrl"),
            ("required-column-missing", 1, "unitPrice"),
        ],
    ),
    (
        "wrong capitals",
        PRODUCTS,
        f"{PRODUCT_HEADER.replace('unitPrice', 'unitprice')}\n{PRODUCT_ROW}\n",
        [("column-misspelt", 1, "unitprice")],
    ),
    (
        "wrong punctuation",
        CONTACTS,
        "email,E-Mail Status\na@b.de,active\n",
        [("column-misspelt", 1, "email"), ("column-misspelt", 1, "E-Mail Status")],
    ),
    ("wrong letter", CONTACTS, "_emial,_name\na@b.de,A\n", [("column-unknown", 1, "_emial")]),
    (
        "unknown column",
        PRODUCTS,
        f"{PRODUCT_HEADER},warehouse\n{PRODUCT_ROW},x\n",
        [("column-unknown", 1, "warehouse")],
    ),
    ("second voucher column", VOUCHERS, "code,worth\nA,1\n", [("column-unknown", 1, "worth")]),
    (
        "read-only column",
        CONTACTS,
        "_email,_createdAt\na@b.de,2024-01-01\n",
        [("column-read-only", 1, "_createdAt")],
    ),
    (
        "delimiters at the end of lines, and something behind them",
        CONTACTS,
        "_email,_name,\na@b.de,A,\nb@b.de,B,x\n",
        [("header-blank", 1, None)],
    ),
    ("blank names", CONTACTS, "_email,,_name,\na@b.de,,A,\n", [("header-blank", 1, None)]),
    ("same name", CONTACTS, "_email,_name,_name\na@b.de,A,B\n", [("header-duplicate", 1, "_name")]),
    ("no header", CONTACTS, "a@b.de,Ana\nb@b.de,Ben\n", [("header-missing", 1, None)]),
    ("codes only", VOUCHERS, "SUMMER\nWINTER\n", [("header-missing", 1, None)]),
    ("wide", CONTACTS, "x," * 1_200 + "\n" + "y," * 1_200, [("too-many-columns", 1, None)]),
    (
        "products among contacts",
        CONTACTS,
        f"{PRODUCT_HEADER}\n{PRODUCT_ROW}\n",
        [("wrong-kind", 1, None)],
    ),
    ("contacts among products", PRODUCTS, "_email,_name\na@b.de,A\n", [("wrong-kind", 1, None)]),
    ("contacts among vouchers", VOUCHERS, "_email,_name\na@b.de,A\n", [("wrong-kind", 1, None)]),
    ("vouchers among contacts", CONTACTS, "code\nSUMMER\n", [("wrong-kind", 1, None)]),
    ("open quote", CONTACTS, '_email,_name\na@b.de,"A\nb@b.de,B\n', [("quoting-broken", 2, None)]),
    ("text behind a quote", CONTACTS, '_email,_name\na@b.de,"A"x\n', [("quoting-broken", 2, None)]),
    ("open quote in header", CONTACTS, '_email,"_name\na@b.de,A\n', [("quoting-broken", 1, None)]),
    (
        "several broken rows",
        PRODUCTS,
        f'{PRODUCT_HEADER}\nP1,"5" TV",x,1\n{PRODUCT_ROW}\nP2,"7" TV",x,1\n',
        [("quoting-broken", 2, None), ("quoting-broken", 4, None)],
    ),
    (
        "ragged rows",
        CONTACTS,
        "_email,_name\na@b.de\nb@b.de,B\nc@b.de,C,C\n",
        [("ragged-row-short", 2, None), ("ragged-row-long", 4, None)],
    ),
    (
        "cut off",
        CONTACTS,
        "_email,_name,_points\na@b.de,A,1\nb@b.de",
        [("truncated-last-row", 3, None)],
    ),
]


@pytest.mark.parametrize(
    ("kind", "data", "expected"),
    [case[1:] for case in REJECTED],
    ids=[case[0] for case in REJECTED],
)
def test_rejects_bad_files_with_one_issue_for_each_cause(
    kind: Kind, data: str | bytes, expected: list[tuple[str, int | None, str | None]]
) -> None:
    """A file that cannot be imported is rejected, naming line and column where there is one."""
    verdict = checked(kind, data)
    errors = [issue for issue in verdict.issues if issue.severity is Severity.ERROR]
    assert [(issue.code, issue.line, issue.column) for issue in errors] == expected
    assert verdict.errors == len(expected)
    assert not verdict.sendable
    assert verdict.slices == ()


WARNED: list[tuple[str, Kind, str, list[tuple[str, int | None, str | None]]]] = [
    (
        "values of contacts",
        CONTACTS,
        "_email,_birthdate,_mobilePhone,_points,_emailStatus\nana,31/12/1990,6 5,0,on\n",
        [
            ("email-form", 2, "_email"),
            ("date-form", 2, "_birthdate"),
            ("phone-form", 2, "_mobilePhone"),
            ("integer-zero", 2, "_points"),
            ("value-not-allowed", 2, "_emailStatus"),
        ],
    ),
    (
        "values of products",
        PRODUCTS,
        f"{PRODUCT_HEADER},{MORE_PRODUCT_COLUMNS}\n" + 'P1, ,shop,"1,5",7,120,2021,1.5,a||b,yes\n',
        [
            ("value-blank", 2, "name"),
            ("url-form", 2, "productDetailUrl"),
            ("decimal-comma", 2, "unitPrice"),
            ("rating-range", 2, "rating"),
            ("percentage-range", 2, "discountedPercentage"),
            ("date-time-form", 2, "publishedAt"),
            ("integer-form", 2, "inStockUnits"),
            ("list-form", 2, "tags"),
            ("value-not-allowed", 2, "isBlacklisted"),
        ],
    ),
    (
        "values that the documentation leaves open, once for each column",
        CONTACTS,
        "_email,_points,_birthdate\na@b.de,0,1990-12-31\nb@b.de,0,\nc@b.de,00,\nd@b.de,0,\n",
        [
            ("integer-zero", 2, "_points"),
            ("values-partly-blank", 3, "_birthdate"),
            ("integer-form", 4, "_points"),
        ],
    ),
    (
        "prices with commas, addresses with escapes, discounts that do not fit",
        PRODUCTS,
        (
            "productId;name;productDetailUrl;unitPrice;unitPriceOriginal;discountedAmount\n"
            "1;A;https://shop.example.com/a%20b;7.99;10;2.01\n"
            "2;B;https://shop.example.com/100%;8;10;3\n"
            "3;C;https://shop.example.com/%C3%BC;7,99;10.00;\n"
            "4;D;https://shop.example.com/d;9,50;10.00;0.50\n"
        ),
        [
            ("url-encoded", 2, "productDetailUrl"),
            ("discount-differs", 3, None),
            ("decimal-comma", 4, "unitPrice"),
        ],
    ),
    (
        "rows of delimiters alone",
        CONTACTS,
        "_name;_email;_externalId\nA;a@b.de;\n;;\n;\xa0;\n",
        [("row-empty", 3, None), ("row-empty", 4, None)],
    ),
    (
        "vouchers",
        VOUCHERS,
        "code\nA A\nB;1\nC\nC\n \n",
        [
            ("voucher-form", 2, "code"),
            ("voucher-form", 3, "code"),
            ("key-duplicate", 5, "code"),
            ("key-blank", 6, "code"),
        ],
    ),
    (
        "addresses that differ in capitals",
        CONTACTS,
        "_email,_name\nana@b.de,A\nAna@B.de,A\n",
        [("key-duplicate", 3, "_email")],
    ),
    (
        "a row with neither key",
        CONTACTS,
        "_name,_email,_externalId\nA,a@b.de,\nB,,7\nC,, \n",
        [("key-blank", 4, None)],
    ),
    (
        "a long external id",
        CONTACTS,
        f"_externalId,_email\n{'7' * 51},a@b.de\n",
        [("too-long", 2, "_externalId")],
    ),
    (
        "external ids only",
        CONTACTS,
        "_externalId\n7\n",
        [("email-column-missing", 1, None)],
    ),
    (
        "fields of the account",
        CONTACTS,
        "_email,shoe,hat\na@b.de,1,2\n",
        [("column-unverified", 1, None)],
    ),
    (
        "some phones",
        CONTACTS,
        "_email,_mobilePhone\na@b.de,651234567\nb@b.de,\nc@b.de,\n",
        [("column-partly-blank", 3, "_mobilePhone")],
    ),
    (
        "spaces around names",
        CONTACTS,
        "_email, _name\xa0\na@b.de,A\n",
        [("names-cleaned", 1, None)],
    ),
    (
        "a byte-order mark inside quotes",
        CONTACTS,
        '"\ufeff_email","_name"\n"a@b.de","A"\n',
        [("names-cleaned", 1, None)],
    ),
    (
        "delimiters at the end of lines",
        CONTACTS,
        "_email;_name;;\na@b.de;A;;\nb@b.de;B; ;\n",
        [("trailing-delimiters", 1, None)],
    ),
    (
        "line ends of old Macs",
        CONTACTS,
        "_email,_name\ra@b.de,A\rb@b.de,B\r",
        [("line-ends-normalised", None, None)],
    ),
    (
        "one line end of an old Mac",
        CONTACTS,
        '_email,_name\r\na@b.de,"A\rA"\rb@b.de,B\r\n',
        [("line-ends-normalised", None, None)],
    ),
    ("our own columns", CONTACTS, "_email,_name,_line,_error\na@b.de,A,3,bad\n", []),
    (
        "blank lines",
        CONTACTS,
        "_email,_name\na@b.de,A\n\n\nb@b.de,B\n\n",
        [("blank-lines", 3, None)],
    ),
]


@pytest.mark.parametrize(
    ("kind", "data", "expected"), [case[1:] for case in WARNED], ids=[case[0] for case in WARNED]
)
def test_warns_of_what_the_server_decides(
    kind: Kind, data: str, expected: list[tuple[str, int | None, str | None]]
) -> None:
    """Faults of rows, and what is not certain, are warnings: the file is sent."""
    verdict = checked(kind, data)
    assert places(verdict) == expected
    assert verdict.warnings == len(expected)
    assert verdict.sendable


@pytest.mark.parametrize(
    ("kind", "data", "start", "rows"),
    [
        (CONTACTS, "_email,_name\na@b.de,Ana\nb@b.de,Ünal\n", 0, 2),
        (CONTACTS, "\ufeff_email;_name\r\na@b.de;Ana\r\n", 3, 1),
        (CONTACTS, "sep=;\r\n_email;_name\r\na@b.de;Ana", 7, 1),
        (CONTACTS, "\n\n_email,_name\r\na@b.de,Ana\nb@b.de,Ben\r\n", 2, 2),
        (CONTACTS, '"_email","_name"\n"a@b.de","A, ""B""\n\nC"\n', 0, 1),
        (CONTACTS, '_email,_name\na@b.de,"' + "x" * 200_000 + '"\n', 0, 1),
        (PRODUCTS, f"{PRODUCT_HEADER}\n{PRODUCT_ROW}\n", 0, 1),
        (VOUCHERS, "code\nSUMMER-1\nSUMMER-2", 0, 2),
    ],
)
def test_accepts_good_files(kind: Kind, data: str, start: int, rows: int) -> None:
    """A good file in any allowed dialect is sent as it is, from its header to its last row."""
    verdict = checked(kind, data)
    assert places(verdict) == []
    assert verdict.facts.rows == rows
    assert verdict.slices == (Slice(start=start, end=len(data.encode()), rows=rows),)
    assert data.encode()[start:].startswith(verdict.header)


def test_tells_the_facts() -> None:
    """The verdict names size, hash, encoding, delimiter and columns as the sender wrote them."""
    data = "\ufeff_email;_name\na@b.de;Ana\n".encode()
    facts = checked(CONTACTS, data).facts
    assert (facts.bytes, facts.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    assert (facts.encoding, facts.delimiter) == ("utf-8-sig", ";")
    assert facts.columns == ("_email", "_name")


def test_hashes_files_that_it_does_not_understand() -> None:
    """Size and hash cover the whole file, also when nothing of it could be read."""
    data = b"PK\x03\x04" + bytes(300_000)
    facts = checked(PRODUCTS, data).facts
    assert (facts.bytes, facts.sha256) == (len(data), hashlib.sha256(data).hexdigest())


def test_names_offset_line_and_likely_encoding_of_a_bad_byte() -> None:
    """Text that is not UTF-8 is told by its first bad byte and by what it may be."""
    verdict = checked(CONTACTS, "_email,_name\na@b.de,10 €\n".encode("cp1252"))
    message = verdict.issues[0].message
    assert "byte 0x80 in line 2, character 11 (byte 23 of the file)" in message
    assert "windows-1252, with words such as '€'" in message
    assert "CONTACTS_ENCODING=windows-1252" in verdict.issues[0].hint
    assert verdict.facts.encoding == "windows-1252"


def test_finds_other_faults_of_a_file_that_is_not_utf8() -> None:
    """Everything that is wrong is told in one go."""
    data = "_email,_name,_points\na@b.de,Iñés,x\nb@b.de\n".encode("latin-1")
    codes = [issue.code for issue in checked(CONTACTS, data).issues]
    assert codes == ["not-utf8", "integer-form", "ragged-row-short"]


def test_what_is_still_compressed_may_be_so_twice() -> None:
    """Whoever named it as it should be need not be told to name it so."""
    (issue,) = checked(CONTACTS, b"\x1f\x8b\x08\x00").issues
    assert "plain CSV file" in issue.message
    assert "compressed twice" in issue.hint


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("line", ["{}\n", " export {}\n", "_email,{}\n", "{},code\na,b\n"])
def test_the_agents_own_key_is_not_repeated(kind: Kind, line: str) -> None:
    """Somebody may drop agent.env by mistake: no report, journal or message shows the key."""
    verdict = checked(kind, line.format("CONNECTIF_API_KEY=ab12:s3cret"))
    assert "s3cret" not in repr(verdict)


def test_a_message_says_what_was_found_and_what_is_needed() -> None:
    """A misspelt column is named together with the right name."""
    data = f"{PRODUCT_HEADER.replace('unitPrice', 'unitprice')}\n{PRODUCT_ROW}\n"
    issue = checked(PRODUCTS, data).issues[0]
    assert issue.message == "Column 4 is called 'unitprice'; the import needs 'unitPrice'."
    assert issue.hint.startswith("Rename the header to unitPrice")


def test_offers_the_nearest_name() -> None:
    """An unknown column comes with the known name that is most like it."""
    assert "_email?" in checked(CONTACTS, "_emial\na@b.de\n").issues[0].hint


def test_a_duplicate_names_the_line_of_the_first_one() -> None:
    """Line numbers are physical lines, also behind cells with line breaks."""
    data = '_email,_name\na@b.de,"1\r\n2\n3\r4"\nb@b.de,B\na@b.de,C\n'
    issue = checked(CONTACTS, data).issues[0]
    assert issue.line == 7
    assert "line 2" in issue.message


def test_a_name_that_is_no_text_stays_readable() -> None:
    """A header with line breaks or of great length does not spoil the message."""
    data = f'_email,"_a\nb",_{"x" * 500}\na@b.de,1,2\n'
    first, second = checked(CONTACTS, data).issues
    assert "'_a\\nb'" in first.message
    assert len(second.message) < 200


@pytest.mark.parametrize(
    ("row_faults", "errors"), [("warn", 0), ("reject", 2), (0.1, 2), (0.5, 0), (1.0, 0)]
)
def test_row_faults_reject_when_the_policy_says_so(row_faults: float, errors: int) -> None:
    """Faults of rows become errors always, never, or above a share of the rows."""
    data = "_email,shoe\na@b.de,1\nx,2\ny,3\nb@b.de,4\n"
    verdict = checked(CONTACTS, data, CheckPolicy(row_faults=row_faults))
    assert verdict.errors == errors
    assert verdict.errors + verdict.warnings == 3
    assert verdict.sendable is (errors == 0)


def test_an_error_is_listed_however_many_warnings_there_are() -> None:
    """The reason for a rejection is among the issues even if a thousand warnings precede it."""
    data = "_email,_name\n" + "x,y\n" * 1_500 + "a@b.de\n"
    verdict = checked(CONTACTS, data)
    assert len(verdict.issues) == 1_000
    assert verdict.issues[-1].code == "ragged-row-short"
    assert verdict.truncated


def test_cuts_large_files_at_records() -> None:
    """A file above the limit is sent in slices of whole records that fit with the header."""
    row = '"P{0}","Line\nbreak",https://shop.example.com/{0},1.50\n'
    data = PRODUCT_HEADER + "\n" + "".join(row.format(n) for n in range(500))
    verdict = checked(PRODUCTS, data, CheckPolicy(max_slice_bytes=2_000, block_bytes=777))
    assert sum(piece.rows for piece in verdict.slices) == 500
    assert verdict.slices[0].start == 0
    assert verdict.slices[-1].end == len(data)
    for piece in verdict.slices[1:]:
        assert data[piece.start :].startswith('"P')
        assert len(verdict.header) + piece.end - piece.start <= 2_000


def test_a_row_that_fits_into_no_slice_rejects_the_file() -> None:
    """A single record above the limit cannot be sent at all."""
    data = "_email,_name\na@b.de,A\nb@b.de," + "x" * 100 + "\nc@b.de,C\n"
    verdict = checked(CONTACTS, data, CheckPolicy(max_slice_bytes=60))
    assert places(verdict) == [("row-too-large", 3, None)]


def test_an_open_quote_does_not_take_in_a_large_file() -> None:
    """A cell that never ends is given up after a million characters."""
    data = '_email,_name\na@b.de,"A\n' + "b@b.de,B\n" * 130_000
    verdict = checked(CONTACTS, data)
    assert ("cell-too-long", 2, None) in places(verdict)
    assert verdict.facts.rows > 10_000


@pytest.mark.parametrize("header", ["_email," + "x" * 70_000, "_email,_name"])
def test_an_endless_line_is_given_up(header: str) -> None:
    """A line without an end is neither kept in memory nor split."""
    data = f"{header}\na@b.de," + "x" * 17_000_000
    verdict = checked(CONTACTS, data)
    assert [issue.code for issue in verdict.issues][:1] == ["line-too-long"]
    assert verdict.facts.bytes == len(data)


def test_too_many_codes_for_a_set_are_told() -> None:
    """More codes than a voucher set takes is a warning."""
    data = "code\n" + "".join(f"S{n}\n" for n in range(500_001))
    verdict = checked(VOUCHERS, data)
    assert places(verdict) == [("too-many-codes", None, None)]
    assert "500,001" in verdict.issues[0].message


def test_uses_what_the_account_knows() -> None:
    """With the account's contact fields their ids, types and options are checked."""
    fields = (
        ContactField("_email", "email"),
        ContactField("shoe", "integer"),
        ContactField("size", "radio", options=("s", "m.l")),
        ContactField("likes", "checkbox", options=("a", "b")),
        ContactField("note", "text", max_length=3),
        ContactField("score", "decimal", read_only=True),
    )
    data = "_email,shoe,size,likes,note,score,sheo\na@b.de,x,m,a|c,four,1,2\n"
    verdict = checked(CONTACTS, data, CheckPolicy(contact_fields=fields))
    assert places(verdict) == [
        ("column-read-only", 1, "score"),
        ("column-unknown", 1, "sheo"),
        ("integer-form", 2, "shoe"),
        ("value-not-allowed", 2, "size"),
        ("value-not-allowed", 2, "likes"),
        ("too-long", 2, "note"),
    ]
    assert "Did you mean shoe?" in verdict.issues[1].hint


def test_what_a_contact_takes_for_true_is_left_open() -> None:
    """It is told once for the column, as nothing is documented; a product's column takes two."""
    policy = CheckPolicy(contact_fields=(ContactField("vip", "boolean"),), row_faults="reject")
    verdict = checked(CONTACTS, "_email,vip\na@b.de,true\nb@b.de,yes\nc@b.de,1\n", policy)
    assert places(verdict) == [("boolean-form", 3, "vip")]
    assert verdict.sendable


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (CONTACTS, "_email,_points\na@b.de,0\nb@b.de,1\n"),
        (CONTACTS, "_email,_birthdate\na@b.de,1990-12-31\nb@b.de,\n"),
        (CONTACTS, "_email,_mobilePhone\na@b.de,651234567\nb@b.de,\n"),
        (PRODUCTS, f"{PRODUCT_HEADER.replace(',', ';')}\n1;A;https://shop.example.com/1;1,5\n"),
        (VOUCHERS, "code\nA B\n"),
    ],
)
def test_what_is_left_open_is_no_fault_of_a_row(kind: Kind, data: str) -> None:
    """Not even where faults of rows reject."""
    verdict = checked(kind, data, CheckPolicy(row_faults="reject"))
    assert verdict.warnings == 1
    assert verdict.facts.row_faults == 0
    assert verdict.sendable


@pytest.mark.parametrize("block_bytes", [16, 1_000])
def test_doubts_keep_rows_of_too_many_cells_from_passing(block_bytes: int) -> None:
    """A decimal comma is none where the comma separates cells."""
    rows = '1,A,https://shop.example.com/1,9\n2,B,https://shop.example.com/2,"9,5"\n'
    data = f"{PRODUCT_HEADER}\n{rows}3,C,https://shop.example.com/3,9,5\n"
    verdict = checked(PRODUCTS, data, CheckPolicy(block_bytes=block_bytes))
    assert places(verdict) == [("decimal-comma", 3, "unitPrice"), ("ragged-row-long", 4, None)]


def test_a_field_may_be_taken_for_its_name() -> None:
    """The id is offered; a name that two fields have means neither."""
    fields = (
        ContactField("cf_17", "text", name="Shoe size"),
        ContactField("cf_18", "text", name="Taste"),
        ContactField("cf_19", "text", name="taste"),
    )
    policy = CheckPolicy(contact_fields=fields)
    verdict = checked(CONTACTS, "_email,shoe size,Taste\na@b.de,42,tea\n", policy)
    assert places(verdict) == [
        ("column-misspelt", 1, "shoe size"),
        ("column-unknown", 1, "Taste"),
    ]
    assert "Rename the header to cf_17" in verdict.issues[0].hint


def test_labels_in_place_of_options_are_told_apart_from_other_values() -> None:
    """Each with its own lines."""
    size = ContactField("size", "radio", options=("s", "m"), labels=("Small", "Medium"))
    data = "_email,size\na@b.de,s\nc@b.de,Small\nd@b.de,huge\ne@b.de,medium\nf@b.de,small\n"
    verdict = checked(CONTACTS, data, CheckPolicy(contact_fields=(size,)))
    assert places(verdict) == [
        ("label-instead-of-option", 3, "size"),
        ("value-not-allowed", 4, "size"),
        ("label-instead-of-option", 5, "size"),
        ("label-instead-of-option", 6, "size"),
    ]
    assert [each.hint.split(".")[0] for each in verdict.issues[2:]] == [
        "Write m in place of the label",
        "Write s in place of the label",
    ]


@pytest.mark.parametrize("rows", ["a@b.de,1,x\n", "a@b.de,1,x\n" * 2000])
def test_an_option_with_a_delimiter_in_it_does_not_join_cells(rows: str) -> None:
    """Not even where whole blocks are taken at once."""
    field = ContactField("size", "radio", options=("1,x", "1"))
    policy = CheckPolicy(contact_fields=(field,))
    verdict = checked(CONTACTS, f"_email,size\n{rows}", policy)
    assert {each.code for each in verdict.issues} == {"ragged-row-long"}
    assert checked(CONTACTS, '_email,size\na@b.de,"1,x"\n', policy).sendable


@given(st.binary(max_size=400), st.sampled_from(Kind), st.integers(1, 40))
def test_nothing_makes_it_fail(data: bytes, kind: Kind, block_bytes: int) -> None:
    """Any bytes get a verdict: sendable, or rejected with a reason."""
    verdict = checked(kind, data, CheckPolicy(block_bytes=block_bytes))
    assert verdict.sendable is (verdict.errors == 0)
    assert verdict.facts.sha256 == hashlib.sha256(data).hexdigest()


@given(
    st.sampled_from(["_email,_name,_points", "name,productId,productDetailUrl,unitPrice", "code"]),
    st.sampled_from(Kind),
    st.text(st.sampled_from('secret",;\n@\r1 '), max_size=60),
)
def test_messages_hold_no_cell(header: str, kind: Kind, body: str) -> None:
    """Personal data stays out of messages and hints."""
    verdict = checked(kind, f"{header}\nsecret,secret\n{body}")
    for issue in verdict.issues:
        assert "secret" not in issue.message + issue.hint
        assert not re.search(r"[{}]", issue.message + issue.hint)
