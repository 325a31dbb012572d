"""A journal that is whole, but not for this program: another version's, or out of reach."""

from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import JournalDamaged, JournalTrouble, SqliteJournal
from dropbox_agent.errors import BadConfiguration
from tests.jobs import new_job
from tests.rights import as_nobody, needs_rights, open_folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal is, with one job in it."""
    path = tmp_path / "journal.sqlite"
    with SqliteJournal(path) as journal:
        journal.add(new_job())
    return path


def test_a_journal_of_a_newer_version_is_refused(path: Path) -> None:
    """Nobody guesses at what a later version meant; it is neither changed nor set aside."""
    with SqliteJournal(path) as journal:
        journal._db.execute("PRAGMA user_version=99")
    with pytest.raises(BadConfiguration) as caught:
        SqliteJournal(path)
    assert caught.value.code == "journal-newer"
    assert not isinstance(caught.value, JournalDamaged)


def test_an_entry_that_cannot_be_read_is_trouble(path: Path) -> None:
    """It says so, and what to do; no job is taken for another one."""
    with SqliteJournal(path) as journal:
        journal._db.execute("""UPDATE jobs SET record = '{"stage": "resting"}'""")
        for question in (journal.under_way, lambda: journal.find("c1")):
            with pytest.raises(JournalTrouble) as caught:
                question()
            assert caught.value.code == "journal-unreadable"
            assert "inbox/.claimed" in caught.value.hint


def test_a_journal_that_cannot_be_opened_is_not_taken_for_a_damaged_one(path: Path) -> None:
    """What the place does not allow now, it may allow later: nothing is set aside."""
    path.with_name(f"{path.name}-wal").mkdir()
    with pytest.raises(JournalTrouble):
        SqliteJournal(path)


@needs_rights
def test_a_journal_that_cannot_be_read_now_is_not_called_damaged() -> None:
    """What SQLite keeps beside it belongs to another user: that can be mended."""
    with open_folder() as folder, SqliteJournal(folder / "journal") as writer:
        writer.add(new_job())
        for each in folder.glob("journal-*"):
            each.chmod(0)
        with (
            as_nobody(),
            SqliteJournal(folder / "journal", read_only=True) as journal,
            pytest.raises(JournalTrouble),
        ):
            _ = journal.damage
