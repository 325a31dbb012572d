"""Who may read what the agent writes: nobody more than has to."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.spool import Disk
from dropbox_agent.core.kind import Kind
from tests.crashes import Fuse, FusedApi
from tests.drops import contacts
from tests.homes import Home
from tests.rights import needs_rights

pytestmark = needs_rights


@pytest.fixture(autouse=True)
def _a_lax_umask() -> Iterator[None]:
    """Let everybody read what nobody thinks about."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    """Tell who may do what."""
    return stat.S_IMODE(path.stat().st_mode)


def test_the_journal_is_for_the_agent_and_its_group(tmp_path: Path) -> None:
    """And so are the files that SQLite makes beside it."""
    path = tmp_path / "journal.sqlite"
    with SqliteJournal(path):
        assert {mode_of(each) for each in tmp_path.iterdir()} == {0o640}


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_file_that_is_copied_gets_no_new_readers(tmp_path: Path, mode: int) -> None:
    """So it is with a file that is moved; only the agent itself can always read it."""
    source = tmp_path / "source"
    source.write_bytes(b"rows")
    source.chmod(mode)
    Disk().copy(source, tmp_path / "copy")
    assert mode_of(tmp_path / "copy") == mode


def test_rows_to_fix_are_not_for_everybody(tmp_path: Path) -> None:
    """The report beside them has nothing out of a row but a few characters."""
    with Home(tmp_path) as home:
        api = FusedApi(home.clock, Fuse())
        api.refused, api.faulty_rows = b"_email,reason\ncustomer1@example.com,full\n", 1
        home.api = api
        home.drop(Kind.CONTACTS, "a.csv", contacts(3))
        home.rest()
    (rows,) = tmp_path.glob("processed/*/*.errors.csv")
    (report,) = tmp_path.glob("processed/*/*.report.json")
    assert (mode_of(rows), mode_of(report)) == (0o640, 0o644)
