"""What is odd about an import."""

import pytest

from dropbox_agent.core.alarms import alarm_about
from dropbox_agent.core.imports import Status
from dropbox_agent.core.job import Stage
from tests.jobs import an_import, job_at

JOB = job_at(Stage.SENT)
PATIENCE = 6 * 3600.0


@pytest.mark.parametrize("status", [Status.QUEUED, Status.IN_PROGRESS, Status.FINISHED])
def test_an_import_within_its_time_is_no_cause_for_alarm(status: Status) -> None:
    """Whether it runs, waits or has ended."""
    assert alarm_about(JOB, an_import(status), PATIENCE - 1, PATIENCE) is None


def test_an_import_that_does_not_end_is_told_of() -> None:
    """With its progress, and that it is still followed."""
    told = an_import(Status.IN_PROGRESS, success=3, errors=1)
    alarm = alarm_about(JOB, told, PATIENCE, PATIENCE)
    assert alarm
    assert alarm.code == "import-slow"
    assert "after 6.0 hours; 4 of 10 rows" in alarm.message
    assert "'customers.csv'" in alarm.message


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.FINISHED])
def test_more_rows_than_were_sent_are_told_of(status: Status) -> None:
    """Whether it has ended or not."""
    alarm = alarm_about(JOB, an_import(status, success=10, errors=1), 0.0, PATIENCE)
    assert alarm
    assert alarm.code == "counts-exceed"
    assert "counts 11 rows, where 10 were sent" in alarm.message


def test_an_import_that_has_ended_late_is_no_cause_for_alarm() -> None:
    """It is over."""
    assert alarm_about(JOB, an_import(Status.FINISHED), PATIENCE, PATIENCE) is None


def test_a_status_nobody_knows_is_told_of_at_once() -> None:
    """In the server's own word."""
    told = an_import(Status.OTHER)
    alarm = alarm_about(JOB, told, 0.0, PATIENCE)
    assert alarm
    assert alarm.code == "status-unknown"
    assert f"'{told.status_text}'" in alarm.message
