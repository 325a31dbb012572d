"""The story of a job: every step in words, its imports, and what comes next."""

from dataclasses import replace

import pytest

from dropbox_agent.core import events
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.explaining import JobStory, Place, Surroundings, tell_story
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.job import Job, JobId, Outcome, Stage
from dropbox_agent.core.reasons import why_held
from dropbox_agent.core.report import Json
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

WITH_AGENT = Surroundings(is_running=True)


def whats(story: JobStory) -> list[str]:
    """List the steps in words."""
    return [each.what for each in story.steps]


def status_of(job: Job, **changes: object) -> Json:
    """Say what an agent tells of a job in its status."""
    known: Json = {"job": job.id, "import": "import-1", "status": "inProgress", "done": 4}
    return known | {"next_try": None} | changes


def test_each_step_of_a_file_that_went_well_is_told() -> None:
    """From the claim to the archive, each with its time."""
    story = tell_story(job_at(Stage.FILED), WITH_AGENT)
    assert whats(story) == [
        "claimed from inbox/contacts, 1.0 KB",
        "checked: 10 rows, 0 warnings",
        "sending began",
        "taken by Connectif as import import-1",
        "nothing more to be sent or asked",
        "judged: imported",
        "filed in processed/contacts",
    ]
    assert story.steps[1].at == "2026-01-15T12:00:01.000Z"
    assert story.next == "Nothing more happens: it is done with."


@pytest.mark.parametrize(
    "ending",
    [EXAMPLES[events.Repeated], events.Lost(REASON)],
    ids=["duplicate", "taken away"],
)
def test_what_was_not_sent_is_not_told_as_still_to_be(ending: events.Event) -> None:
    """Nothing more happens with it."""
    (part,) = tell_story(after(job_at(Stage.CHECKED), ending), WITH_AGENT).parts
    assert (part.import_id, part.status) == (None, "not sent")


def test_what_was_given_up_after_a_lost_answer_is_not_known() -> None:
    """It may have been taken, or not."""
    job = after(job_at(Stage.SENDING), events.Held(REASON), events.GivenUp(REASON))
    (part,) = tell_story(job, WITH_AGENT).parts
    assert part.status == "not known"


@pytest.mark.parametrize("stage", Stage)
def test_at_every_stage_there_is_something_to_say(stage: Stage) -> None:
    """And all of it can be written down."""
    story = tell_story(job_at(stage), Surroundings(is_running=False))
    told = story.to_json()
    assert told["next"]
    assert len(told["timeline"]) == len(job_at(stage).timeline)
    assert ("No agent is running" in story.next) == (stage not in {Stage.FILED, Stage.HELD})


def test_parts_are_counted_as_they_go_by() -> None:
    """Each with its own import."""
    job = after(
        new_job(),
        events.Passed(checked(30), parts(10, 20)),
        EXAMPLES[events.SendBegan],
        events.Taken(an_import(import_id="one")),
        events.PartEnded(finished(9, 1, import_id="one")),
        EXAMPLES[events.SendBegan],
        events.Taken(an_import(import_id="two")),
    )
    told = status_of(job, done=10 + 7) | {"import": "two"}
    story = tell_story(job, Surroundings(is_running=True, told=told))
    assert whats(story)[2:] == [
        "sending began (part 1 of 2)",
        "taken by Connectif as import one (part 1 of 2)",
        "part 1 of 2 has ended",
        "sending began (part 2 of 2)",
        "taken by Connectif as import two (part 2 of 2)",
    ]
    first, second = story.parts
    assert (first.status, first.rows, first.success, first.errors) == ("finished", 10, 9, 1)
    assert (second.import_id, second.status, second.done) == ("two", "inProgress", 7)


