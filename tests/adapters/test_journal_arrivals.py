"""Tests for when the last file came, as the journal has it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.core.kind import Kind
from tests.jobs import NOON, new_job


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[SqliteJournal]:
    """Make a journal of four files, an hour apart."""
    files = [
        (Kind.CONTACTS, "crm-1.csv", None),
        (Kind.CONTACTS, "shop.csv", None),
        (Kind.VOUCHERS, "crm-2.csv", "Spring"),
        (Kind.CONTACTS, "other.csv", None),
    ]
    with SqliteJournal(tmp_path / "journal.sqlite") as journal:
        for number, (kind, name, folder) in enumerate(files):
            job = new_job(kind, name, number=number, folder=folder)
            journal.add(replace(job, received_at=NOON + timedelta(hours=number)))
        yield journal


def test_it_is_the_last_one_that_counts(journal: SqliteJournal) -> None:
    """Of its kind, whatever it is called."""
    assert journal.last_arrival(Kind.CONTACTS, lambda _: True) == NOON + timedelta(hours=3)


def test_files_that_are_not_meant_are_passed_over(journal: SqliteJournal) -> None:
    """By their path below the inbox."""
    assert journal.last_arrival(Kind.CONTACTS, "contacts/crm-1.csv".__eq__) == NOON
    found = journal.last_arrival(Kind.VOUCHERS, "vouchers/Spring/crm-2.csv".__eq__)
    assert found == NOON + timedelta(hours=2)


def test_without_any_there_is_no_time(journal: SqliteJournal) -> None:
    """Not even of another kind."""
    assert journal.last_arrival(Kind.PRODUCTS, lambda _: True) is None
    assert journal.last_arrival(Kind.CONTACTS, "contacts/crm-2.csv".__eq__) is None
