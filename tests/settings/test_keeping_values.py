"""How people write how long things are kept."""

from datetime import timedelta
from pathlib import Path

import pytest

from dropbox_agent.core.job import Outcome
from dropbox_agent.core.keeping import Thing
from dropbox_agent.settings import BadSettings, Settings, read_settings

ALL = frozenset(Outcome)


def settings_with(**environ: str) -> Settings:
    """Read settings out of the environment alone."""
    return read_settings(Path("/srv/drop"), environ)


def faults_with(**environ: str) -> str:
    """Say what is wrong with some settings."""
    with pytest.raises(BadSettings) as found:
        settings_with(**environ)
    return str(found.value)


def test_files_and_reports_are_kept_for_ever_and_the_journal_for_years() -> None:
    """Nothing that a person may still want goes unless somebody says so."""
    keepings = settings_with().keepings
    assert keepings[Thing.FILES].is_for_ever
    assert keepings[Thing.REPORT].is_for_ever
    assert keepings[Thing.ENTRY].clause_for(Outcome.FAILED).age == timedelta(days=3 * 365)


@pytest.mark.parametrize(
    ("text", "age", "most_bytes"),
    [
        ("90 days", timedelta(days=90), None),
        ("1 day", timedelta(days=1), None),
        ("36 hours", timedelta(hours=36), None),
        ("2 Weeks", timedelta(weeks=2), None),
        ("6 months", timedelta(days=180), None),
        ("100 years", timedelta(days=36_500), None),
        ("20 GB", None, 20_000_000_000),
        ("1tb", None, 1_000_000_000_000),
        ("90 days, 20 GB", timedelta(days=90), 20_000_000_000),
        ("500 MB 1 year", timedelta(days=365), 500_000_000),
        ("for ever", None, None),
    ],
)
def test_a_time_or_a_size_or_both_for_all_outcomes(
    text: str, age: timedelta | None, most_bytes: int | None
) -> None:
    """Capitals and the comma between them make no difference."""
    for outcome in Outcome:
        clause = settings_with(AGENT_KEEP_FILES=text).keep_files.clause_for(outcome)
        assert (clause.age, clause.most_bytes) == (age, most_bytes)


def test_outcomes_may_have_rules_of_their_own() -> None:
    """One that names none is for all the others, wherever it stands."""
    text = "imported, duplicate: 30 days; 90 days 5 GB; failed: for ever"
    keeping = settings_with(AGENT_KEEP_FILES=text).keep_files
    assert keeping.clause_for(Outcome.DUPLICATE).age == timedelta(days=30)
    assert keeping.clause_for(Outcome.FAILED).is_for_ever
    others = keeping.clause_for(Outcome.PARTIAL)
    assert others.outcomes == {Outcome.PARTIAL, Outcome.REJECTED}
    assert (others.age, others.most_bytes) == (timedelta(days=90), 5_000_000_000)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("30", "is not one time"),
        ("30 bananas", "is not one time"),
        ("30 days 40 days", "is not one time"),
        ("soon", "is neither a time nor a size"),
        ("imported:", "is neither a time nor a size"),
        ("0 days", "would keep nothing at all"),
        ("9999 years", "is more than 100 years"),
        ("imported: 30 days; 1300 months", "is more than 100 years"),
        ("done: 3 days", "'done' is no outcome; they are imported, partial"),
        ("imported: 3 days; imported: 4 days", "imported: said twice"),
        ("3 days; 4 days", "names no outcome, nor does"),
    ],
)
def test_what_cannot_be_understood_is_told_with_an_example(text: str, told: str) -> None:
    """In plain words, with what to write instead."""
    message = faults_with(AGENT_KEEP_FILES=text)
    assert told in message
    assert "Write: " in message


def test_the_journal_is_needed_for_a_month() -> None:
    """Imports are found again by it."""
    assert "for 30 days at least" in faults_with(AGENT_KEEP_JOURNAL="29 days")
    assert settings_with(AGENT_KEEP_JOURNAL="for ever").keep_journal.is_for_ever


@pytest.mark.parametrize(
    ("files", "reports"),
    [
        ("", "90 days"),
        ("90 days", "30 days"),
        ("imported: 90 days; failed: 1 year", "imported: 90 days; failed: 300 days"),
        ("imported: 90 days", "90 days"),
    ],
)
def test_reports_cannot_go_before_their_files(files: str, reports: str) -> None:
    """A file in the archive without a report would say nothing."""
    told = faults_with(AGENT_KEEP_FILES=files, AGENT_KEEP_REPORTS=reports)
    assert "would go before the files" in told


@pytest.mark.parametrize(
    ("files", "reports"),
    [("30 days", "90 days"), ("30 days", ""), ("20 GB", "90 days"), ("30 days", "30 days")],
)
def test_reports_may_be_kept_as_long_or_longer(files: str, reports: str) -> None:
    """Where only a size bounds the files, a report waits for its file."""
    settings_with(AGENT_KEEP_FILES=files, AGENT_KEEP_REPORTS=reports)


def test_values_of_rows_are_kept_or_stripped() -> None:
    """They are kept unless somebody says so."""
    assert settings_with().quotes_rows
    assert not settings_with(AGENT_ROW_VALUES="strip").quotes_rows
    assert "none of these: keep, strip" in faults_with(AGENT_ROW_VALUES="no")
