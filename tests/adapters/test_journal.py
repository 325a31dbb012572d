"""The journal: what was recorded is there, whatever happens to the process."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dropbox_agent.adapters.journal import JournalTrouble, SqliteJournal
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.imports import Import, ImportId, ImportOptions
from dropbox_agent.core.issue import Issue, Severity, Slice
from dropbox_agent.core.job import Job, JobId, Part, Stage
from dropbox_agent.core.kind import Kind
from tests.jobs import job_at, new_job

ISSUE = Issue(
    "blank-key", Severity.WARNING, "It is \N{RIGHTWARDS ARROW} blank.", "Fill it.", 3, "_id"
)

_options = st.builds(
    ImportOptions,
    delimiter=st.sampled_from(",;"),
    override_existing=st.just(True),
    coupon_set=st.none() | st.text(),
)
_times = st.datetimes(timezones=st.just(UTC))
_slices = st.builds(
    lambda start, size, rows: Slice(start, start + size, rows),
    st.integers(0, 2**50),
    st.integers(0, 2**50),
    st.integers(0, 2**40),
)
_imports = st.builds(Import, options=st.none() | _options)
_parts = st.builds(Part, slice=_slices, options=_options, last=st.none() | _imports)


def _jobs() -> st.SearchStrategy[Job]:
    """Any job at any stage, with any text in it."""
    st.register_type_strategy(type(new_job().received_at), _times)
    return st.builds(
        Job,
        id=st.uuids().map(lambda each: JobId(each.hex)),
        received_at=_times,
        parts=st.lists(_parts, max_size=3).map(tuple),
        timeline=st.lists(st.sampled_from(job_at(Stage.FILED).timeline), min_size=1).map(tuple),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal is to be."""
    return tmp_path / "journal.sqlite"


@pytest.fixture
def journal(path: Path) -> Iterator[SqliteJournal]:
    """An empty journal."""
    with SqliteJournal(path) as journal:
        yield journal


@pytest.mark.parametrize("stage", Stage)
def test_a_job_comes_back_as_it_was(journal: SqliteJournal, stage: Stage) -> None:
    """A job of any stage is read as it was recorded."""
    added = journal.add(new_job())
    job = job_at(stage, added)
    journal.save(job)
    assert journal.find(job.id) == job


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(jobs=st.lists(_jobs(), max_size=3, unique_by=lambda job: job.id))
def test_whatever_a_job_holds_comes_back(
    tmp_path_factory: pytest.TempPathFactory, jobs: list[Job]
) -> None:
    """Any text, number and time in a job survives the way through the file."""
    path = tmp_path_factory.mktemp("journal") / "journal.sqlite"
    with SqliteJournal(path) as journal:
        journal._db.execute("PRAGMA synchronous=OFF")
        added = [journal.add(job) for job in jobs]
        for job in added:
            journal.save(job)
        assert [journal.find(job.id) for job in added] == added


def test_jobs_are_listed_in_the_order_of_arrival(journal: SqliteJournal) -> None:
    """The order in which jobs were added is kept, whatever is saved later."""
    added = [journal.add(new_job(number=number)) for number in (5, 3, 9)]
    assert [job.sequence for job in added] == sorted(job.sequence for job in added)
    for job in reversed(added):
        journal.save(job_at(Stage.SENT, job))
    assert [job.id for job in journal.under_way()] == ["c5", "c3", "c9"]


def test_an_older_place_is_never_given_again(journal: SqliteJournal) -> None:
    """A job that was forgotten leaves a gap: the order of arrival has no second meaning."""
    first = journal.add(new_job(number=1))
    journal.forget(first.id)
    assert journal.add(new_job(number=2)).sequence > first.sequence


def test_filed_jobs_are_not_under_way(journal: SqliteJournal) -> None:
    """Held jobs are still in hand, filed ones are not."""
    for number, stage in enumerate((Stage.FILED, Stage.HELD, Stage.CLAIMED)):
        journal.save(job_at(stage, journal.add(new_job(number=number))))
    assert [job.stage for job in journal.under_way()] == [Stage.HELD, Stage.CLAIMED]


def test_the_latest_are_those_filed_last(journal: SqliteJournal) -> None:
    """They come newest first whatever the clock said, and no more than asked for."""
    for number in (1, 2, 3):
        added = journal.add(new_job(number=number))
        job = job_at(Stage.FILED, added)
        late = replace(job.timeline[-1], at=job.timeline[-1].at.replace(minute=(number * 7) % 10))
        journal.save(replace(job, timeline=(*job.timeline[:-1], late)))
    journal.add(new_job(number=4))
    assert [job.id for job in journal.latest(2)] == ["c3", "c2"]


def test_jobs_are_found_by_the_name_of_their_file(journal: SqliteJournal) -> None:
    """The newest first and no more than asked for, with quotes and accents as they are."""
    for number in (1, 2, 3):
        journal.add(new_job(name='"é".csv', number=number))
    journal.add(new_job(name="other.csv", number=4))
    assert [job.id for job in journal.named('"é".csv', 2)] == ["c3", "c2"]
    assert journal.named("none.csv", 2) == []


def test_the_names_that_came_last_are_listed_once(journal: SqliteJournal) -> None:
    """The newest first, out of so many jobs."""
    for number, name in enumerate(("old.csv", "a.csv", "b.csv", "a.csv")):
        journal.add(new_job(name=name, number=number))
    assert journal.names(3) == ["a.csv", "b.csv"]


