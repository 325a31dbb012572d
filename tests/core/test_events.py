"""What each event writes on a job, and what it leaves alone."""

from dataclasses import fields, replace

import pytest

from dropbox_agent.core import events
from dropbox_agent.core.events import Event
from dropbox_agent.core.imports import Import, ImportId, Status
from dropbox_agent.core.job import Job, Outcome, Stage
from tests.jobs import (
    EXAMPLES,
    REASON,
    STEM,
    after,
    an_import,
    checked,
    finished,
    job_at,
    new_job,
    parts,
)


def changed(before: Job, now: Job) -> set[str]:
    """Name the members of a job that differ."""
    return {
        each.name for each in fields(Job) if getattr(before, each.name) != getattr(now, each.name)
    }


TABLE: list[tuple[type[Event], Stage, set[str]]] = [
    (events.Passed, Stage.CLAIMED, {"checked", "parts"}),
    (events.Doubted, Stage.CLAIMED, {"checked", "parts", "reason"}),
    (events.Rejected, Stage.CLAIMED, {"checked", "reason", "stem", "outcome"}),
    (events.Lost, Stage.CLAIMED, {"reason"}),
    (events.Repeated, Stage.CHECKED, {"duplicate_of", "reason", "stem", "outcome"}),
    (events.Rewritten, Stage.CHECKED, {"checked", "parts"}),
    (events.SendBegan, Stage.CHECKED, {"parts"}),
    (events.Lost, Stage.CHECKED, {"reason"}),
    (events.Taken, Stage.SENDING, {"parts"}),
    (events.NotTaken, Stage.SENDING, set()),
    (events.TurnedDown, Stage.SENDING, {"parts"}),
    (events.Held, Stage.SENDING, {"reason"}),
    (events.PartEnded, Stage.SENT, {"parts"}),
    (events.AllEnded, Stage.SENT, {"parts"}),
    (events.Vanished, Stage.SENT, {"parts"}),
    (events.Judged, Stage.ENDED, {"outcome", "stem"}),
    (events.Filed, Stage.JUDGED, set()),
    (events.SentAgain, Stage.HELD, {"reason"}),
    (events.BegunAnew, Stage.HELD, {"reason"}),
    (events.GivenUp, Stage.HELD, set()),
]


@pytest.mark.parametrize(("event", "stage", "written"), TABLE)
def test_an_event_writes_what_it_tells_and_nothing_else(
    event: type[Event], stage: Stage, written: set[str]
) -> None:
    """Stage and timeline are for the lifecycle alone."""
    job = job_at(stage)
    assert changed(job, EXAMPLES[event].written_on(job)) == written


def test_the_table_above_knows_every_event() -> None:
    """A new event must say what it writes."""
    assert {event for event, _, _ in TABLE} == set(EXAMPLES)


def test_passing_keeps_what_was_learned_and_what_is_to_be_sent() -> None:
    """The next start needs both."""
    job = events.Passed(checked(20), parts(12, 8)).written_on(new_job())
    assert (job.checked, job.parts) == (checked(20), parts(12, 8))


def test_a_rejection_is_a_whole_judgement() -> None:
    """Nothing is sent, so nothing more has to be found out."""
    job = events.Rejected(checked(errors=1), REASON, STEM).written_on(new_job())
    assert (job.outcome, job.reason, job.stem) == (Outcome.REJECTED, REASON, STEM)


def test_a_file_written_to_again_is_as_if_it_had_never_been_checked() -> None:
    """What was learned from the old content says nothing about the new one."""
    job = events.Rewritten().written_on(job_at(Stage.CHECKED))
    assert (job.checked, job.parts) == (None, ())


def test_a_send_notes_the_imports_that_were_there_before() -> None:
    """They tell ours from older ones, should the answer be lost."""
    known = (ImportId("older-1"), ImportId("older-2"))
    assert job_at(Stage.SENDING).part.known == known


def test_sending_again_forgets_the_list_of_the_send_before() -> None:
    """What counts is what was there just before the last send."""
    later = events.SendBegan((ImportId("newer"),))
    job = after(job_at(Stage.SENDING), events.NotTaken(), later)
    assert job.part.known == (ImportId("newer"),)


def test_the_server_s_word_is_kept_with_the_part_in_hand() -> None:
    """Its id, what it last said, and what it cost to learn it."""
    job = after(job_at(Stage.SENT), events.AllEnded(finished(9, 1), requests=3))
    (part,) = job.parts
    assert (part.import_id, part.last, part.requests) == ("import-1", finished(9, 1), 5)


def test_only_the_part_in_hand_is_written_on() -> None:
    """The parts before have ended, those behind wait."""
    job = after(
        new_job(),
        events.Passed(checked(30), parts(10, 10, 10)),
        events.SendBegan(()),
        events.Taken(an_import()),
        events.PartEnded(finished()),
        events.SendBegan((ImportId("import-1"),)),
        events.Taken(an_import(import_id="import-2")),
    )
    first, second, third = job.parts
    assert (first.import_id, second.import_id, third.import_id) == ("import-1", "import-2", None)
    assert first.last == finished()
    assert third == parts(10, 10, 10)[2]


@pytest.mark.parametrize("told", [finished(), an_import(Status.ERROR), an_import(Status.CANCELLED)])
@pytest.mark.parametrize("lost", [False, True])
def test_an_import_that_had_ended_before_we_heard_of_it_can_still_be_followed(
    told: Import, *, lost: bool
) -> None:
    """After a crash or a lost answer the import found is often through already."""
    job = after(job_at(Stage.HELD if lost else Stage.SENDING), events.Taken(told, requests=2))
    assert job.part.import_id == told.id
    ended = after(job, events.AllEnded(told, requests=1))
    assert ended.parts[0].last == told


def test_a_refusal_is_kept_with_the_part() -> None:
    """The server's own reason is what people need."""
    job = after(job_at(Stage.SENDING), events.TurnedDown(REASON))
    assert job.parts[0].refused == REASON
    assert job.reason is None


def test_a_vanished_import_keeps_its_id() -> None:
    """People look for it in Connectif."""
    (part,) = after(job_at(Stage.SENT), events.Vanished()).parts
    assert part.vanished
    assert part.import_id == "import-1"


@pytest.mark.parametrize(
    "decision", [events.SentAgain(), events.Taken(an_import())], ids=["resend", "accept"]
)
def test_a_released_job_is_not_held_against_any_more(decision: Event) -> None:
    """A reason left over from holding would make the job fail when it is judged."""
    assert after(job_at(Stage.HELD), decision).reason is None


def test_a_decision_to_give_up_is_the_reason_of_the_failure() -> None:
    """It replaces what the job was held for."""
    given_up = replace(REASON, code="given-up")
    assert after(job_at(Stage.HELD), events.GivenUp(given_up)).reason == given_up
