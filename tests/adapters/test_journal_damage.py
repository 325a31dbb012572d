"""The journal after a kill, a power cut, a full disk, and damage."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import JournalDamaged, JournalTrouble, SqliteJournal
from dropbox_agent.core.issue import Issue, Severity
from dropbox_agent.core.job import Stage
from dropbox_agent.errors import TryLater
from tests.jobs import job_at, new_job

ISSUE = Issue("blank-key", Severity.WARNING, "It is blank.", "Fill it.", 3, "_id")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal is to be."""
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    """An empty journal."""
    with SqliteJournal(path) as journal:
        yield journal


def test_records_survive_a_kill(path: Path, journal: SqliteJournal) -> None:
    """A second connection finds everything, although the first was never closed."""
    job = journal.add(new_job())
    journal.save(job_at(Stage.SENDING, job), [ISSUE])
    with SqliteJournal(path) as after:
        assert after.find(job.id) == job_at(Stage.SENDING, job)
        assert after.issues(job.id) == (ISSUE,)


def test_records_are_in_the_files_as_soon_as_they_are_made(
    tmp_path: Path, path: Path, journal: SqliteJournal
) -> None:
    """What lies on the disk after a step is enough: nothing is left in the process."""
    job = journal.add(new_job())
    elsewhere = tmp_path / "after the power cut"
    elsewhere.mkdir()
    for name in (path.name, f"{path.name}-wal"):
        shutil.copy(path.with_name(name), elsewhere / name)
    with SqliteJournal(elsewhere / path.name) as after:
        assert after.under_way() == [job]


def test_a_record_cut_short_is_as_if_it_had_not_been(
    tmp_path: Path, path: Path, journal: SqliteJournal
) -> None:
    """A power cut in the middle of a commit leaves the step before."""
    first = journal.add(new_job(number=1))
    log = path.with_name(f"{path.name}-wal")
    whole = log.stat().st_size
    journal.add(new_job(number=2))
    elsewhere = tmp_path / "after the power cut"
    elsewhere.mkdir()
    shutil.copy(path, elsewhere / path.name)
    (elsewhere / log.name).write_bytes(log.read_bytes()[: whole + 1000])
    with SqliteJournal(elsewhere / path.name) as after:
        assert after.under_way() == [first]


def test_every_commit_is_synced(journal: SqliteJournal) -> None:
    """The settings that make a record survive a power cut are on."""
    (synchronous,) = journal._db.execute("PRAGMA synchronous").fetchone()
    (mode,) = journal._db.execute("PRAGMA journal_mode").fetchone()
    assert (synchronous, mode) == (2, "wal")


def test_an_empty_file_is_an_empty_journal(path: Path) -> None:
    """A file that was made and never written to is a normal start."""
    path.write_bytes(b"")
    with SqliteJournal(path) as journal:
        assert journal.under_way() == []


def _zeroed(content: bytes) -> bytes:
    return bytes(len(content))


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _overwritten(content: bytes) -> bytes:
    return content[:4096] + b"\xff" * 4096 + content[8192:]


def _other(_: bytes) -> bytes:
    return b"This is a letter to somebody else. " * 100


@pytest.mark.parametrize("damage", [_zeroed, _cut, _overwritten, _other])
def test_a_damaged_file_is_told_apart(path: Path, damage: Callable[[bytes], bytes]) -> None:
    """Zeroes, a cut, a lost page, another file: it is said that the journal is damaged."""
    with SqliteJournal(path) as journal:
        for number in range(20):
            journal.add(new_job(number=number))
    path.write_bytes(damage(path.read_bytes()))
    before = path.read_bytes()
    with pytest.raises(JournalDamaged) as caught:
        SqliteJournal(path)
    assert str(path) in caught.value.message
    assert path.read_bytes() == before


def test_damage_can_be_asked_for_without_changing_anything(path: Path) -> None:
    """An examination tells of it and leaves the file as it is."""
    with SqliteJournal(path) as journal:
        journal.add(new_job())
    with SqliteJournal(path, read_only=True) as whole:
        assert whole.damage is None
    content = bytearray(path.read_bytes())
    content[100:4096] = bytes(3996)
    path.write_bytes(content)
    with SqliteJournal(path, read_only=True) as broken:
        assert broken.damage
    path.write_bytes(b"no journal at all" * 300)
    with SqliteJournal(path, read_only=True) as none:
        assert none.damage


def test_a_folder_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    """A journal that cannot be opened is not taken for a damaged one."""
    with pytest.raises(JournalTrouble):
        SqliteJournal(tmp_path / "nowhere" / "journal.sqlite")


def test_a_full_disk_is_trouble_that_passes(journal: SqliteJournal) -> None:
    """Without room a step is not recorded and says so; with room again all goes on."""
    job = journal.add(new_job())
    (pages,) = journal._db.execute("PRAGMA page_count").fetchone()
    journal._db.execute(f"PRAGMA max_page_count={pages}")
    issues = [replace(ISSUE, message="x" * 200)] * 500
    with pytest.raises(JournalTrouble) as caught:
        journal.save(job_at(Stage.CHECKED, job), issues)
    assert isinstance(caught.value, TryLater)
    assert "full" in caught.value.message
    assert journal.find(job.id) == job
    journal._db.execute("PRAGMA max_page_count=100000")
    journal.save(job_at(Stage.CHECKED, job), issues)
    assert journal.find(job.id) == job_at(Stage.CHECKED, job)


def test_a_closed_journal_is_trouble(journal: SqliteJournal) -> None:
    """A thread that goes on after the stop gets an error it knows."""
    job = journal.add(new_job())
    journal.close()
    for question in (journal.under_way, journal.decisions, lambda: journal.save(job)):
        with pytest.raises(JournalTrouble):
            question()
