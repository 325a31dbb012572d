"""The log: one line for each step, with the job's id, and nothing that must not be there."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from loguru import logger

from dropbox_agent.adapters.log_witness import LogWitness
from dropbox_agent.core.imports import Status
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.trouble import as_trouble
from dropbox_agent.errors import TryLater
from tests.jobs import REASON, an_import, job_at, new_job

WHY = TryLater("There is no way to the server.", hint="Plug it in.", code="network-down")


class Lines:
    """A log that keeps its records."""

    def __init__(self) -> None:
        self.records: list[dict[str, Any]] = []

    def __call__(self, message: Any) -> None:  # noqa: ANN401 - loguru has no name for it
        """Keep one record."""
        self.records.append(message.record)

    @property
    def last(self) -> dict[str, Any]:
        """The record made last."""
        return self.records[-1]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Listen to the log."""
    lines = Lines()
    sink = logger.add(lines, level="DEBUG", format="{message}", catch=False)
    yield lines
    logger.remove(sink)


@pytest.mark.parametrize("stage", Stage)
def test_every_step_is_one_line_with_the_job(lines: Lines, stage: Stage) -> None:
    """Whatever stage a job comes to, one line says so and names the job."""
    LogWitness().stepped(job_at(stage))
    (record,) = lines.records
    assert record["extra"] == {"job": "c1", "stage": stage.value}
    assert record["message"]
    assert "\n" not in record["message"]


@pytest.mark.parametrize(
    ("job", "level"),
    [
        (job_at(Stage.JUDGED), "INFO"),
        (replace(job_at(Stage.JUDGED), outcome=Outcome.PARTIAL, reason=REASON), "WARNING"),
        (replace(job_at(Stage.JUDGED), outcome=Outcome.FAILED, reason=REASON), "WARNING"),
        (job_at(Stage.HELD), "WARNING"),
        (job_at(Stage.SENT), "INFO"),
    ],
    ids=["imported", "partial", "failed", "held", "sent"],
)
def test_bad_news_stands_out(lines: Lines, job: Job, level: str) -> None:
    """What somebody should look at is a warning, with reason and hint."""
    LogWitness().stepped(job)
    assert lines.last["level"].name == level
    if job.reason:
        assert job.reason.hint in lines.last["message"]


@pytest.mark.parametrize("name", ["{job}.csv", "{0}{}.csv", "%s.csv", "<red>x</red>.csv"])
def test_a_name_is_told_as_it_is(lines: Lines, name: str) -> None:
    """Nothing in a file's name is taken for a placeholder or a colour."""
    LogWitness().stepped(new_job(name=name))
    assert name in lines.last["message"]


def test_progress_is_for_those_who_want_to_know(lines: Lines) -> None:
    """How far an import is only shows at the level for debugging."""
    told = an_import(Status.IN_PROGRESS, success=3)
    LogWitness().progressed(job_at(Stage.SENT), told)
    assert lines.last["level"].name == "DEBUG"
    assert "3 of 10 rows" in lines.last["message"]


def test_a_pause_says_why_and_when_it_is_tried_next(lines: Lines) -> None:
    """Message, wait and hint are in one line, and the code beside it."""
    LogWitness().paused("sending", WHY, 8.2)
    assert lines.last["message"] == (
        "sending is paused: There is no way to the server. Next try in 9 s. Plug it in."
    )
    assert lines.last["extra"] == {"code": "network-down"}
    assert lines.last["level"].name == "WARNING"


def test_a_pause_that_passes_by_itself_is_no_warning(lines: Lines) -> None:
    """A full queue is part of the day's work."""
    LogWitness().paused("sending", TryLater("Full.", hint="Wait.", code="queue-full"), 1)
    assert lines.last["level"].name == "INFO"


def test_a_pause_is_a_warning_once_for_each_reason(lines: Lines) -> None:
    """Tries in vain fill no log; another reason, another lane and another pause are news."""
    refused = TryLater("The key is refused.", hint="Make one.", code="api-key-refused")
    witness = LogWitness()
    for what, why in [
        ("sending", WHY),
        ("sending", WHY),
        ("asking", WHY),
        ("sending", refused),
        ("sending", refused),
    ]:
        witness.paused(what, why, 1)
    witness.resumed("sending")
    witness.paused("sending", refused, 1)
    assert [record["level"].name for record in lines.records] == [
        *("WARNING", "DEBUG", "WARNING", "WARNING", "DEBUG"),
        *("INFO", "WARNING"),
    ]
    assert "Next try in 1 s." in lines.records[1]["message"]


def test_the_end_of_a_pause_is_told(lines: Lines) -> None:
    """Whoever read of the pause reads of its end."""
    LogWitness().resumed("sending")
    assert (lines.last["message"], lines.last["level"].name) == ("sending goes on", "INFO")


def test_a_trouble_that_is_understood_has_no_traceback(lines: Lines) -> None:
    """An expected failure is one plain line."""
    LogWitness().troubled(as_trouble(OSError(28, "No space left on device")), new_job())
    assert "No space left on device" in lines.last["message"]
    assert lines.last["exception"] is None
    assert lines.last["extra"]["job"] == "c1"


def test_a_surprise_leaves_its_traceback(lines: Lines) -> None:
    """What nobody foresaw can be looked into later."""
    LogWitness().troubled(as_trouble(ZeroDivisionError("a bug")))
    assert lines.last["exception"].type is ZeroDivisionError
    assert lines.last["extra"]["job"] is None


def test_a_notice_is_one_line(lines: Lines) -> None:
    """Something that belongs to no job is told as it is."""
    LogWitness().noticed("There are {strange} files.")
    assert lines.last["message"] == "There are {strange} files."
