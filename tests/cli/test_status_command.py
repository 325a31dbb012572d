"""``status``: while the agent runs, and while it does not."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.lock import HomeLock
from dropbox_agent.adapters.status_file import StatusFile
from dropbox_agent.core import events
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.job import Stage
from dropbox_agent.core.overview import JobInHand, Moment, Overview
from dropbox_agent.core.reasons import why_held
from dropbox_agent.core.reception import MOST_TOLD
from dropbox_agent.folders import JOURNAL_NAME
from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.cli.conftest import Command
from tests.drops import contacts
from tests.expectations import missing
from tests.jobs import NOON, after, job_at, new_job
from tests.processes import UNHURRIED, Home, Program, account


def test_on_a_new_home_it_says_how_to_start(home: Home, command: Command) -> None:
    """Nothing has happened yet, and no key is needed to see that."""
    told = command("status", "--home", home.path)
    assert told.exit_code == 0
    assert "No agent is running" in told.out
    assert "dropbox-agent run" in told.out


def test_it_shows_the_latest_outcomes_and_where_their_reports_lie(
    home: Home, command: Command
) -> None:
    """People see the counts; machines get the reason and the path of the report as well."""
    home.drop("contacts", "good.csv", contacts(1_234))
    home.drop("contacts", "bad.csv", b"Email\nada@example.com\n")
    with Sandbox(UNHURRIED) as sandbox:
        command("once", "--home", home.path, **account(sandbox))
    for_people = command("status", "--home", home.path).out
    assert "good.csv" in for_people
    assert "1,234" in for_people
    assert "rejected" in for_people

    status = json.loads(command("status", "--home", home.path, "--json").out)
    assert status["running"] is status["sick"] is None
    assert status["jobs"] == status["pauses"] == []
    latest = {each["name"]: each for each in status["latest"]}
    assert latest["good.csv"]["outcome"] == "imported"
    assert latest["good.csv"]["report"] == str(home.reports["good.csv"].path)
    assert latest["bad.csv"]["reason"] == "column-misspelt"


def test_it_shows_a_running_agent_and_what_it_has_in_hand(home: Home, command: Command) -> None:
    """The process, the import under way, and the files that wait."""
    crawling = SandboxOptions(rows_per_second=1, requests_per_minute=None)

    def status() -> Any:  # noqa: ANN401 - JSON
        return json.loads(command("status", "--home", home.path, "--json").out)

    with (
        Sandbox(crawling) as sandbox,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        agent.until_watching()
        home.drop("contacts", "slow.csv", contacts(1_000))
        agent.until(lambda: "sent" in str(status()["jobs"]))
        found = status()
        assert found["running"]["pid"] == agent.pid
        (job,) = found["jobs"]
        assert (job["name"], job["stage"], job["rows"]) == ("slow.csv", "sent", 1_000)

        (home.path / "inbox" / "contacts" / "unfinished.csv").touch()
        shown = command("status", "--home", home.path)
        assert "The agent is running" in shown.out
        assert "slow.csv" in shown.out


def test_without_an_agent_it_looks_into_the_inboxes_itself(home: Home, command: Command) -> None:
    """What waits, what is in its way as far as that can be told, and what is not taken."""
    home.drop("contacts", "people.csv", contacts(3))
    home.drop("products", "empty.csv", b"")
    home.drop("contacts", "export.csv.txt", contacts(3))
    status = json.loads(command("status", "--home", home.path, "--json").out)
    assert status["drops_in_sight"] == 2
    assert {Path(drop["path"]).name: drop["gate"] for drop in status["drops"]} == {
        "people.csv": None,
        "empty.csv": "not empty",
    }
    told = command("status", "--home", home.path).out
    for words in ("Waiting in the inbox (2)", "waits for an agent", "Not taken", "rename it"):
        assert words in told
    assert [line for line in told.splitlines() if line != line.rstrip()] == []


def test_an_inbox_that_is_away_is_told_once_for_all_kinds(home: Home, command: Command) -> None:
    """Not three times the same text."""
    with Sandbox(UNHURRIED) as sandbox:
        command("once", "--home", home.path, **account(sandbox))
    (home.path / "inbox").rename(home.path / "inbox-away")
    told = " ".join(command("status", "--home", home.path).out.split())
    assert "Looking into contacts, products and vouchers is not possible" in told
    assert told.count("not available") == 1


def test_a_running_agent_tells_how_it_watches_and_what_is_stalled(
    home: Home, command: Command
) -> None:
    """One line for the watch; a mark on the drop."""
    settings = {"AGENT_TRUNCATED_HOLD_SECONDS": "600", "AGENT_STALLED_SECONDS": "0.1"}
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox) | settings) as agent,
    ):
        agent.until_watching()
        home.drop("contacts", "cut.csv", contacts(5) + b"ada@")
        home.drop("contacts", "notes.txt", b"x")
        agent.until(lambda: "stalled" in command("status", "--home", home.path).out)
        told = command("status", "--home", home.path)
        status = json.loads(command("status", "--home", home.path, "--json").out)
    assert "listed every 0.5 s" in " ".join(told.out.split())
    assert "notes.txt" in told.out
    assert set(status["watch"]) == {"mode", "missed"}


def test_a_job_that_is_filed_is_not_under_way_any_more(home: Home, command: Command) -> None:
    """The agent's own word may be a little older than the journal."""
    state = home.path / "state"
    with SqliteJournal(state / JOURNAL_NAME) as journal, HomeLock(state):
        told = Overview((JobInHand(job_at(Stage.SENT)),), (), 0, ())
        StatusFile(state).write(told.to_json(Moment(datetime.now(UTC), 0.0)))
        journal.save(job_at(Stage.FILED, journal.add(new_job())))
        journal.save(job_at(Stage.SENT, journal.add(new_job(number=2))))
        status = json.loads(command("status", "--home", home.path, "--json").out)
    assert [job["job"] for job in status["jobs"]] == ["c2"]
    assert [job["job"] for job in status["latest"]] == ["c1"]


