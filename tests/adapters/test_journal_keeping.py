"""What the journal knows about keeping: ages that no clock and no forgotten job can falsify."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import KeepingRecords, SqliteJournal
from dropbox_agent.core.clock_trust import ClockTrust
from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.job import JobId, Outcome, Stage
from dropbox_agent.core.keeping import Entry, Thing
from dropbox_agent.core.nets import MOST_TO_COMPARE
from tests.crashes import QuickJournal
from tests.jobs import NOON, job_at, new_job

DAY = timedelta(days=1)
YEAR = 365 * DAY
ALL = tuple(Outcome)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    """An empty journal."""
    with QuickJournal(tmp_path / "journal") as journal:
        yield journal


@pytest.fixture
def records(journal: SqliteJournal, tmp_path: Path) -> Iterator[KeepingRecords]:
    """What it knows about keeping, looked at for the first time while it was empty."""
    assert journal.has_tables
    with KeepingRecords(tmp_path / "journal") as records:
        records.note_clock(ClockTrust.begun(NOON))
        yield records


def file_one(journal: SqliteJournal, number: int) -> None:
    """Record a job all the way."""
    job = journal.add(new_job(number=number))
    for stage in (Stage.CHECKED, Stage.FILED):
        journal.save(job_at(stage, job))


def entries(records: KeepingRecords) -> list[Entry]:
    """List all that was filed."""
    return records.entries(Thing.FILES, ALL, after=0, limit=99)


def dates(records: KeepingRecords) -> dict[str, datetime | None]:
    """Tell from when on each filed job counts."""
    return {each.job_id: each.since for each in entries(records)}


@pytest.mark.parametrize("rounds", [1, 3])
def test_a_new_job_never_gets_the_age_of_a_forgotten_one(
    journal: SqliteJournal, records: KeepingRecords, rounds: int
) -> None:
    """Nor when all jobs are forgotten, again and again."""
    for number in range(rounds):
        file_one(journal, number)
        records.note_clock(ClockTrust.begun(NOON + (2 * number + 1) * YEAR))
        records.forget(entries(records))
        records.note_clock(ClockTrust.begun(NOON + (2 * number + 2) * YEAR))
    file_one(journal, 99)
    assert dates(records) == {"c99": None}
    records.note_clock(ClockTrust.begun(NOON + 9 * YEAR))
    assert dates(records) == {"c99": NOON + 9 * YEAR}


def test_a_new_job_is_not_seen_before_it_is_filed(
    journal: SqliteJournal, records: KeepingRecords
) -> None:
    """However many looks there were while it was under way."""
    file_one(journal, 1)
    job = journal.add(new_job(number=2))
    journal.save(job_at(Stage.SENT, job))
    records.note_clock(ClockTrust.begun(NOON + DAY))
    journal.save(job_at(Stage.FILED, job))
    assert dates(records) == {"c1": NOON + DAY, "c2": None}


def test_a_clock_that_was_set_changes_no_age(
    journal: SqliteJournal, records: KeepingRecords
) -> None:
    """All dates are moved as it was, once."""
    for number, at in ((1, NOON + DAY), (2, NOON + 3 * DAY)):
        file_one(journal, number)
        records.note_clock(ClockTrust.begun(at))
    then = NOON + 3 * DAY + 6 * YEAR
    records.note_clock(ClockTrust(then + 7 * DAY, then + 7 * DAY, leapt=6 * YEAR))
    records.note_clock(ClockTrust.begun(then + 8 * DAY))
    assert dates(records) == {"c1": NOON + DAY + 6 * YEAR, "c2": then}


def test_what_is_as_old_as_it_says_itself_counts_anew_when_the_clock_was_set(
    journal: SqliteJournal, tmp_path: Path
) -> None:
    """Nobody knows by which clock it was dated."""
    file_one(journal, 1)
    with KeepingRecords(tmp_path / "journal") as records:
        records.note_clock(ClockTrust.begun(NOON + DAY))
        (dated,) = dates(records).values()
        assert dated == job_at(Stage.FILED).timeline[-1].at
        records.note_clock(ClockTrust(NOON + YEAR, NOON + YEAR, leapt=YEAR - DAY))
        assert dates(records) == {"c1": NOON + YEAR}


def test_where_a_look_left_off_is_remembered(records: KeepingRecords, tmp_path: Path) -> None:
    """For each thing and outcomes by themselves, and over a restart."""
    failed = frozenset({Outcome.FAILED, Outcome.REJECTED})
    records.leave_off(Thing.ENTRY, failed, 7)
    records.leave_off(Thing.ENTRY, ALL, 8)
    records.leave_off(Thing.ENTRY, ALL, 9)
    with KeepingRecords(tmp_path / "journal") as later:
        assert later.left_off(Thing.ENTRY, sorted(failed)) == 7
        assert later.left_off(Thing.ENTRY, ALL) == 9
        assert later.left_off(Thing.FILES, ALL) == 0


def test_entries_are_listed_of_the_outcomes_asked_for(
    journal: SqliteJournal, records: KeepingRecords
) -> None:
    """Those that are kept for ever cost nothing."""
    for number, outcome in enumerate((Outcome.IMPORTED, Outcome.FAILED, Outcome.IMPORTED)):
        job = journal.add(new_job(number=number))
        journal.save(replace(job_at(Stage.FILED, job), outcome=outcome))
    which = [Outcome.IMPORTED]
    found = records.entries(Thing.FILES, which, after=0, limit=9)
    assert [each.job_id for each in found] == ["c0", "c2"]
    back = records.entries_before(Thing.FILES, which, before=None, limit=9)
    assert back == found[::-1]


def test_the_imports_that_ended_last_are_remembered(
    journal: SqliteJournal, records: KeepingRecords
) -> None:
    """Also one that was held for long, and released after many later ones."""
    held = journal.add(new_job(number=0))
    for number in range(1, MOST_TO_COMPARE + 2):
        file_one(journal, number)
    journal.save(job_at(Stage.FILED, held))
    numbers = (0, *range(3, MOST_TO_COMPARE + 2))
    assert records.memorable() == {JobId(f"c{number}") for number in numbers}


def test_imports_of_each_coupon_set_are_remembered(
    journal: SqliteJournal, records: KeepingRecords
) -> None:
    """Many of one do not push out the only one of another."""
    for number in range(MOST_TO_COMPARE + 3):
        job = job_at(Stage.FILED, journal.add(new_job(number=number)))
        options = ImportOptions(coupon_set="rare" if number == 0 else "common")
        journal.save(replace(job, parts=(replace(job.parts[0], options=options),)))
    assert JobId("c0") in records.memorable()
    assert JobId("c1") not in records.memorable()
