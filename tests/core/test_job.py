"""A job, its parts and its counts."""

from dataclasses import replace

import pytest

from dropbox_agent.core import events
from dropbox_agent.core.imports import Status
from dropbox_agent.core.job import Outcome, Part, Stage
from tests.jobs import NOON, REASON, after, an_import, checked, finished, job_at, new_job, parts

(PART,) = parts(10)


def test_a_job_begins_when_its_file_is_claimed() -> None:
    """The claim is the first stage on its timeline."""
    job = new_job()
    assert job.stage is Stage.CLAIMED
    assert [(mark.stage, mark.at) for mark in job.timeline] == [(Stage.CLAIMED, NOON)]
    assert job.received_at == NOON


@pytest.mark.parametrize(
    ("outcome", "failure"),
    [
        (Outcome.IMPORTED, False),
        (Outcome.PARTIAL, False),
        (Outcome.DUPLICATE, False),
        (Outcome.REJECTED, True),
        (Outcome.FAILED, True),
    ],
)
def test_an_outcome_says_which_folder_the_file_goes_to(outcome: Outcome, *, failure: bool) -> None:
    """What a person has to mend goes to failed/."""
    assert outcome.is_failure is failure


@pytest.mark.parametrize(
    "part",
    [
        PART,
        replace(PART, last=an_import(Status.QUEUED)),
        replace(PART, last=an_import(Status.IN_PROGRESS)),
        replace(PART, last=an_import(Status.OTHER)),
    ],
)
def test_a_part_is_open_until_the_server_is_through_with_it(part: Part) -> None:
    """Queued, running and unknown all mean: ask again."""
    assert part.is_open
    assert not part.stops_the_job
    assert not part.went_well


@pytest.mark.parametrize(
    ("part", "stops"),
    [
        (replace(PART, last=finished()), False),
        (replace(PART, last=finished(0, 10)), False),
        (replace(PART, last=an_import(Status.ERROR)), True),
        (replace(PART, last=an_import(Status.CANCELLED)), True),
        (replace(PART, vanished=True), True),
        (replace(PART, refused=REASON), True),
    ],
)
def test_a_part_that_did_not_finish_stops_those_behind_it(part: Part, *, stops: bool) -> None:
    """Refused rows stop nothing: the server finished the import."""
    assert not part.is_open
    assert part.stops_the_job is stops
    assert part.went_well is not stops


def test_the_part_in_hand_is_the_first_open_one() -> None:
    """Parts are sent one after the other."""
    first, second, third = parts(4, 3, 3)
    job = replace(new_job(), parts=(replace(first, last=finished(4)), second, third))
    assert job.part == second


def test_a_job_without_an_open_part_has_none_in_hand() -> None:
    """Asking for one then is a mistake of ours."""
    with pytest.raises(LookupError, match="no open part"):
        _ = job_at(Stage.ENDED).part


def test_counts_are_those_of_all_parts() -> None:
    """What the server said of each part is added up."""
    job = after(new_job(), events.Passed(checked(30), parts(10, 10, 10)))
    for number, told in enumerate((finished(9, 1), finished(8, 2))):
        sent = an_import(import_id=f"import-{number}")
        job = after(job, events.SendBegan(()), events.Taken(sent), events.PartEnded(told))
    assert (job.rows, job.success, job.errors) == (30, 17, 3)


def test_a_job_that_was_not_checked_has_no_rows_yet() -> None:
    """Nobody has counted them."""
    assert (new_job().rows, new_job().success, new_job().errors) == (0, 0, 0)


@pytest.mark.parametrize("stage", Stage)
def test_a_job_is_under_way_unless_it_is_filed_or_held(stage: Stage) -> None:
    """Those two wait for nothing that the agent could do."""
    assert job_at(stage).under_way is (stage not in {Stage.FILED, Stage.HELD})
