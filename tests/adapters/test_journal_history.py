"""The journal is read from the newest filed job to the oldest, page by page."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta, timezone
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.journal.journal import PAGE
from dropbox_agent.core import events
from dropbox_agent.core.history import Wanted, filed_at
from dropbox_agent.core.job import Job, Mark, Outcome, Stage
from dropbox_agent.core.kind import Kind
from tests.crashes import QuickJournal
from tests.jobs import NOON, STEM, after, job_at, new_job

NAMES = ("prices.csv", "Prices-old.csv", "people.csv")
PATTERNS = (None, "prices*", "*.csv", "people.csv", "nobody*")


def filed(number: int, kind: Kind, outcome: Outcome, name: str, hour: int) -> Job:
    """Make a job that was filed some hours after noon."""
    job = job_at(Stage.ENDED, new_job(kind, name, number=number))
    job = after(job, events.Judged(outcome, None, STEM), events.Filed())
    last = Mark(Stage.FILED, NOON + timedelta(hours=hour))
    return replace(job, timeline=(*job.timeline[:-1], last))


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[SqliteJournal, list[Job]]]:
    """Fill a journal with jobs of all sorts, more than a page of them; some are not filed."""
    with QuickJournal(tmp_path_factory.mktemp("history") / "journal") as journal:
        jobs = []
        for number in range(2 * PAGE + 50):
            kind = tuple(Kind)[number % 3]
            outcome = tuple(Outcome)[number * 7 % 11 % 5]
            job = filed(number, kind, outcome, NAMES[number % 7 % 3], number * 5 % 21)
            job = replace(job, sequence=journal.add(job).sequence)
            if number % 9:
                journal.save(job)
                jobs.append(job)
            else:
                journal.save(replace(job, stage=Stage.JUDGED))
        yield journal, jobs[::-1]


def wanted() -> st.SearchStrategy[Wanted]:
    """Ask for anything."""
    moments = st.none() | st.integers(0, 20).map(lambda hour: NOON + timedelta(hours=hour))
    return st.builds(
        Wanted,
        kinds=st.sets(st.sampled_from(Kind)),
        outcomes=st.sets(st.sampled_from(Outcome)),
        since=moments,
        until=moments,
        name=st.sampled_from(PATTERNS),
    )


@given(wanted())
def test_what_is_found_is_what_one_would_pick_out_by_hand(
    history: tuple[SqliteJournal, list[Job]], wanted: Wanted
) -> None:
    """Any filters together, in the order of filing, the newest first."""
    journal, jobs = history
    beginning = (wanted.name or "").removesuffix(".csv").rstrip("*")
    read = journal.filed(wanted.kinds, wanted.outcomes, wanted.since)
    found = [job for job in read if wanted.covers(job)]
    assert found == [
        job
        for job in jobs
        if job.kind in wanted.kinds
        and job.outcome in wanted.outcomes
        and (wanted.since is None or wanted.since <= filed_at(job))
        and (wanted.until is None or filed_at(job) < wanted.until)
        and job.name.lower().startswith(beginning)
    ]


def test_every_filed_job_is_found_once(history: tuple[SqliteJournal, list[Job]]) -> None:
    """Those under way are not, and no page repeats the one before."""
    journal, jobs = history
    assert list(journal.filed(tuple(Kind), tuple(Outcome))) == jobs


def test_only_what_was_filed_since_is_read(history: tuple[SqliteJournal, list[Job]]) -> None:
    """Whoever asks for the last day does not wait for years to be read."""
    journal, jobs = history
    since = NOON + timedelta(hours=15)
    read = list(journal.filed(tuple(Kind), tuple(Outcome), since))
    assert read == [job for job in jobs if filed_at(job) >= since]
    zone = timezone(timedelta(hours=-5))
    local = since.astimezone(zone) + timedelta(milliseconds=500)
    assert list(journal.filed(tuple(Kind), tuple(Outcome), local)) == read


def test_nobody_is_held_up_while_somebody_reads(tmp_path: Path) -> None:
    """Jobs that are filed meanwhile are newer than what is being read."""
    path = tmp_path / "journal"
    with QuickJournal(path) as writer, SqliteJournal(path, read_only=True) as reader:
        for number in range(PAGE + 1):
            writer.save(job_at(Stage.FILED, writer.add(new_job(number=number))))
        reading = reader.filed(tuple(Kind), tuple(Outcome))
        first = [job.id for job in islice(reading, 10)]
        writer.save(job_at(Stage.FILED, writer.add(new_job(number=9_999))))
        found = [*first, *(job.id for job in reading)]
    assert found == [f"c{number}" for number in range(PAGE, -1, -1)]


def test_a_journal_without_jobs_has_no_history(tmp_path: Path) -> None:
    """Nor is there any trouble."""
    with QuickJournal(tmp_path / "journal") as journal:
        assert list(journal.filed(tuple(Kind), tuple(Outcome))) == []
