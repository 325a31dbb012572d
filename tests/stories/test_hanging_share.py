"""A share that answers no more: the rest goes on, a stop stops, and nothing is lost."""

import signal

import pytest

from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.drops import contacts
from tests.hanging import share_at
from tests.processes import STOPS, UNHURRIED, Home, Program, account

REJECTED = b"Email\nada@example.com\n"
SLOW = SandboxOptions(rows_per_second=1, requests_per_minute=None)


@pytest.mark.parametrize("way", STOPS)
def test_an_agent_whose_inbox_hangs_can_be_stopped(home: Home, way: signal.Signals) -> None:
    """Its threads wait for the share; the process does not wait for them."""
    with Sandbox(UNHURRIED) as sandbox, share_at(home.path / "inbox") as share:
        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until_watching()
            share.hang()
            assert agent.ask_to_stop(way).exit_code() == 0, agent.log
        share.go_on()
        home.drop("contacts", "people.csv", contacts(2))
        with Program(home, "once", settings=account(sandbox)) as agent:
            assert agent.exit_code() == 0, agent.log
    assert home.reports["people.csv"].outcome == "imported"


def test_what_comes_while_the_inbox_hangs_is_imported_when_it_is_back(home: Home) -> None:
    """Nobody has to start the agent anew."""
    with (
        Sandbox(UNHURRIED) as sandbox,
        share_at(home.path / "inbox") as share,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        agent.until_watching()
        share.hang()
        (share.behind / "contacts" / "people.csv").write_bytes(contacts(2))
        share.go_on()
        agent.until(lambda: "people.csv" in home.reports)
    assert home.reports["people.csv"].payload == contacts(2)
    assert len(sandbox.imports) == 1


def test_a_hanging_archive_holds_up_only_what_goes_there(home: Home) -> None:
    """What was taken already and goes elsewhere is filed; new files wait in the inbox for room."""
    with (
        Sandbox(SLOW) as sandbox,
        share_at(home.path / "failed") as share,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        home.drop("contacts", "people.csv", contacts(3))
        agent.until(lambda: "has taken it as import" in agent.log)
        share.hang()
        home.drop("contacts", "bad.csv", REJECTED)
        filed = home.path / "processed" / "contacts"
        agent.until(lambda: list(filed.glob("*people.report.json")))
        share.go_on()
        agent.until(lambda: "bad.csv" in home.reports)
        assert home.reports["bad.csv"].folder == "failed/contacts"


def test_an_import_is_followed_while_the_inbox_hangs(home: Home) -> None:
    """What was sent is asked for; to ask needs no inbox."""
    with (
        Sandbox(SLOW) as sandbox,
        share_at(home.path / "inbox") as share,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        home.drop("contacts", "people.csv", contacts(3))
        agent.until(lambda: "has taken it as import" in agent.log)
        share.hang()
        agent.until(lambda: "is finished: 3 rows in" in agent.log)
        share.go_on()
        agent.until(lambda: "people.csv" in home.reports)
    assert home.reports["people.csv"].outcome == "imported"
