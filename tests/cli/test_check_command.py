"""``check``: says what is wrong with files, for people and for machines."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.drops import contacts, gzipped, products, vouchers, zipped

BAD = b"Email,_name\nada@example.com,Ada\neva@example.com\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder that is nobody's home."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_good_file_can_be_sent(folder: Path, command: Command) -> None:
    """It ends with 0 and tells the number of rows; neither home nor account is needed."""
    (folder / "good.csv").write_bytes(contacts(1_234))
    told = command("check", "good.csv")
    assert told.exit_code == 0
    assert "good.csv: can be sent (1,234 contacts" in told.out


def test_all_faults_of_a_bad_file_are_listed_with_line_and_column(
    folder: Path, command: Command
) -> None:
    """It ends with 1; each fault comes with what to do and a code to search for."""
    (folder / "bad.csv").write_bytes(BAD)
    told = command("check", "bad.csv")
    assert told.exit_code == 1
    assert "bad.csv: REJECTED" in told.out
    for text in ("column-misspelt", "ragged-row-short", "_email", "Email", "3"):
        assert text in told.out


def test_json_has_the_verdict_of_each_file(folder: Path, command: Command) -> None:
    """Machines get facts and issues of several files in one list."""
    (folder / "good.csv").write_bytes(contacts(2))
    (folder / "bad.csv").write_bytes(BAD)
    told = command("check", "--json", "good.csv", "bad.csv")
    assert told.exit_code == 1
    good, bad = json.loads(told.out)
    assert (good["file"], good["sendable"], good["facts"]["rows"]) == ("good.csv", True, 2)
    assert (bad["file"], bad["sendable"], bad["errors"]) == ("bad.csv", False, 2)
    assert [(each["code"], each["line"]) for each in bad["issues"]] == [
        ("column-misspelt", 1),
        ("ragged-row-short", 3),
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(contacts(1), "contacts"), (products(1), "products"), (vouchers(1), "vouchers")],
)
def test_the_kind_follows_from_the_header(
    folder: Path, command: Command, content: bytes, kind: str
) -> None:
    """A file anywhere can be checked without saying what it is."""
    (folder / "some.csv").write_bytes(content)
    (result,) = json.loads(command("check", "--json", "some.csv").out)
    assert (result["kind"], result["sendable"]) == (kind, True)


def test_in_an_inbox_the_kind_is_that_of_the_folder(folder: Path, command: Command) -> None:
    """Products in the folder for contacts are rejected, as they would be when dropped."""
    (folder / "inbox" / "contacts").mkdir(parents=True)
    (folder / "inbox" / "contacts" / "some.csv").write_bytes(products(1))
    told = command("check", "inbox/contacts/some.csv")
    assert told.exit_code == 1
    assert "wrong-kind" in told.out


def test_the_kind_can_be_named(folder: Path, command: Command) -> None:
    """What is named wins over the header."""
    (folder / "some.csv").write_bytes(products(1))
    assert command("check", "--kind", "products", "some.csv").exit_code == 0
    assert command("check", "--kind", "contacts", "some.csv").exit_code == 1


@pytest.mark.parametrize("arguments", [(), ("nowhere.csv",), (".",), ("--kind", "orders", "a.csv")])
def test_what_is_no_file_to_check_ends_with_2(
    folder: Path, command: Command, arguments: tuple[str, ...]
) -> None:
    """The usage is shown, and nothing is checked."""
    (folder / "a.csv").write_bytes(contacts(1))
    told = command("check", *arguments)
    assert told.exit_code == 2
    assert "Error" in told.err


def test_a_file_of_any_bytes_is_judged_and_not_stumbled_over(
    folder: Path, command: Command
) -> None:
    """Neither NULs nor terminal codes reach the screen raw."""
    (folder / "odd.csv").write_bytes(b"\x1b[31m_email\x07\n\x00\xff\n")
    told = command("check", "odd.csv")
    assert told.exit_code == 1
    assert not {"\x1b", "\x07", "\x00"} & set(told.out)


@pytest.mark.parametrize(
    ("name", "packed"),
    [("some.csv.gz", gzipped(products(3))), ("SOME.ZIP", zipped(products(3)))],
)
def test_a_compressed_file_is_checked_by_what_is_in_it(
    folder: Path, command: Command, name: str, packed: bytes
) -> None:
    """Kind and rows are those of the content, size and hash those of the file itself."""
    (folder / name).write_bytes(packed)
    told = command("check", "--json", name)
    assert told.exit_code == 0
    (result,) = json.loads(told.out)
    facts = result["facts"]
    assert (result["kind"], result["sendable"], facts["rows"]) == ("products", True, 3)
    assert (facts["bytes"], facts["sha256"]) == (len(packed), hashlib.sha256(packed).hexdigest())


def test_faults_in_a_compressed_file_have_the_lines_of_its_content(
    folder: Path, command: Command
) -> None:
    """Nobody can look at a line of what is compressed."""
    (folder / "bad.csv.gz").write_bytes(gzipped(BAD))
    told = command("check", "--kind", "contacts", "bad.csv.gz")
    assert told.exit_code == 1
    assert "line 3 [ragged-row-short]" in told.out


def test_a_compressed_file_that_is_damaged_is_rejected(folder: Path, command: Command) -> None:
    """As it would be when dropped."""
    (folder / "cut.csv.gz").write_bytes(gzipped(contacts(100))[:-9])
    told = command("check", "cut.csv.gz")
    assert told.exit_code == 1
    assert "compressed-cut-short" in told.out