def test_detours_are_told_as_well() -> None:
    """A file written to after its check, a send that was not taken, one that was released."""
    rewritten = after(job_at(Stage.CHECKED), events.Rewritten())
    assert whats(tell_story(rewritten, WITH_AGENT))[-1].startswith("was written to")
    not_taken = after(job_at(Stage.SENDING), events.NotTaken())
    assert whats(tell_story(not_taken, WITH_AGENT))[-1] == "was not taken; to be sent again"
    released = after(job_at(Stage.HELD), events.SentAgain())
    assert whats(tell_story(released, WITH_AGENT))[-1] == "released to be sent again"


@pytest.mark.parametrize(
    ("job", "status"),
    [
        (job_at(Stage.CHECKED), "to be sent"),
        (job_at(Stage.SENDING), "being sent"),
        (job_at(Stage.HELD), "held"),
        (job_at(Stage.SENT), "queued"),
        (after(job_at(Stage.SENDING), events.TurnedDown(REASON)), "refused by Connectif"),
        (after(job_at(Stage.SENT), events.Vanished()), "not known to Connectif any more"),
    ],
)
def test_what_became_of_a_part_is_said_in_words(job: Job, status: str) -> None:
    """Also where the server has no word for it."""
    (part,) = tell_story(job, WITH_AGENT).parts
    assert part.status == status


def test_a_failed_file_says_no_more_than_that_nothing_happens_by_itself() -> None:
    """The reason says what to do."""
    judged = after(job_at(Stage.ENDED), events.Judged(Outcome.FAILED, REASON, STEM))
    story = tell_story(after(judged, events.Filed()), WITH_AGENT)
    assert story.next == "Nothing more happens by itself."
    assert story.to_json()["reason"]["hint"] == REASON.hint


def test_a_file_that_waits_for_earlier_ones_names_them() -> None:
    """The first few of them."""
    one = replace(WITH_AGENT, ahead=(JobId("c1"),))
    story = tell_story(job_at(Stage.CHECKED), one)
    assert "1 earlier file of its kind has ended (c1)" in story.next
    many = replace(WITH_AGENT, ahead=tuple(JobId(f"c{n}") for n in range(9)))
    assert "c3, c4 and more" in tell_story(job_at(Stage.CHECKED), many).next


def test_what_stands_in_the_way_is_told_with_the_next_try() -> None:
    """A step that failed, or a lane that is paused."""
    job = job_at(Stage.CHECKED)
    failed = status_of(job, next_try="12:30", reason="The disk is full.", hint="Make room.")
    story = tell_story(job, replace(WITH_AGENT, told=failed))
    assert "The last try failed: The disk is full. Make room." in story.next
    assert story.next_try == "12:30"

    pause: Json = {
        "what": "sending", "message": "No network.", "hint": "See to it.", "next_try": "12:31",
    }  # fmt: skip
    story = tell_story(job, replace(WITH_AGENT, pause=pause))
    assert "Sending is paused: No network. See to it." in story.next
    assert story.next_try == "12:31"


def test_a_held_job_gives_the_commands_that_fit() -> None:
    """Those of its own reason, until somebody has decided."""
    reason = why_held(job_at(Stage.SENDING), (ImportId("one"), ImportId("two")))
    job = after(job_at(Stage.SENDING), events.Held(reason))
    story = tell_story(job, WITH_AGENT)
    assert story.commands == (
        f"dropbox-agent release {job.id} --accept IMPORT_ID",
        f"dropbox-agent release {job.id} --resend",
    )
    decided = replace(WITH_AGENT, decision=Decision(job.id, Choice.RESEND))
    story = tell_story(job, decided)
    assert story.commands == ()
    assert "Somebody decided: resend" in story.next


def test_places_are_told_with_whether_they_are_there() -> None:
    """People move files out of the archive."""
    place = Place("file", "/srv/drop/processed/contacts/a.csv", is_there=False)
    story = tell_story(job_at(Stage.FILED), replace(WITH_AGENT, places=(place,)))
    assert story.to_json()["places"] == [
        {
            "what": "file",
            "path": "/srv/drop/processed/contacts/a.csv",
            "is_there": False,
            "removed": None,
        }
    ]
