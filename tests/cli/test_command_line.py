"""The command line as a whole: help, refusals and their exit codes."""

from pathlib import Path

import pytest

from dropbox_agent import __version__
from tests.cli.conftest import Command
from tests.drops import contacts
from tests.processes import Home

COMMANDS = ("init", "run", "once", "check", "status", "explain", "doctor", "demo", "sandbox")


def test_help_teaches_the_first_steps_and_the_exit_codes(command: Command) -> None:
    """It names every command and every code."""
    told = command("--help")
    assert told.exit_code == 0
    for word in (*COMMANDS, "75", "77", "78", "79"):
        assert word in told.out


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself(command: Command, name: str) -> None:
    """Its help begins with a sentence."""
    told = command(name, "--help")
    assert told.exit_code == 0
    assert told.out.startswith(f"Usage: dropbox-agent {name}")


def test_it_tells_its_version(command: Command) -> None:
    """The one that reports carry."""
    assert __version__ in command("--version").out


@pytest.mark.parametrize("arguments", [(), ("import",), ("once", "--fast"), ("run", "now")])
def test_what_is_not_understood_ends_with_2(command: Command, arguments: tuple[str, ...]) -> None:
    """The usage is shown."""
    told = command(*arguments)
    assert told.exit_code == 2
    assert "Usage: dropbox-agent" in told.out + told.err


@pytest.mark.parametrize("name", ["run", "once", "status", "check", "init"])
def test_all_mistakes_in_the_settings_are_told_in_one_go(
    home: Home, command: Command, name: str
) -> None:
    """Each with its place and what to write; 78, and nothing is done."""
    home.drop("contacts", "people.csv", contacts(1))
    (home.path / "agent.env").write_text(
        "AGENT_SETTLE_SECONDS=soon\nAGENT_SETLE=3\nCONNECTIF_API_URL=http://shop.example.com\n",
        encoding="utf-8",
    )
    files = [home.path / "inbox" / "contacts" / "people.csv"] if name == "check" else []
    told = command(
        name, "--home", home.path, *files, AGENT_SETTLE_SECONDS="", AGENT_MAX_QUEUED="11"
    )
    assert told.exit_code == 78
    for place in ("line 1", "line 2", "line 3", "environment: AGENT_MAX_QUEUED", "4 mistakes"):
        assert place in told.err
    assert home.waiting == ["people.csv"]


def test_a_sandbox_is_refused_in_a_home_with_a_key(home: Home, command: Command) -> None:
    """Files for the real account must not end up in one that is gone tomorrow."""
    home.drop("contacts", "people.csv", contacts(1))
    told = command("run", "--sandbox", "--home", home.path, CONNECTIF_API_KEY="my-id:my-secret")
    assert told.exit_code == 78
    assert "sandbox-in-real-home" in told.err
    assert "my-secret" not in told.err
    assert home.waiting == ["people.csv"]


def test_a_demo_replaces_no_folder_but_its_own(tmp_path: Path, command: Command) -> None:
    """A folder with anything else in it is refused and stays as it is."""
    (tmp_path / "precious.txt").write_text("mine", encoding="utf-8")
    told = command("demo", "--home", tmp_path)
    assert told.exit_code == 78
    assert [each.name for each in tmp_path.iterdir()] == ["precious.txt"]


def test_a_fault_that_the_sandbox_does_not_know_is_refused(command: Command) -> None:
    """It says what was wrong with it."""
    told = command("sandbox", "--port", "0", "--fault", "POST:explode")
    assert told.exit_code == 78
    assert "explode" in told.err
