"""What became of a file, and why."""

from dataclasses import replace

import pytest

from dropbox_agent.core import events
from dropbox_agent.core.imports import Import, Status
from dropbox_agent.core.job import Job, Outcome, Reason, Stage
from dropbox_agent.core.judging import judge, unaccounted, unaccounted_in
from tests.jobs import REASON, after, an_import, checked, finished, job_at, new_job, parts


def ended(*told: Import, rows: int = 10) -> Job:
    """Make a job of as many parts of ten rows as the server told of; the last one ends it."""
    job = after(new_job(), events.Passed(checked(rows * len(told)), parts(*[rows] * len(told))))
    for number, each in enumerate(told, start=1):
        sent = an_import(import_id=each.id)
        end = events.AllEnded if number == len(told) else events.PartEnded
        job = after(job, events.SendBegan(()), events.Taken(sent), end(each))
    return job


def reason(job: Job) -> Reason:
    """Return the reason that a job is given."""
    _, why = judge(job)
    assert why
    assert why.message.endswith(".")
    assert why.hint.endswith((".", ".)"))
    return why


def test_all_rows_in_is_the_good_outcome() -> None:
    """It needs no reason."""
    assert judge(ended(finished(10))) == (Outcome.IMPORTED, None)
    assert judge(ended(finished(10), finished(10))) == (Outcome.IMPORTED, None)


def test_refused_rows_make_it_partial() -> None:
    """The reason says how many."""
    job = ended(finished(7, 3))
    assert judge(job)[0] is Outcome.PARTIAL
    assert reason(job).code == "rows-refused"
    assert "3 of 10 rows" in reason(job).message


def test_refused_rows_of_any_part_make_it_partial() -> None:
    """All parts are one file for the sender."""
    job = ended(finished(10), finished(8, 2), finished(10))
    assert judge(job)[0] is Outcome.PARTIAL
    assert "2 of 30 rows" in reason(job).message


def test_no_row_in_is_a_failure() -> None:
    """Though the server finished the import."""
    job = ended(finished(0, 10))
    assert judge(job)[0] is Outcome.FAILED
    assert reason(job).code == "no-row-imported"


def test_no_row_known_to_be_in_is_a_failure_of_its_own() -> None:
    """Where none was refused either, nobody may be sent to rows to fix that there are not."""
    job = ended(an_import(Status.FINISHED, total=10))
    assert judge(job)[0] is Outcome.FAILED
    assert reason(job).code == "rows-unaccounted"


@pytest.mark.parametrize(
    ("status", "code"), [(Status.ERROR, "import-error"), (Status.CANCELLED, "import-cancelled")]
)
def test_an_import_that_did_not_finish_is_a_failure(status: Status, code: str) -> None:
    """Also when rows had gone in by then; the reason says how many."""
    job = ended(an_import(status, success=6, errors=1))
    assert judge(job)[0] is Outcome.FAILED
    assert reason(job).code == code
    assert "6 rows had gone in by then, 1 were refused" in reason(job).message
    assert "import-1" in reason(job).message


def test_a_part_that_did_not_finish_fails_the_file() -> None:
    """The parts behind it were not sent."""
    error = an_import(Status.ERROR, import_id="import-2", success=3)
    job = ended(finished(10), error)
    job = replace(job, parts=(*job.parts, *parts(10)))
    assert judge(job)[0] is Outcome.FAILED
    assert reason(job).code == "import-error"
    assert "import-2" in reason(job).message


def test_a_vanished_import_is_a_failure() -> None:
    """Nobody can say what became of its rows."""
    job = after(job_at(Stage.SENT), events.Vanished())
    assert judge(job)[0] is Outcome.FAILED
    assert reason(job).code == "import-vanished"
    assert "import-1" in reason(job).message


def test_a_part_the_server_refused_fails_for_the_server_s_reason() -> None:
    """It knows best what it did not like."""
    job = after(job_at(Stage.SENDING), events.TurnedDown(REASON))
    assert judge(job) == (Outcome.FAILED, REASON)


@pytest.mark.parametrize(
    "job",
    [
        after(new_job(), events.Lost(REASON)),
        after(job_at(Stage.CHECKED), events.Lost(REASON)),
        after(job_at(Stage.HELD), events.GivenUp(REASON)),
    ],
    ids=["lost unchecked", "lost unsent", "given up"],
)
def test_a_reason_that_is_known_already_stays(job: Job) -> None:
    """What ended the job before the server did."""
    assert judge(job) == (Outcome.FAILED, REASON)


def test_an_import_accepted_by_a_person_is_judged_by_what_it_did() -> None:
    """What the job was once held for does not matter any more."""
    job = after(
        job_at(Stage.HELD),
        events.Taken(an_import()),
        events.AllEnded(finished(10)),
    )
    assert judge(job) == (Outcome.IMPORTED, None)


# A lying server


def test_rows_the_server_says_nothing_of_make_it_partial() -> None:
    """Nobody knows whether they went in."""
    job = ended(finished(7))
    assert unaccounted_in(job) == 3
    assert judge(job)[0] is Outcome.PARTIAL
    assert reason(job).code == "rows-unaccounted"
    assert "3 of 10 rows" in reason(job).message


def test_refused_rows_come_before_those_unaccounted_for() -> None:
    """They are what people can mend."""
    job = ended(finished(6, 1))
    assert unaccounted_in(job) == 3
    assert reason(job).code == "rows-refused"


@pytest.mark.parametrize("told", [finished(12), finished(10, 5), finished(0, 15)])
def test_more_rows_than_were_sent_are_not_believed(told: Import) -> None:
    """They never make the count of what is missing negative."""
    assert unaccounted_in(ended(told)) == 0


def test_too_many_rows_in_one_part_do_not_hide_those_missing_in_another() -> None:
    """Each import is counted for itself, as the report shows it."""
    job = ended(finished(15), finished(5))
    assert [unaccounted(part) for part in job.parts] == [0, 5]
    assert unaccounted_in(job) == 5
    assert judge(job)[0] is Outcome.PARTIAL


def test_counts_that_fell_are_judged_as_they_were_last() -> None:
    """What the server said on the way does not matter."""
    job = after(
        job_at(Stage.SENDING),
        events.Taken(an_import(Status.IN_PROGRESS, success=9)),
        events.AllEnded(finished(4)),
    )
    assert unaccounted_in(job) == 6
    assert judge(job)[0] is Outcome.PARTIAL
