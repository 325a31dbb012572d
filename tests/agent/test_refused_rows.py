"""Rows that the server refused come back beside the file, and never hinder its filing."""

import io
import zipfile

import pytest

from dropbox_agent.core.imports import Accepted, ApiUnavailable, Body, ImportOptions, SendAnswer
from dropbox_agent.core.kind import Kind
from tests.drops import contacts
from tests.fakes import FakeImportApi
from tests.homes import Home

LINK = "https://files.example.com/refused.csv"
REFUSED = b"_email,reason\ncustomer1@example.com,The mailbox is full\n"


class ReportingApi(FakeImportApi):
    """A server that refuses a row of every import, and has a file of refused rows for each.

    Attributes:
        refused: The file; None when it cannot be had.
    """

    refused: bytes | None = REFUSED

    def create(self, kind: Kind, options: ImportOptions, body: Body) -> SendAnswer:
        """Take one CSV."""
        self.faulty_rows = 1
        answer = super().create(kind, options, body)
        if isinstance(answer, Accepted):
            self.claim(answer.imported.id, error_report_url=LINK)
        return answer

    def error_report(self, url: str) -> bytes:
        """Give the file."""
        if url != LINK or self.refused is None:
            raise ApiUnavailable("It has expired.", hint="Look there.", code="no-error-report")
        return self.refused


@pytest.fixture
def api(home: Home) -> ReportingApi:
    """The server of the home."""
    api = home.api = ReportingApi(home.clock)
    return api


def _zip(content: bytes, damaged_at: int | None = None) -> bytes:
    """Pack a file; with a few bytes in the middle of it spoilt if told so."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("refused.csv", content)
    whole = packed.getvalue()
    if damaged_at is None:
        return whole
    return whole[:damaged_at] + b"\xff" * 4 + whole[damaged_at + 4 :]


@pytest.mark.parametrize("report", [REFUSED, _zip(REFUSED)], ids=["plain", "zip"])
def test_refused_rows_lie_beside_the_file(home: Home, api: ReportingApi, report: bytes) -> None:
    """The server's file of refused rows is joined with the sender's rows and their lines."""
    api.refused = report
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    name = home.report("people.csv")["rows_to_fix"]
    assert (home.folders.processed / "contacts" / name).read_bytes() == (
        b"_email,_name,_line,_error\r\ncustomer1@example.com,Ada,3,The mailbox is full\r\n"
    )


def test_a_file_of_refused_rows_that_cannot_be_had_is_no_obstacle(
    home: Home, api: ReportingApi
) -> None:
    """The counts are reported all the same, and the report names no such file."""
    api.refused = None
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    report = home.report("people.csv")
    assert (report["outcome"], report["rows_to_fix"]) == ("partial", None)
    assert home.witness.troubles == [("no-error-report", "people.csv")]


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\xff\xfe\x00\x00",
        b"PK\x03\x04 is no archive",
        b'_email,reason\n"never closed',
        b"<html>Sign in</html>",
        b"_email\n" + b"x" * 2_000_000,
        _zip(REFUSED * 99, damaged_at=60),
        _zip(REFUSED * 99)[:80],
    ],
    ids=[
        "nothing",
        "bytes",
        "no zip",
        "open quote",
        "web page",
        "endless cell",
        "damaged zip",
        "cut zip",
    ],
)
def test_a_garbled_error_report_keeps_no_file_from_being_filed(
    home: Home, api: ReportingApi, garbage: bytes
) -> None:
    """Whatever the server gives for refused rows, the outcome and the counts are reported."""
    api.refused = garbage
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(home.reports, seconds=120)
    assert home.report("people.csv")["outcome"] == "partial"


@pytest.mark.parametrize(
    "content",
    [
        b'_email,_name\nann@example.com,"A\nn\r\nn"\n',
        b'"_email";"_name"\r\n\r\nann@example.com;Ann\r\n\n\n',
        b"\xef\xbb\xbf_email\nann@example.com",
    ],
    ids=["lines in a cell", "quoted header, blank lines", "byte-order mark, no last line end"],
)
@pytest.mark.usefixtures("api")
def test_an_odd_file_with_refused_rows_is_filed(home: Home, content: bytes) -> None:
    """A file that passed the check, however odd, is filed also when rows were refused."""
    home.drop(Kind.CONTACTS, "people.csv", content)
    home.rest()
    assert home.report("people.csv")["reason"]["code"] == "no-row-imported"
    assert home.payload_of("people.csv") == content
