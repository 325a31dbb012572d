"""A program of the administrator's own is run after each outcome, by real agents."""

import json
import sys
from pathlib import Path
from typing import Any

from dropbox_agent.sandbox import Sandbox
from tests.drops import contacts
from tests.processes import STOPS, UNHURRIED, Home, Program, account

BAD = b"Email\nada@example.com\n"
LISTS = """\
import json, os, sys
report = json.load(sys.stdin.buffer)
with open("heard.jsonl", "a") as heard:
    print(json.dumps([report["file"]["name"], dict(os.environ), os.getcwd()]), file=heard)
"""
SLEEPS = """\
import sys, time
open("begun", "a").close()
time.sleep(600)
"""


def hook(home: Home, code: str) -> dict[str, str]:
    """Write a hook, and give the setting that names it."""
    path = home.path / "hook.py"
    path.write_text(code, encoding="utf-8")
    return {"AGENT_HOOK": json.dumps([sys.executable, str(path)])}


def heard(home: Home) -> dict[str, Any]:
    """Read what the hook has written: by the sender's name, its environment and folder."""
    path = home.path / "heard.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return {name: told for name, *told in map(json.loads, lines)}


def test_a_running_agent_tells_the_hook_of_every_outcome_and_no_secrets(home: Home) -> None:
    """With the report, beside the work."""
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox) | hook(home, LISTS)) as agent,
    ):
        home.drop("contacts", "good.csv", contacts(3))
        home.drop("contacts", "bad.csv", BAD)
        agent.until(lambda: heard(home).keys() == {"good.csv", "bad.csv"})
        for name, (environ, folder) in heard(home).items():
            report = home.reports[name]
            assert environ["AGENT_OUTCOME"] == report.outcome
            assert Path(environ["AGENT_REPORT"]).samefile(report.path)
            assert Path(environ["AGENT_PAYLOAD"]).read_bytes() == report.payload
            assert Path(folder).samefile(home.path)
            assert not [each for each in environ if each.startswith("CONNECTIF")]
            assert sandbox.api_key not in str(environ)
        assert "The hook" not in agent.log


def test_a_stop_does_not_wait_for_a_long_hook_and_the_next_start_runs_it_again(
    home: Home,
) -> None:
    """Nobody is left without word."""
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox)
        with Program(home, "run", settings=settings | hook(home, SLEEPS)) as agent:
            home.drop("contacts", "good.csv", contacts(3))
            agent.until((home.path / "begun").exists)
            agent.ask_to_stop(STOPS[0])
            assert agent.exit_code() == 0
            assert "still to be run for 1 file" in agent.log

        with Program(home, "run", settings=settings | hook(home, LISTS)) as agent:
            agent.until(lambda: heard(home).keys() == {"good.csv"})


def test_a_killed_agent_leaves_no_hook_out(home: Home) -> None:
    """Those that were waiting are run by the next start."""
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox)
        with Program(home, "run", settings=settings | hook(home, SLEEPS)) as agent:
            home.drop("contacts", "a.csv", contacts(3))
            home.drop("contacts", "bad.csv", BAD)
            agent.until(lambda: len(home.reports) == 2 and agent.log.count("filed as") == 2)
            agent.kill()

        with Program(home, "once", settings=settings | hook(home, LISTS)) as agent:
            assert agent.exit_code() == 0
    assert heard(home).keys() == {"a.csv", "bad.csv"}


def test_once_waits_for_its_hooks(home: Home) -> None:
    """And a hook that fails changes nothing but the log."""
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(
            home, "once", settings=account(sandbox) | hook(home, f"{LISTS}sys.exit('no')")
        ) as agent,
    ):
        home.drop("contacts", "good.csv", contacts(3))
        assert agent.exit_code() == 0
        assert heard(home).keys() == {"good.csv"}
        assert "1 imported" in agent.printed
        assert "ended with 1: no" in agent.log


def test_a_hook_that_is_not_there_keeps_the_agent_from_starting(home: Home) -> None:
    """It is told at once, not after the first file."""
    settings = {"AGENT_HOOK": "hooks/gone.sh"}
    home.drop("contacts", "good.csv", contacts(3))
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox) | settings) as agent,
    ):
        assert agent.exit_code() == 78
        assert "gone.sh" in agent.log
    assert home.waiting == ["good.csv"]


def test_notes_of_old_files_are_dropped_where_there_is_no_hook(home: Home) -> None:
    """Who sets one later does not expect it to be run for them."""
    notes = home.path / "state" / "hooks"
    notes.mkdir()
    (notes / "c2345678").touch()
    with Sandbox(UNHURRIED) as sandbox, Program(home, "once", settings=account(sandbox)) as agent:
        assert agent.exit_code() == 0
    assert list(notes.iterdir()) == []
