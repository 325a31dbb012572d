"""``status``: while the agent runs, and while it does not."""

import json
from typing import Any

from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.cli.conftest import Command
from tests.drops import contacts
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
    assert status["running"] is None
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
