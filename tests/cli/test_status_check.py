"""``status --check``: one line and an exit code, for monitors."""

from dropbox_agent.sandbox import Sandbox
from tests.cli.conftest import Command
from tests.processes import UNHURRIED, Home, Program, account


def test_a_running_agent_is_well(home: Home, command: Command) -> None:
    """One line, and 0."""
    with Sandbox(UNHURRIED) as sandbox, Program(home, "run", settings=account(sandbox)) as agent:
        agent.until_watching()
        agent.until((home.path / "state" / "status.json").exists)
        told = command("status", "--check", "--home", home.path)
    assert told.exit_code == 0
    assert told.out.startswith(f"OK: running (process {agent.pid}), heartbeat ")
    assert told.out.count("\n") == 1


def test_no_agent_is_told_with_1(home: Home, command: Command) -> None:
    """Also when only asked whether it lives."""
    for options in (["--check"], ["--check", "--alive"]):
        told = command("status", *options, "--home", home.path)
        assert told.exit_code == 1
        assert told.out == "NOT RUNNING: no agent works on this home\n"


def test_a_file_that_nobody_completes_calls_for_somebody(home: Home, command: Command) -> None:
    """But nobody need start the agent anew for that."""
    (home.path / "inbox" / "contacts" / "cut.csv").write_bytes(b'_email,_name\na@example.com,"')
    stalling = {"AGENT_STALLED_SECONDS": "0.1", "AGENT_TRUNCATED_HOLD_SECONDS": "600"}
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox) | stalling) as agent,
    ):
        agent.until(lambda: "1 stalled" in command("status", "--check", "--home", home.path).out)
        told = command("status", "--check", "--home", home.path)
        assert told.out.startswith("ATTENTION: ")
        assert told.exit_code == 1
        assert command("status", "--check", "--alive", "--home", home.path).exit_code == 0