def test_a_job_can_be_found_and_forgotten(journal: SqliteJournal) -> None:
    """A forgotten job is not known any more; forgetting what is not there is no error."""
    job = journal.add(new_job())
    assert journal.find(job.id) == job
    journal.forget(job.id)
    journal.forget(job.id)
    assert journal.find(job.id) is None
    assert journal.issues(job.id) == ()


def test_one_id_is_one_job(journal: SqliteJournal) -> None:
    """Two jobs of the same id would be a bug of ours: the second is refused."""
    journal.add(new_job())
    with pytest.raises(JournalTrouble):
        journal.add(new_job())


def test_issues_stay_with_their_job(journal: SqliteJournal) -> None:
    """They are kept by later saves, and replaced by those of another check."""
    job = journal.add(new_job())
    journal.save(job, [ISSUE, ISSUE])
    journal.save(job_at(Stage.CHECKED, job))
    assert journal.issues(job.id) == (ISSUE, ISSUE)
    journal.save(job, [])
    assert journal.issues(job.id) == ()


def test_decisions_wait_until_they_are_heeded(journal: SqliteJournal) -> None:
    """The last word about a job counts, and is there until it is carried out."""
    first = Decision(JobId("v1"), Choice.RESEND)
    last = Decision(JobId("v1"), Choice.ACCEPT, ImportId("42"))
    other = Decision(JobId("v2"), Choice.FAIL)
    for decision in (first, other, last):
        journal.decide(decision)
    assert sorted(journal.decisions(), key=lambda each: each.job_id) == [last, other]
    journal.drop_decision(last)
    assert journal.decisions() == [other]


def test_a_decision_is_spent_by_the_step_it_leads_to(journal: SqliteJournal) -> None:
    """It is there as long as the job is held, and never decides about the job a second time."""
    job = journal.add(new_job())
    decision = Decision(job.id, Choice.RESEND)
    journal.decide(decision)
    journal.save(job_at(Stage.HELD, job))
    assert journal.decisions() == [decision]
    journal.save(job_at(Stage.CHECKED, job))
    assert journal.decisions() == []


def test_every_commit_is_synced(journal: SqliteJournal) -> None:
    """What was recorded survives a power cut: SQLite is asked how it really writes here."""
    settings = [
        journal._db.execute(f"PRAGMA {each}").fetchone() for each in ("journal_mode", "synchronous")
    ]
    assert settings == [("wal",), (2,)]  # 2 is FULL


# Other connections


def test_a_reader_sees_what_the_agent_records(path: Path, journal: SqliteJournal) -> None:
    """A command that only looks may do so at any time, also in the middle of a write."""
    job = journal.add(new_job())
    with SqliteJournal(path, read_only=True) as reader:
        assert reader.under_way() == [job]
        journal._db.execute("BEGIN IMMEDIATE")
        journal._db.execute("UPDATE jobs SET stage = 'filed'")
        assert reader.under_way() == [job]
        journal._db.execute("COMMIT")
        assert reader.under_way() == []


def test_a_reader_cannot_write(path: Path, journal: SqliteJournal) -> None:
    """Looking changes nothing, not even by mistake."""
    job = journal.add(new_job())
    with SqliteJournal(path, read_only=True) as reader, pytest.raises(JournalTrouble):
        reader.save(job)


def test_a_reader_makes_no_journal(path: Path) -> None:
    """Where no agent ever ran there is nothing to read."""
    with pytest.raises(JournalTrouble):
        SqliteJournal(path, read_only=True)
    assert not path.exists()


def test_a_decision_of_another_program_is_seen(path: Path, journal: SqliteJournal) -> None:
    """The command line leaves its word while the agent runs."""
    with SqliteJournal(path) as command:
        command.decide(Decision(JobId("v1"), Choice.FAIL))
    assert journal.decisions() == [Decision(JobId("v1"), Choice.FAIL)]


def test_several_threads_may_write(journal: SqliteJournal) -> None:
    """Steps of different jobs are recorded from different threads, none is lost."""
    together = threading.Barrier(4)
    errors: list[Exception] = []

    def work(thread: int) -> None:
        together.wait()
        try:
            for number in range(10):
                job = journal.add(new_job(number=100 * thread + number))
                journal.save(job_at(Stage.SENT, job))
        except Exception as error:  # noqa: BLE001 - told below, in the thread that can fail
            errors.append(error)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    jobs = journal.under_way()
    assert len({job.id for job in jobs}) == len({job.sequence for job in jobs}) == 40
    assert {job.stage for job in jobs} == {Stage.SENT}


def test_vouchers_and_folders_come_back(journal: SqliteJournal) -> None:
    """Kind and folder are part of the record."""
    job = journal.add(new_job(Kind.VOUCHERS, "codes.csv", folder="61fa54f238319b3bf1990fdc"))
    assert journal.under_way() == [job]


def test_a_record_of_an_older_version_is_read(journal: SqliteJournal) -> None:
    """What an older version did not know is taken for not there."""
    job = job_at(Stage.SENT, journal.add(new_job()))
    journal.save(job)
    (record,) = journal._db.execute("SELECT record FROM jobs").fetchone()
    older = json.loads(record)
    for member in ("plan", "follows", "account"):
        del older["checked"][member]
    for member in ("header_lines", "row_faults"):
        del older["checked"]["facts"][member]
    journal._db.execute("UPDATE jobs SET record = ?", (json.dumps(older),))
    assert journal.find(job.id) == job
