"""One agent works on a home; others are told who it is."""

from dropbox_agent.sandbox import Sandbox
from tests.drops import contacts
from tests.processes import UNHURRIED, Home, Program, account


def test_a_second_agent_is_sent_away_and_told_of_the_first(home: Home) -> None:
    """It ends with 79 and names the process; the first one goes on."""
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox)) as first,
    ):
        first.until_watching()
        with Program(home, "once", settings=account(sandbox)) as second:
            assert second.exit_code() == 79
            assert f"process {first.pid}" in second.log

        home.drop("contacts", "after.csv", contacts(1))
        first.until(lambda: home.reports)


def test_the_lock_of_an_agent_that_was_killed_does_not_block(home: Home) -> None:
    """The next start needs no help."""
    with Sandbox(UNHURRIED) as sandbox:
        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until_watching().kill()
        with Program(home, "once", settings=account(sandbox)) as agent:
            assert agent.exit_code() == 0
