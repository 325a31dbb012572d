"""A start in folders that are not as they must be: plain words, and an exit code to go by."""

import shutil

import pytest

from dropbox_agent.cli import exit_code
from dropbox_agent.sandbox import Sandbox
from tests.drops import contacts
from tests.processes import UNHURRIED, Home, Program, account


@pytest.mark.parametrize("command", ["run", "once"])
def test_a_file_in_the_place_of_the_claims_is_no_fault_of_the_program(
    home: Home, command: str
) -> None:
    """The start fails with the path and 75, for it may be mended by the time of the next one."""
    in_the_way = home.path / "inbox" / ".claimed"
    shutil.rmtree(in_the_way)
    in_the_way.write_bytes(b"")
    home.drop("contacts", "people.csv", contacts(3))
    with Sandbox(UNHURRIED) as sandbox:
        with Program(home, command, settings=account(sandbox)) as agent:
            assert agent.exit_code() == 75, agent.log
            assert str(in_the_way) in agent.log
            assert "Traceback" not in agent.log
        in_the_way.unlink()
        assert exit_code(["init", "--home", str(home.path)]) == 0
        with Program(home, "once", settings=account(sandbox)) as agent:
            assert agent.exit_code() == 0, agent.log
    assert home.reports["people.csv"].outcome == "imported"
