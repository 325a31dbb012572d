"""``check``: says what is wrong with files, for people and for machines."""

import hashlib
import io
import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dropbox_agent.sandbox import Sandbox
from tests.cli.conftest import Command
from tests.drops import contacts, gzipped, products, vouchers, zipped
from tests.processes import UNHURRIED

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
    assert (bad["file"], bad["sendable"], bad["check"]["errors"]) == ("bad.csv", False, 2)
    assert [(each["code"], each["line"]) for each in bad["check"]["issues"]] == [
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


def test_the_line_of_a_fault_is_shown_and_the_cell_marked(folder: Path, command: Command) -> None:
    """As it stands in the file, with its number."""
    (folder / "bad.csv").write_bytes(b"_email;_name;_birthdate\nada@example.com;Ada;1.2.1990\n")
    told = command("check", "bad.csv")
    lines = [line.rstrip() for line in told.out.splitlines()]
    at = lines.index("      2 | ada@example.com;Ada;1.2.1990")
    assert lines[at + 1] == "        |                     ^^^^^^^^"


def test_faults_of_several_kinds_are_counted_in_a_table(folder: Path, command: Command) -> None:
    """With the first line of each."""
    rows = b"".join(b"c%d,Ada\n" % number for number in range(12))
    (folder / "bad.csv").write_bytes(b"_email,_name\n" + rows + b"liv@example.com\n")
    told = command("check", "bad.csv")
    table = [line.split() for line in told.out.splitlines()[1:4]]
    assert table == [
        ["severity", "code", "column", "times", "first", "in", "line"],
        ["warning", "email-form", "_email", "12", "2"],
        ["error", "ragged-row-short", "1", "14"],
    ]
    assert "and 4 others" in told.out


def test_standard_input_is_a_dash(
    folder: Path, command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has neither folder nor name to tell the kind by."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(contacts(3))))
    told = command("check", "--kind", "contacts", "-")
    assert told.exit_code == 0
    assert "standard input: can be sent (3 contacts" in told.out
    told = command("check", "-")
    assert told.exit_code == 2
    assert "--kind" in told.err
    assert not list(folder.iterdir())


def test_the_check_part_is_that_of_the_report(folder: Path, command: Command) -> None:
    """So that one program can read both."""
    (folder / "bad.csv").write_bytes(BAD)
    (result,) = json.loads(command("check", "--json", "bad.csv").out)
    schema = json.loads(files("dropbox_agent").joinpath("report.schema.json").read_text("utf-8"))
    check = {**schema["properties"]["check"], "$defs": schema["$defs"]}
    Draft202012Validator(check).validate(result["check"])


# With the account


@pytest.fixture
def account(folder: Path) -> Iterator[Sandbox]:
    """Let the folder be the home of an account, by its agent.env."""
    with Sandbox(UNHURRIED) as sandbox:
        lines = f"CONNECTIF_API_URL={sandbox.url}\nCONNECTIF_API_KEY={sandbox.api_key}\n"
        (folder / "agent.env").write_text(lines)
        yield sandbox


def test_without_being_told_to_the_account_is_not_asked(
    folder: Path, account: Sandbox, command: Command
) -> None:
    """Also where there is a key."""
    (folder / "some.csv").write_bytes(b"_email,town\nada@example.com,Rome\n")
    told = command("check", "--json", "some.csv")
    assert told.exit_code == 0
    assert json.loads(told.out)[0]["check"]["account"] is None
    assert account.requests == {}


def test_with_the_account_its_fields_are_checked(
    folder: Path, account: Sandbox, command: Command
) -> None:
    """One question serves all files."""
    (folder / "bad.csv").write_bytes(b"_email,town\nada@example.com,Rome\n")
    (folder / "good.csv").write_bytes(b"_email,shirtSize\nada@example.com,Medium\n")
    told = command("check", "--account", "--json", "bad.csv", "good.csv")
    bad, good = json.loads(told.out)
    assert [each["code"] for each in bad["check"]["issues"]] == ["column-unknown"]
    assert [each["code"] for each in good["check"]["issues"]] == ["label-instead-of-option"]
    assert good["check"]["account"]["used"] is True
    assert account.requests == {("GET", "/contact-fields/"): 1}


@pytest.mark.parametrize(
    ("inbox", "code"),
    [
        ("Welcome vouchers", None),
        ("Welcome", "coupon-set-unknown"),
        ("Summer for all", "coupon-set-single"),
        ("", "coupon-set-missing"),
    ],
)
@pytest.mark.usefixtures("account")
def test_with_the_account_the_set_of_vouchers_is_checked(
    folder: Path, command: Command, inbox: str, code: str | None
) -> None:
    """As it is named by the folder they lie in."""
    where = folder / "inbox" / "vouchers" / inbox
    where.mkdir(parents=True)
    (where / "some.csv").write_bytes(vouchers(2))
    told = command("check", "--account", "--json", str(where / "some.csv"))
    (result,) = json.loads(told.out)
    assert [each["code"] for each in result["check"]["issues"]] == ([code] if code else [])
    assert (told.exit_code, result["sendable"]) == ((1, False) if code else (0, True))


@pytest.mark.usefixtures("account")
def test_vouchers_that_lie_in_no_inbox_need_no_set(folder: Path, command: Command) -> None:
    """Nobody can say yet into which folder they will be dropped."""
    (folder / "some.csv").write_bytes(vouchers(2))
    assert command("check", "--account", "some.csv").exit_code == 0


def test_an_account_that_cannot_be_asked_is_done_without(
    folder: Path, command: Command, dead_account: dict[str, str]
) -> None:
    """A warning says so; the file is checked all the same."""
    (folder / "some.csv").write_bytes(b"_email,town\nada@example.com,Rome\n")
    told = command("check", "--account", "some.csv", **dead_account)
    assert told.exit_code == 0
    assert "contact fields are not known" in told.err
    assert "column-unverified" in told.out


@pytest.mark.usefixtures("folder")
def test_without_a_key_no_account_can_be_asked(folder: Path, command: Command) -> None:
    """That is told before anything is checked."""
    (folder / "some.csv").write_bytes(contacts(1))
    told = command("check", "--account", "some.csv")
    assert told.exit_code == 78
    assert "There is no API key" in told.err


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


COLUMNS = 'drop = ["Nota"]\n[columns]\n"Correo" = "_email"\n'
EXPORT = b"Correo;Nota\nada@example.com;x\n"


def test_a_columns_file_can_be_tried_out(folder: Path, command: Command) -> None:
    """What a mapping does to a file is shown before it is put into an inbox."""
    (folder / "export.csv").write_bytes(EXPORT)
    (folder / "mapping.toml").write_text(COLUMNS, encoding="utf-8")
    told = command("check", "--kind", "contacts", "--columns", "mapping.toml", "export.csv")
    assert told.exit_code == 0
    assert "'Correo' as '_email'" in told.out
    assert "columns-dropped" in told.out


def test_a_file_in_an_inbox_is_checked_with_the_columns_file_there(
    folder: Path, command: Command
) -> None:
    """A file is checked as it would be by the agent."""
    (folder / "agent.env").touch()
    (inbox := folder / "inbox" / "contacts").mkdir(parents=True)
    (inbox / "export.csv").write_bytes(EXPORT)
    (inbox / "columns.toml").write_text(COLUMNS, encoding="utf-8")
    told = command("check", "inbox/contacts/export.csv")
    assert told.exit_code == 0
    assert "'Correo' as '_email'" in told.out


def test_a_broken_columns_file_is_told(folder: Path, command: Command) -> None:
    """Nothing is checked with a mapping that cannot be meant."""
    (folder / "export.csv").write_bytes(EXPORT)
    (folder / "mapping.toml").write_text('[columns]\n"Correo" = "_emial"\n', encoding="utf-8")
    told = command("check", "--kind", "contacts", "--columns", "mapping.toml", "export.csv")
    assert told.exit_code == 75
    assert "_email" in told.err


def test_text_in_utf_16_is_accepted(folder: Path, command: Command) -> None:
    """It is checked as it would be converted; size and hash are those of the file."""
    content = contacts(3, name="Zoë").decode().encode("utf-16")
    (folder / "some.csv").write_bytes(content)
    (result,) = json.loads(command("check", "--json", "some.csv").out)
    assert (result["sendable"], result["facts"]["rows"]) == (True, 3)
    assert result["facts"]["encoding"] == "utf-16-le"
    assert "3 contacts, 192 bytes, utf-16-le;" in command("check", "some.csv").out
    assert result["facts"]["bytes"] == len(content)
    assert result["facts"]["sha256"] == hashlib.sha256(content).hexdigest()


def test_an_encoding_can_be_tried(folder: Path, command: Command) -> None:
    """Before it is written into the settings, which count without the option."""
    content = contacts(3, name="Jürgen").decode().encode("cp1252")
    (folder / "some.csv").write_bytes(content)
    told = command("check", "some.csv")
    assert told.exit_code == 1
    assert "CONTACTS_ENCODING=windows-1252" in " ".join(told.out.split())
    assert command("check", "--encoding", "cp1252", "some.csv").exit_code == 0
    (folder / "agent.env").write_text("CONTACTS_ENCODING=windows-1252\n", "utf-8")
    assert command("check", "some.csv").exit_code == 0


def test_an_encoding_that_is_none_is_told(folder: Path, command: Command) -> None:
    """With the one that was probably meant."""
    (folder / "some.csv").write_bytes(contacts(1))
    told = command("check", "--encoding", "win-1252", "some.csv")
    assert told.exit_code == 2
    assert "'win-1252' is no encoding of text files. Is it windows-1252?" in told.err
