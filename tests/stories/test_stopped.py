"""The agent is asked to stop; it ends soon and well, and the next start takes up what was left."""

import signal

import pytest

from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.drops import contacts
from tests.processes import STOPS, UNHURRIED, Home, Program, account
from tests.relays import StallingRelay

each_way = pytest.mark.parametrize("way", STOPS)

WIDE = "A" * 4_000


def assert_stops_well(agent: Program, way: signal.Signals) -> None:
    """Ask an agent to stop, and see that it does without a word of complaint."""
    assert agent.ask_to_stop(way).exit_code() == 0, agent.log
    assert "Traceback" not in agent.log
    assert "stopping" in agent.log


def assert_next_start_finishes(home: Home, sandbox: Sandbox, name: str, content: bytes) -> None:
    """See that nothing is lost: the next start imports the file, and the account has it once."""
    with Program(home, "once", settings=account(sandbox)) as agent:
        assert agent.exit_code() == 0, agent.log
    assert home.reports[name].outcome == "imported"
    assert home.reports[name].payload == content
    assert len(sandbox.imports) == 1


@each_way
def test_stopped_while_there_is_nothing_to_do(home: Home, way: signal.Signals) -> None:
    """An idle agent ends at once."""
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        assert_stops_well(agent.until_watching(), way)


@each_way
def test_stopped_while_a_large_file_is_checked(home: Home, way: signal.Signals) -> None:
    """The check is given up, and done again by the next start."""
    large = contacts(1_500, name=WIDE)
    with Sandbox(UNHURRIED) as sandbox:
        home.drop("contacts", "large.csv", large)
        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until(lambda: "claimed" in agent.log)
            assert_stops_well(agent, way)
        assert_next_start_finishes(home, sandbox, "large.csv", large)


@each_way
def test_stopped_in_the_middle_of_an_upload(home: Home, way: signal.Signals) -> None:
    """The upload is broken off; no fragment is imported."""
    wide = contacts(1_500, name=WIDE)
    with Sandbox(UNHURRIED) as sandbox:
        home.drop("contacts", "wide.csv", wide)
        with (
            StallingRelay(sandbox.url, most_bytes=64 * 1024) as relay,
            Program(home, "run", settings=account(sandbox, relay.url)) as agent,
        ):
            agent.until(relay.stalled.is_set)
            assert_stops_well(agent, way)
        assert_next_start_finishes(home, sandbox, "wide.csv", wide)


@each_way
def test_stopped_before_the_answer_to_an_upload_comes(home: Home, way: signal.Signals) -> None:
    """The next start finds out what became of it."""
    with Sandbox(UNHURRIED, faults=["POST:slow=600"]) as sandbox:
        home.drop("contacts", "few.csv", contacts(5))
        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until(lambda: sandbox.imports)
            assert_stops_well(agent, way)
        assert_next_start_finishes(home, sandbox, "few.csv", contacts(5))


@each_way
def test_stopped_while_an_import_is_followed(home: Home, way: signal.Signals) -> None:
    """The next start goes on asking."""
    slow = SandboxOptions(rows_per_second=40, requests_per_minute=None)
    with Sandbox(slow) as sandbox:
        home.drop("contacts", "slow.csv", contacts(60))
        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until(lambda: "Connectif has taken it" in agent.log)
            assert_stops_well(agent, way)
        assert_next_start_finishes(home, sandbox, "slow.csv", contacts(60))


@each_way
def test_a_run_that_ends_by_itself_says_when_it_was_stopped_before(
    home: Home, way: signal.Signals
) -> None:
    """Whoever started it must not take it for done: 75, and the next run goes on."""
    slow = SandboxOptions(rows_per_second=40, requests_per_minute=None)
    with Sandbox(slow) as sandbox:
        home.drop("contacts", "slow.csv", contacts(60))
        with Program(home, "once", settings=account(sandbox)) as agent:
            agent.until(lambda: "Connectif has taken it" in agent.log)
            assert agent.ask_to_stop(way).exit_code() == 75
            assert "Nothing to do" not in agent.printed
            assert "Left in the inbox" not in agent.printed
        assert_next_start_finishes(home, sandbox, "slow.csv", contacts(60))
