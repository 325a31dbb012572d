"""What is asked of the journal is answered rightly, and quickly when it has become large."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import KeepingRecords, SqliteJournal
from dropbox_agent.adapters.journal.journal import PAGE
from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.job import Earlier, Job, JobId, Outcome, Stage
from dropbox_agent.core.keeping import Thing
from dropbox_agent.core.kind import Kind
from tests.crashes import QuickJournal
from tests.jobs import job_at, new_job
from tests.rights import as_nobody, needs_rights, open_folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal is to be."""
    return tmp_path / "journal"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    """An empty journal."""
    with QuickJournal(path) as journal:
        yield journal


def imported(
    journal: SqliteJournal, job: Job, made: str | None, stage: Stage = Stage.FILED
) -> None:
    """Record that the server made an import of a job at some time of its own."""
    job = job_at(stage, job)
    (part,) = job.parts
    assert part.last
    journal.save(replace(job, parts=(replace(part, last=replace(part.last, created_at=made)),)))


def arrivals(journal: SqliteJournal, count: int) -> list[Job]:
    """Have some files arrive."""
    return [journal.add(new_job(number=number)) for number in range(1, count + 1)]


# What was imported last


def test_what_was_released_late_was_imported_last(journal: SqliteJournal) -> None:
    """Though it came before the others."""
    held, other, asking = arrivals(journal, 3)
    imported(journal, other, "2026-01-15T12:00:00.000Z")
    imported(journal, held, "2026-01-16T12:00:00.000Z")
    last = journal.imported_last(asking)
    assert last
    assert last.id == held.id


def test_of_two_under_way_together_the_one_made_later_counts(journal: SqliteJournal) -> None:
    """Also when the earlier one takes longer, and is filed after it."""
    long, short, asking = arrivals(journal, 3)
    imported(journal, short, "2026-01-15T12:00:05.000Z")
    imported(journal, long, "2026-01-15T12:00:01.000Z")
    last = journal.imported_last(asking)
    assert last
    assert last.id == short.id


def test_where_the_server_gives_no_dates_the_last_step_counts(journal: SqliteJournal) -> None:
    """So one without a date is never passed by."""
    first, second, asking = arrivals(journal, 3)
    imported(journal, second, "2026-01-15T12:00:00.000Z")
    imported(journal, first, None)
    last = journal.imported_last(asking)
    assert last
    assert last.id == first.id


def test_without_imports_nothing_was_imported_last(journal: SqliteJournal) -> None:
    """Nor by the job itself, nor into another set."""
    rejected, itself, other = arrivals(journal, 3)
    journal.save(job_at(Stage.HELD, rejected))
    imported(journal, itself, "2026-01-15T12:00:00.000Z", Stage.SENT)
    assert journal.imported_last(itself) is None
    (part,) = job_at(Stage.CHECKED, other).parts
    elsewhere = replace(other, parts=(replace(part, options=ImportOptions(coupon_set="x")),))
    assert journal.imported_last(elsewhere) is None


# How it is found


@pytest.mark.parametrize(
    ("question", "index"),
    [
        (lambda journal, _: journal.under_way(), "jobs_by_stage"),
        (lambda journal, _: journal.latest(3), "jobs_by_step"),
        (lambda journal, _: list(journal.filed(tuple(Kind), tuple(Outcome))), "jobs_by_step"),
        (lambda journal, job: journal.imported_last(job), "jobs_by_set"),
        (lambda journal, job: journal.imported_before(job, 3), "jobs_by_step"),
        (lambda journal, job: journal.followers(job.id), "jobs_by_first"),
        (lambda journal, job: journal.named("a.csv", 1, after=job), "jobs_by_kind"),
    ],
)
def test_nothing_is_sought_among_all_jobs(
    journal: SqliteJournal, question: Callable[[SqliteJournal, Job], object], index: str
) -> None:
    """SQLite is asked how it really looks: by an index that leads to the few that are meant."""
    (job,) = arrivals(journal, 1)
    asked: list[str] = []
    journal._db.set_trace_callback(asked.append)
    question(journal, job)
    journal._db.set_trace_callback(None)
    plan = [row[3] for row in journal._db.execute(f"EXPLAIN QUERY PLAN {asked[0]}")]
    assert f"jobs USING INDEX {index}" in plan[0]


def test_a_journal_that_lacks_an_index_gets_it(path: Path) -> None:
    """One of an earlier version becomes as quick as a new one."""
    SqliteJournal(path).close()
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP INDEX jobs_by_first")
    with SqliteJournal(path) as journal:
        found = journal._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'jobs_by_first'")
        assert found.fetchall() == [(1,)]


def test_files_of_the_same_name_are_found_among_later_ones_of_the_kind(
    journal: SqliteJournal,
) -> None:
    """Earlier ones, and those of other kinds, are not asked for."""
    first, second, third = arrivals(journal, 3)
    journal.add(new_job(Kind.PRODUCTS, first.name, number=4))
    assert [job.id for job in journal.named(first.name, 9, after=first)] == [third.id, second.id]
    assert journal.named(first.name, 9, after=third) == []


def test_files_that_come_from_another_are_found(journal: SqliteJournal) -> None:
    """In the order in which they came."""
    first, second, third = arrivals(journal, 3)
    for each in (third, second):
        job = job_at(Stage.SENT, each)
        assert job.checked
        follows = Earlier(first.id, "first.report.json")
        journal.save(replace(job, checked=replace(job.checked, follows=follows)))
    assert [job.id for job in journal.followers(first.id)] == [second.id, third.id]
    assert journal.followers(JobId("c99")) == []


# An agent that starts while somebody reads


def test_an_agent_may_start_and_write_while_somebody_reads(path: Path) -> None:
    """What is read is what was there when it was read; nothing is torn."""
    with QuickJournal(path) as writer:
        for job in arrivals(writer, 2 * PAGE + 10):
            writer.save(job_at(Stage.FILED, job))
    with SqliteJournal(path, read_only=True) as reader:
        reading = reader.filed(tuple(Kind), tuple(Outcome))
        seen = [job.id for job in islice(reading, 10)]
        with QuickJournal(path) as writer, KeepingRecords(path) as records:
            records.forget(records.entries(Thing.ENTRY, tuple(Outcome), after=0, limit=PAGE))
            for number in range(3 * PAGE):
                writer.save(job_at(Stage.FILED, writer.add(new_job(number=9_000 + number))))
            writer._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            seen += [job.id for job in reading]
            assert seen == [f"c{number}" for number in range(2 * PAGE + 10, PAGE, -1)]
            assert reader.latest(1)[0].id == f"c{9_000 + 3 * PAGE - 1}"


def test_an_agent_that_came_and_went_is_noticed(path: Path) -> None:
    """Even if it has tidied up behind it."""
    with QuickJournal(path) as writer:
        arrivals(writer, 1)
    with SqliteJournal(path, read_only=True) as reader:
        assert len(reader.under_way()) == 1
        with QuickJournal(path) as writer:
            for number in range(2, 300):
                writer.add(new_job(number=number))
        assert len(reader.under_way()) == 299


@needs_rights
def test_who_may_only_read_leaves_nothing_beside_the_journal() -> None:
    """Nor does reading need the right to write there."""
    with open_folder() as folder:
        with SqliteJournal(folder / "journal") as writer:
            writer.add(new_job())
        (folder / "journal").chmod(0o644)
        folder.chmod(0o755)
        with as_nobody(), SqliteJournal(folder / "journal", read_only=True) as reader:
            assert len(reader.under_way()) == 1
        assert [each.name for each in folder.iterdir()] == ["journal"]
