"""People who do not watch hear of what goes wrong, and of what does not come."""

import json
import os

import pytest

from dropbox_agent.cli import exit_code
from dropbox_agent.sandbox import Sandbox
from tests.drops import contacts
from tests.expectations import missing
from tests.processes import STOPS, UNHURRIED, Home, Program, account, foreign_environ
from tests.sinks import Sink

CELL = "Wilhelmina-of-the-rows"
RAGGED = f"_email,_name\na@example.com,{CELL},{CELL}\n".encode()
SOON = {"AGENT_NOTIFY_DIGEST_SECONDS": "0.5"}


def test_a_rejected_file_is_told_in_one_message_without_its_rows(home: Home) -> None:
    """With file, reason and report; good files are no news."""
    for number in range(3):
        home.drop("contacts", f"ragged-{number}.csv", RAGGED)
    home.drop("contacts", "fine.csv", contacts(2))
    with Sandbox(UNHURRIED) as sandbox, Sink() as sink:
        settings = account(sandbox) | {"AGENT_NOTIFY": sink.address, "AGENT_LOG_LEVEL": "debug"}
        with Program(home, "run", settings=settings) as agent:
            agent.until(lambda: len(home.reports) == 4)
            agent.ask_to_stop(STOPS[0])
            assert agent.exit_code() == 0
            log = agent.log
    (told,) = sink.messages
    assert told["title"].endswith(": 3 rejected")
    assert "contacts: 'ragged-1.csv' (job c" in told["message"]
    assert str(home.reports["ragged-1.csv"].path) in told["message"]
    assert "fine.csv" not in told["message"]
    assert CELL not in told["message"]
    assert "Hidden-Word-1" not in log


def test_a_channel_that_hangs_changes_nothing(home: Home) -> None:
    """Files land, and the agent stops in time; the log counts what was not told."""
    home.drop("contacts", "ragged.csv", RAGGED)
    with Sandbox(UNHURRIED) as sandbox, Sink() as sink:
        sink.hang()
        settings = account(sandbox) | SOON | {"AGENT_NOTIFY": sink.address}
        with Program(home, "run", settings=settings) as agent:
            agent.until(lambda: "ragged.csv" in home.reports)
            home.drop("contacts", "fine.csv", contacts(2))
            agent.until(lambda: "fine.csv" in home.reports)
            agent.ask_to_stop(STOPS[0])
            assert agent.exit_code() == 0
            log = agent.log
    assert "json://127.0.0.1 has not taken the last message before the end: 1 news" in log


def test_a_missing_file_is_told_and_shown_until_it_comes(
    home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a message, by status, and by its short form for monitors; also by runs from cron."""
    expecting = missing(home, "contacts/crm-*.csv every 24h")
    for name in os.environ.keys() - foreign_environ().keys():
        monkeypatch.delenv(name)
    for name, text in expecting.items():
        monkeypatch.setenv(name, text)

    def shown(*options: str) -> str:
        capsys.readouterr()
        exit_code(["status", *options, "--home", str(home.path)])
        return capsys.readouterr().out

    with Sandbox(UNHURRIED) as sandbox, Sink() as sink:
        settings = account(sandbox) | expecting | {"AGENT_NOTIFY": sink.address}
        assert "Expected, and missing" in shown()
        with Program(home, "run", settings=settings) as agent:
            agent.until_watching()
            agent.until((home.path / "state" / "status.json").exists)
            line = shown("--check")
            assert line.startswith("ATTENTION: ")
            assert "missing: contacts/crm-*.csv every 24h" in line
        with Program(home, "once", settings=settings) as once:
            assert once.exit_code() == 0
        home.drop("contacts", "crm-1.csv", contacts(2))
        with Program(home, "once", settings=settings) as once:
            assert once.exit_code() == 0
        assert json.loads(shown("--json"))["missing"] == []
    first, second = sink.titles
    assert first.endswith(": 1 missing")
    assert second.endswith(": 1 over")
