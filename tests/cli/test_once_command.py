"""``once``: its exit codes and what it prints."""

import shutil
from pathlib import Path

from dropbox_agent.sandbox import Sandbox
from tests.cli.conftest import Command
from tests.drops import contacts, products
from tests.processes import UNHURRIED, Home, account


def test_it_works_off_what_is_there_and_names_the_reports(home: Home, command: Command) -> None:
    """All went well: 0, one line for each file, and paths that exist."""
    home.drop("contacts", "people.csv", contacts(3))
    home.drop("products", "chairs.csv", products(1_200))
    with Sandbox(UNHURRIED) as sandbox:
        told = command("once", "--home", home.path, **account(sandbox))
    assert told.exit_code == 0
    assert "people.csv" in told.out
    assert "1,200" in told.out
    assert "2 imported" in told.out
    named = {Path(line.strip()) for line in told.out.splitlines() if ".report.json" in line}
    assert named == {report.path for report in home.reports.values()}


def test_a_rejected_file_makes_it_end_with_1_and_say_why(home: Home, command: Command) -> None:
    """The good files of the same run are imported all the same."""
    home.drop("contacts", "good.csv", contacts(3))
    home.drop("contacts", "bad.csv", b"Email\nada@example.com\n")
    with Sandbox(UNHURRIED) as sandbox:
        told = command("once", "--home", home.path, **account(sandbox))
    assert told.exit_code == 1
    assert home.reports["good.csv"].outcome == "imported"
    reason = home.reports["bad.csv"].content["reason"]
    printed = " ".join(told.out.split())
    assert reason["message"] in printed
    assert reason["hint"] in printed


def test_rows_that_the_server_refused_do_not_make_it_fail(home: Home, command: Command) -> None:
    """What became of them is in the outcome and the report; another run would change nothing."""
    rows = b"a@example.com,2000-01-01\nb@example.com,soon\n"
    home.drop("contacts", "some.csv", b"_email,_birthdate\n" + rows)
    with Sandbox(UNHURRIED) as sandbox:
        told = command("once", "--home", home.path, **account(sandbox))
    assert told.exit_code == 0
    assert "1 partial" in told.out
    assert home.reports["some.csv"].outcome == "partial"


def test_without_files_there_is_nothing_to_do(home: Home, command: Command) -> None:
    """An empty inbox is the usual case, and all is well then."""
    with Sandbox(UNHURRIED) as sandbox:
        told = command("once", "--home", home.path, **account(sandbox))
    assert (told.exit_code, told.out) == (0, "Nothing to do.\n")


def test_a_file_that_somebody_writes_to_is_left_for_the_next_time(
    home: Home, command: Command
) -> None:
    """It is named, with the reason; the next run imports it."""
    path = home.path / "inbox" / "contacts" / "growing.csv"
    with Sandbox(UNHURRIED) as sandbox:
        with path.open("wb") as growing:
            growing.write(contacts(1))
            growing.flush()
            told = command("once", "--home", home.path, **account(sandbox))
        assert told.exit_code == 0
        assert "growing.csv" in told.out
        assert "open for writing" in told.out
        assert sandbox.imports == ()

        assert command("once", "--home", home.path, **account(sandbox)).exit_code == 0
    assert home.reports["growing.csv"].payload == contacts(1)


def test_a_dead_server_makes_it_end_with_75_and_the_next_run_goes_on(
    home: Home, command: Command, dead_account: dict[str, str]
) -> None:
    """Nothing is lost and nothing fails for it."""
    home.drop("contacts", "people.csv", contacts(3))
    told = command("once", "--home", home.path, **dead_account)
    assert told.exit_code == 75
    assert "What to do:" in told.err
    assert home.reports == {}
    assert home.claimed == ["people.csv"]

    with Sandbox(UNHURRIED) as sandbox:
        assert command("once", "--home", home.path, **account(sandbox)).exit_code == 0
        assert len(sandbox.imports) == 1
    assert home.reports["people.csv"].outcome == "imported"


def test_a_refused_key_makes_it_end_with_78_and_say_how_to_make_one(
    home: Home, command: Command
) -> None:
    """It is not the file's fault, and trying later mends nothing: the file waits for a new key."""
    home.drop("contacts", "people.csv", contacts(3))
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox) | {"CONNECTIF_API_KEY": "revoked-id:revoked-secret"}
        told = command("once", "--home", home.path, **settings)
    assert told.exit_code == 78
    assert "API Keys" in told.err
    assert "revoked" not in told.out + told.err
    assert home.reports == {}


def test_without_a_key_it_ends_with_78_and_touches_nothing(home: Home, command: Command) -> None:
    """It says where the key is made and where to write it."""
    home.drop("contacts", "people.csv", contacts(3))
    told = command("once", "--home", home.path)
    assert told.exit_code == 78
    assert "CONNECTIF_API_KEY" in told.err
    assert str(home.path / "agent.env") in told.err
    assert home.waiting == ["people.csv"]


def test_a_file_in_place_of_a_folder_is_refused_with_78(
    home: Home, command: Command, dead_account: dict[str, str]
) -> None:
    """No rights help there, and nothing can be made by hand: it has to be moved away."""
    for name in ("state", "processed"):
        folder = home.path / name
        if folder.is_dir():
            shutil.rmtree(folder)
        folder.touch()
        told = command("once", "--home", home.path, **dead_account)
        assert told.exit_code == 78
        assert f"Move away {folder}" in told.err


def test_a_home_that_nobody_made_is_refused_with_78(
    tmp_path: Path, command: Command, dead_account: dict[str, str]
) -> None:
    """It may be a share that is not mounted, so no folders are made there."""
    (tmp_path / "mount").mkdir()
    told = command("once", "--home", tmp_path / "mount", **dead_account)
    assert told.exit_code == 78
    assert "dropbox-agent init" in told.err
    assert list((tmp_path / "mount").iterdir()) == []
    assert command("once", "--home", tmp_path / "nowhere", **dead_account).exit_code == 78
