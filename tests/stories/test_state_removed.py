"""The state folder is removed or replaced while an agent runs."""

import shutil
import sys
from pathlib import Path

import pytest

from dropbox_agent.sandbox import Sandbox
from tests.drops import contacts
from tests.processes import UNHURRIED, Home, Program, account

# Whoever writes into a folder while it is removed makes one more attempt necessary.
ATTEMPTS = 1_000


def remove(state: Path) -> None:
    """Remove it, as somebody who tidies up until it is gone: the agent still writes there."""
    for _ in range(ATTEMPTS):
        shutil.rmtree(state, ignore_errors=True)
        if not state.exists():
            return
    raise AssertionError(f"{state} could not be removed")


def replace(state: Path) -> None:
    """Put an older copy in its place, as somebody who restores a backup."""
    state.rename(state.with_name("state-before"))
    state.mkdir()


@pytest.mark.skipif(sys.platform == "win32", reason="a folder in use cannot be removed there")
@pytest.mark.parametrize("meddle", [remove, replace])
def test_an_agent_without_its_state_ends_and_says_so(home: Home, meddle: object) -> None:
    """With 75, for the next start goes on: what is dropped meanwhile is imported once."""
    assert callable(meddle)
    with Sandbox(UNHURRIED) as sandbox:
        with Program(home, "run", settings=account(sandbox)) as agent:
            agent.until_watching()
            meddle(home.path / "state")
            home.drop("contacts", "people.csv", contacts(3))
            assert agent.exit_code() == 75, agent.log
            assert "was removed or replaced while the agent ran" in agent.log
            assert "Start the agent again" in agent.log
            assert "Traceback" not in agent.log
        with Program(home, "once", settings=account(sandbox)) as agent:
            assert agent.exit_code() == 0, agent.log
        assert len(sandbox.imports) == 1
    assert home.reports["people.csv"].outcome == "imported"
