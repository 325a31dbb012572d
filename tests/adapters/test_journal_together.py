"""Several threads write to the journal at once: one commit for all, each change whole by itself."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import JournalTrouble, SqliteJournal
from dropbox_agent.adapters.journal.database import _Change
from dropbox_agent.core.job import Job
from tests.jobs import new_job

FRAME, WAL_HEADER, PAGE_SIZE = 24, 32, 4096


def commits(journal: Path) -> int:
    """Count the transactions in a write-ahead log: the last frame of each tells the file's size."""
    frames = journal.with_name(f"{journal.name}-wal").read_bytes()[WAL_HEADER:]
    step = FRAME + PAGE_SIZE
    return sum(any(frames[at + 4 : at + 8]) for at in range(0, len(frames), step))


@contextmanager
def another_writer(path: Path) -> Iterator[None]:
    """Keep all others waiting who want to write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


class Queue(deque[_Change]):
    """The changes that wait for their turn, and a count of all that ever did."""

    def __init__(self) -> None:
        super().__init__()
        self.joined = threading.Semaphore(0)

    def append(self, change: _Change) -> None:
        """Join at the end."""
        super().append(change)
        self.joined.release()


def all_at_once(
    journal: SqliteJournal, path: Path, writes: Sequence[Callable[[], Job]]
) -> list[Future[Job]]:
    """Let the first wait for another writer, and the rest for the first."""
    queue = journal._waiting = Queue()
    with ThreadPoolExecutor(len(writes)) as threads:
        with another_writer(path):
            results = [threads.submit(write) for write in writes]
            for _ in writes:
                queue.joined.acquire()
        return results


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Say where the journal is."""
    return tmp_path / "journal.sqlite"


def test_those_who_wait_share_commits_and_each_gets_its_own_place(path: Path) -> None:
    """Fewer commits than changes, none lost, none mixed up."""
    with SqliteJournal(path) as journal:
        before = commits(path)
        jobs = [new_job(number=number) for number in range(30)]
        results = all_at_once(journal, path, [partial(journal.add, job) for job in jobs])
        added = [each.result() for each in results]
        assert sorted(each.sequence for each in added) == list(range(1, 31))
        assert [each.id for each in added] == [each.id for each in jobs]
        assert {each.id: each.sequence for each in journal.under_way()} == {
            each.id: each.sequence for each in added
        }
        assert commits(path) - before < len(jobs)


def test_what_one_cannot_do_does_not_keep_the_others_from_it(path: Path) -> None:
    """Two jobs of the same name: one of them is told, all others are recorded."""
    with SqliteJournal(path) as journal:
        jobs = [new_job(number=number % 19) for number in range(20)]
        results = all_at_once(journal, path, [partial(journal.add, job) for job in jobs])
        failed = [each.exception() for each in results if each.exception()]
        assert [type(each) for each in failed] == [JournalTrouble]
        assert len(journal.under_way()) == 19
        assert journal.damage is None
