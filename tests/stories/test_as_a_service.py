"""The agent under a service manager: it tells how it is, and stops when a file asks for it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.drops import contacts
from tests.processes import UNHURRIED, Home, Program, account, foreign_environ
from tests.service_managers import NotifySocket

on_linux = pytest.mark.skipif(sys.platform == "win32", reason="systemd is on Linux only")


@on_linux
def test_systemd_is_told_from_the_start_to_the_end(home: Home, tmp_path: Path) -> None:
    """Ready only when it works; then what it has in hand, that it is alive, and that it stops."""
    slow = SandboxOptions(rows_per_second=20, requests_per_minute=None)
    with Sandbox(slow) as sandbox, NotifySocket(tmp_path / "notify") as manager:
        told = {"NOTIFY_SOCKET": manager.place, "WATCHDOG_USEC": "400000"}
        with Program(home, "run", settings=account(sandbox) | told) as agent:
            agent.until(lambda: manager.lines.count("WATCHDOG=1") > 2)
            home.drop("contacts", "people.csv", contacts(40))
            agent.until(lambda: "STATUS=1 under way" in manager.lines)
            agent.until(lambda: home.reports)
            assert agent.ask_to_stop(signal.SIGTERM).exit_code() == 0
        lines = manager.lines
    assert lines[0] == "STATUS=Taking up what an earlier run left"
    assert lines.count("READY=1") == 1
    assert lines.index("READY=1") < lines.index("WATCHDOG=1")
    assert "STATUS=Nothing to do" in lines
    assert lines[-2:] == ["STOPPING=1", "STATUS=Stopping"]


@on_linux
def test_systemd_is_not_told_that_it_works_when_it_does_not(home: Home, tmp_path: Path) -> None:
    """A second agent on the same home ends with 79, and was never ready."""
    with (
        Sandbox(UNHURRIED) as sandbox,
        NotifySocket(tmp_path / "notify") as manager,
        Program(home, "run", settings=account(sandbox)) as first,
    ):
        first.until_watching()
        settings = account(sandbox) | {"NOTIFY_SOCKET": manager.place}
        with Program(home, "run", settings=settings) as second:
            assert second.exit_code() == 79
        assert "READY=1" not in manager.lines


def test_a_file_stops_the_agent(home: Home) -> None:
    """For service wrappers that can send no signal; ``service stop`` writes it and waits."""
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        agent.until_watching()
        with Program(home, "service", "stop") as stopping:
            assert stopping.exit_code() == 0, stopping.log
            assert "The agent has stopped." in stopping.printed
        assert agent.exit_code() == 0, agent.log
    assert not (home.path / "state" / "stop.request").exists()


def test_where_no_agent_runs_there_is_nothing_to_stop(home: Home) -> None:
    """No request is left for the next agent."""
    with Program(home, "service", "stop") as stopping:
        assert stopping.exit_code() == 0, stopping.log
    assert not (home.path / "state" / "stop.request").exists()


def test_the_key_may_be_handed_over_as_a_file(home: Home, tmp_path: Path) -> None:
    """The log does not show it."""
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox)
        (tmp_path / "connectif_api_key").write_text(settings.pop("CONNECTIF_API_KEY"))
        settings["CREDENTIALS_DIRECTORY"] = str(tmp_path)
        home.drop("contacts", "people.csv", contacts(1))
        with Program(home, "once", settings=settings) as agent:
            assert agent.exit_code() == 0, agent.log
            assert sandbox.api_key not in agent.log
    assert home.reports["people.csv"].outcome == "imported"


@on_linux
def test_the_journal_knows_an_error_by_its_priority(home: Home) -> None:
    """Also the last words of an agent that cannot start: ``journalctl -p err`` shows them."""
    with Program(home, "run") as agent:
        assert agent.exit_code() == 78
        assert agent.log.startswith("Error: There is no API key.")
    reader, writer = os.pipe()
    with os.fdopen(reader, encoding="utf-8") as journal, os.fdopen(writer, "wb") as stream:
        facts = os.fstat(stream.fileno())
        ended = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "dropbox_agent", "run", "--home", str(home.path)],
            env=foreign_environ() | {"JOURNAL_STREAM": f"{facts.st_dev}:{facts.st_ino}"},
            stderr=stream,
            check=False,
        )
        stream.close()
        lines = journal.read().splitlines()
    assert ended.returncode == 78
    assert len(lines) == 3
    assert all(line.startswith("<3>") for line in lines)
