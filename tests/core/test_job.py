"""A job, its parts and its counts."""

from dataclasses import replace

import pytest

from dropbox_agent.core import events
from dropbox_agent.core.imports import Status
from dropbox_agent.core.job import JobId, Outcome, Stage, kind_of, make_job_id
from dropbox_agent.core.kind import Kind
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


@pytest.mark.parametrize("kind", Kind)
def test_an_id_tells_the_kind(kind: Kind) -> None:
    """Should the journal be lost, the names of the claims folders are all there is."""
    job_id = make_job_id(kind, "7k3m9px")
    assert job_id.endswith("7k3m9px")
    assert kind_of(job_id) is kind


@pytest.mark.parametrize("name", ["", "x7k3m9px", "7k3m9px", ".c7k3m9px"])
def test_what_is_no_id_of_ours_tells_no_kind(name: str) -> None:
    """Somebody made that folder."""
    assert kind_of(JobId(name)) is None


def test_a_part_is_open_until_its_end_is_recorded() -> None:
    """What the server last said does not close it: it may have said so before we looked."""
    assert PART.is_open
    assert job_at(Stage.SENT).part.is_open
    assert after(job_at(Stage.SENDING), events.Taken(finished())).part.is_open


@pytest.mark.parametrize(
    ("stage", "end"),
    [
        (Stage.SENT, events.AllEnded(finished())),
        (Stage.SENT, events.AllEnded(an_import(Status.ERROR))),
        (Stage.SENT, events.Vanished()),
        (Stage.SENDING, events.TurnedDown(REASON)),
    ],
    ids=["finished", "error", "vanished", "turned down"],
)
def test_an_end_closes_a_part(stage: Stage, end: events.Event) -> None:
    """Good or bad, nothing more is asked about it."""
    (part,) = after(job_at(stage), end).parts
    assert not part.is_open


@pytest.mark.parametrize("status", Status)
def test_only_a_finished_import_went_well(status: Status) -> None:
    """Refused rows do not matter for that."""
    assert not PART.went_well
    told = an_import(status, success=2, errors=8)
    assert replace(PART, last=told).went_well is (status is Status.FINISHED)


def test_the_part_in_hand_is_the_first_open_one() -> None:
    """Parts are sent one after the other."""
    first, second, third = parts(4, 3, 3)
    job = replace(new_job(), parts=(replace(first, is_open=False), second, third))
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