def test_an_agent_that_shows_no_sign_of_life_is_told_before_all(
    home: Home, command: Command
) -> None:
    """Its disk is full, or it was stopped: what it wrote long ago says nothing of today."""
    home.drop("contacts", "people.csv", contacts(3))
    state = home.path / "state"
    with HomeLock(state):
        StatusFile(state).write(Overview((), (), 0, ()).to_json(Moment(NOON, 0.0)))
        line = command("status", "--check", "--home", home.path).out.split(", heartbeat")[0]
        told = command("status", "--home", home.path).out
        status = json.loads(command("status", "--home", home.path, "--json").out)
    assert line.startswith("SICK: ")
    assert told.startswith(line)
    assert f"dropbox-agent doctor --home {home.path}" in told
    assert "contacts/people.csv" in told
    assert status["sick"].startswith(line)
    assert status["drops_in_sight"] == 1


def test_what_to_do_about_a_held_job_works_in_any_folder(home: Home, command: Command) -> None:
    """The commands name the home."""
    reason = why_held(job_at(Stage.SENDING), (ImportId("one"),))
    held = after(job_at(Stage.SENDING), events.Held(reason))
    with SqliteJournal(home.path / "state" / JOURNAL_NAME) as journal:
        journal.add(held)
    told = " ".join(command("status", "--home", home.path).out.split())
    assert f"dropbox-agent release --home {home.path} {held.id} --resend" in told


def test_while_an_agent_makes_its_journal_there_is_nothing_to_tell_yet(
    home: Home, command: Command
) -> None:
    """The first start of all is no trouble, nor is one that was killed in that moment."""
    (home.path / "state" / "journal.sqlite").touch()
    told = command("status", "--home", home.path, "--json")
    assert told.exit_code == 0
    assert json.loads(told.out)["jobs"] == []


def test_it_shows_what_is_left_of_an_agent_that_was_stopped_by_a_dead_server(
    home: Home, command: Command, dead_account: dict[str, str]
) -> None:
    """The job that waits for the next start is there."""
    home.drop("contacts", "people.csv", contacts(3))
    command("once", "--home", home.path, **dead_account)
    told = command("status", "--home", home.path)
    assert "Under way" in told.out
    assert "people.csv" in told.out


def test_a_home_that_is_not_there_is_refused(home: Home, command: Command) -> None:
    """It names the folder and ends with 78."""
    told = command("status", "--home", home.path / "nowhere")
    assert told.exit_code == 78
    assert str(home.path / "nowhere") in told.err


def test_a_file_among_very_many_in_the_inbox_is_not_missing(home: Home, command: Command) -> None:
    """Only the first of them are shown one by one."""
    expecting = missing(home, "contacts/zz-*.csv every 24h")

    def absent() -> Any:  # noqa: ANN401 - JSON
        told = command("status", "--json", "--home", home.path, **expecting)
        return json.loads(told.out)["missing"]

    for number in range(MOST_TOLD):
        home.drop("contacts", f"{number}.csv", contacts(1))
    assert len(absent()) == 1
    home.drop("contacts", "zz-1.csv", contacts(1))
    assert absent() == []
