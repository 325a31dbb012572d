"""The table of stages and events, walked from end to end."""

import re
from pathlib import Path

import pytest

from dropbox_agent.core import events
from dropbox_agent.core.events import Event
from dropbox_agent.core.job import Stage
from dropbox_agent.core.lifecycle import TRANSITIONS, NoSuchStepError, advance
from tests.jobs import EXAMPLES, NOON, after, finished, job_at

PAGE = Path(__file__).parents[2] / "docs" / "lifecycle.md"
PICTURE = re.compile(r"<!-- lifecycle -->(.*?)<!-- /lifecycle -->", re.DOTALL)
ARROW = re.compile(r"^\s*(\w+) --> (\w+): (\w+)\s*$", re.MULTILINE)

PAIRS = [(stage, event) for stage in Stage for event in EXAMPLES]


def reached_from(start: Stage) -> set[Stage]:
    """Follow every way through the table."""
    reached, ahead = set[Stage](), {start}
    while ahead:
        stage = ahead.pop()
        reached.add(stage)
        ahead |= set(TRANSITIONS[stage].values()) - reached
    return reached


def test_there_is_an_example_of_every_event() -> None:
    """So the walk below leaves none out."""
    public = {each for each in vars(events).values() if isinstance(each, type)}
    named = {each for each in public if issubclass(each, Event) and each.__name__[0] != "_"}
    assert named - {Event} == set(EXAMPLES)


def test_the_table_has_a_row_for_every_stage() -> None:
    """Also for the one that has no way out."""
    assert set(TRANSITIONS) == set(Stage)


def test_every_event_can_happen_somewhere() -> None:
    """An event without a place in the table would be dead."""
    assert {event for row in TRANSITIONS.values() for event in row} == set(EXAMPLES)


@pytest.mark.parametrize(("stage", "event"), PAIRS)
def test_an_event_leads_where_the_table_says_or_is_refused(
    stage: Stage, event: type[Event]
) -> None:
    """Refused means: an error that names both, and nothing changed."""
    job = job_at(stage)
    if to := TRANSITIONS[stage].get(event):
        assert advance(job, EXAMPLES[event], NOON).stage is to
        return
    with pytest.raises(NoSuchStepError) as refusal:
        advance(job, EXAMPLES[event], NOON)
    assert (refusal.value.stage, refusal.value.event) == (stage, event)
    assert str(refusal.value) == f"{event.__name__} cannot happen to a job that is {stage.value}"
    assert job == job_at(stage)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_can_be_reached(stage: Stage) -> None:
    """Each begins with a claim."""
    assert stage in reached_from(Stage.CLAIMED)


@pytest.mark.parametrize("stage", Stage)
def test_from_every_stage_there_is_a_way_to_the_end(stage: Stage) -> None:
    """No job can be stuck for ever."""
    assert Stage.FILED in reached_from(stage)


def test_the_end_is_the_end() -> None:
    """Nothing happens to a filed job."""
    assert TRANSITIONS[Stage.FILED] == {}


def test_a_step_adds_to_the_timeline_and_leaves_the_old_job_alone() -> None:
    """Every stage reached stays on record."""
    before = job_at(Stage.SENT)
    now = after(before, events.AllEnded(finished()))
    assert before.stage is Stage.SENT
    assert now.timeline[:-1] == before.timeline
    assert now.timeline[-1].stage is Stage.ENDED
    assert now.timeline[-1].at > before.timeline[-1].at


def test_the_picture_in_the_documentation_shows_the_table() -> None:
    """Each arrow is there once, with the name of its event, and no other."""
    picture = PICTURE.search(PAGE.read_text(encoding="utf-8"))
    assert picture, "no picture between <!-- lifecycle --> and <!-- /lifecycle -->"
    drawn = sorted(ARROW.findall(picture[1]))
    assert drawn == sorted(
        (stage.name, to.name, event.__name__)
        for stage, row in TRANSITIONS.items()
        for event, to in row.items()
    )
    assert "[*] --> CLAIMED" in picture[1]
    assert "FILED --> [*]" in picture[1]
