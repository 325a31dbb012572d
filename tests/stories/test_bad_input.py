"""Files that cannot be imported are rejected before anything is sent, each with its reason."""

import gzip
import io
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dropbox_agent.sandbox import Sandbox
from tests.drops import contacts, products, vouchers
from tests.processes import UNHURRIED, Home, Program, account

HTML = b"<!DOCTYPE html>\n<html><body>Please log in</body></html>\n"
LATIN_1 = "_email,_name\r\nada@example.com,Zo\xeb\r\n".encode("latin-1")


def spreadsheet() -> bytes:
    """Make what Excel saves as a workbook: a ZIP file of XML files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as workbook:
        workbook.writestr("[Content_Types].xml", "<Types/>")
        workbook.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


@dataclass(frozen=True)
class BadFile:
    """A file that is rejected.

    Attributes:
        name: Its name without the ending.
        kind: The inbox it is dropped into.
        content: Its bytes.
        code: Code of the reason it is given.
        line: The line that the reason names; None when there is none to name.
        column: The column that the reason names; None likewise.
    """

    name: str
    kind: str
    content: bytes
    code: str
    line: int | None = None
    column: str | None = None


BAD_FILES = (
    BadFile("empty", "contacts", b"", "empty-file"),
    BadFile("header-only", "contacts", b"_email,_name\r\n", "no-rows"),
    BadFile("tabs", "contacts", contacts(3).replace(b",", b"\t"), "wrong-delimiter", 1),
    BadFile("pipes", "products", products(3).replace(b",", b"|"), "wrong-delimiter", 1),
    BadFile("utf-16-bare", "vouchers", vouchers(9).decode().encode("utf-16-le"), "not-utf8"),
    BadFile("latin-1", "contacts", LATIN_1, "not-utf8", 2),
    BadFile("no-key", "contacts", b"_name,_surname\nAda,Byron\n", "required-column-missing", 1),
    BadFile(
        "no-price",
        "products",
        b"productId,name,productDetailUrl\n1,Chair,https://shop.example.com/1\n",
        "required-column-missing",
        1,
        "unitPrice",
    ),
    BadFile("misspelt", "contacts", b"Email\nada@example.com\n", "column-misspelt", 1, "Email"),
    BadFile("wrong-kind", "contacts", products(3), "wrong-kind", 1),
    BadFile("open-quote", "contacts", b'_email,_name\na@example.com,"Ada\n', "quoting-broken", 2),
    BadFile(
        "stray-quote",
        "products",
        b'productId,name,productDetailUrl,unitPrice\n1,"5" screen",https://example.com/1,9\n',
        "quoting-broken",
        2,
    ),
    BadFile("too-many", "contacts", contacts(2) + b"a@example.com,A,B\n", "ragged-row-long", 4),
    BadFile("too-few", "contacts", contacts(2) + b"a@example.com\n", "ragged-row-short", 4),
    BadFile("web-page", "vouchers", HTML, "looks-like-html"),
    BadFile("spreadsheet", "products", spreadsheet(), "looks-like-xlsx"),
    BadFile("compressed", "contacts", gzip.compress(contacts(3)), "looks-compressed"),
)


NO_DROPS = ("readme.txt", "contacts.xlsx", "contacts.csv.part", "~$contacts.csv", ".hidden.csv")


@dataclass(frozen=True)
class Aftermath:
    """What was found after all the bad files had been worked off."""

    home: Home
    exit_code: int
    imports: int


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """Drop all bad files at once, and let the agent work them off."""
    home = Home.made(tmp_path_factory.mktemp("bad-input") / "home")
    for bad in BAD_FILES:
        home.drop(bad.kind, f"{bad.name}.csv", bad.content)
    for name in NO_DROPS:
        home.drop("contacts", name, contacts(1))
    with ExitStack() as stack:
        sandbox = stack.enter_context(Sandbox(UNHURRIED))
        agent = stack.enter_context(Program(home, "once", settings=account(sandbox)))
        yield Aftermath(home, agent.exit_code(), len(sandbox.imports))


def test_nothing_is_sent_and_the_exit_code_tells_of_the_rejections(aftermath: Aftermath) -> None:
    """The account sees nothing of bad files, and whoever started the run learns of them."""
    assert aftermath.imports == 0
    assert aftermath.exit_code == 1
    assert len(aftermath.home.reports) == len(BAD_FILES)


@pytest.mark.parametrize("bad", BAD_FILES, ids=lambda bad: bad.name)
def test_a_bad_file_lands_unchanged_with_the_reason_in_its_report(
    aftermath: Aftermath, bad: BadFile
) -> None:
    """The reason has a code, says what is wrong and where, and what to do about it."""
    report = aftermath.home.reports[f"{bad.name}.csv"]
    assert (report.outcome, report.folder) == ("rejected", f"failed/{bad.kind}")
    assert report.payload == bad.content

    reason = report.content["reason"]
    assert reason["code"] == bad.code
    assert reason["message"]
    assert reason["hint"]
    issue = next(each for each in report.content["check"]["issues"] if each["code"] == bad.code)
    assert (issue["line"], issue["column"]) == (bad.line, bad.column)
    if bad.line:
        assert f"Line {bad.line}" in reason["message"]
    if bad.column:
        assert f"'{bad.column}'" in reason["message"]


def test_the_reports_of_bad_files_follow_the_schema(
    aftermath: Aftermath, report_schema: Draft202012Validator
) -> None:
    """Also where hardly anything is known of the file."""
    for report in aftermath.home.reports.values():
        report_schema.validate(report.content)


@pytest.mark.parametrize("name", NO_DROPS)
def test_a_file_that_is_no_drop_is_left_alone(aftermath: Aftermath, name: str) -> None:
    """Whatever is not named like a finished CSV stays where it is."""
    path: Path = aftermath.home.path / "inbox" / "contacts" / name
    assert path.read_bytes() == contacts(1)
