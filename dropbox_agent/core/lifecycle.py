"""The lifecycle of a job: the one table that joins stages and events.

    CLAIMED -> CHECKED -> SENDING -> SENT -> ENDED -> JUDGED -> FILED

A file in several parts goes round CHECKED -> SENDING -> SENT once for each of them. Nothing else
in the program changes a job's stage.
"""

from dataclasses import replace
from datetime import datetime

from dropbox_agent.core import events
from dropbox_agent.core.events import Event
from dropbox_agent.core.job import Job, Mark, Stage

TRANSITIONS: dict[Stage, dict[type[Event], Stage]] = {
    Stage.CLAIMED: {
        events.Passed: Stage.CHECKED,
        events.Doubted: Stage.HELD,
        events.Rejected: Stage.JUDGED,
        events.Lost: Stage.ENDED,
        events.Held: Stage.HELD,
    },
    Stage.CHECKED: {
        events.SendBegan: Stage.SENDING,
        events.Repeated: Stage.JUDGED,
        events.Rewritten: Stage.CLAIMED,
        events.Lost: Stage.ENDED,
        events.Held: Stage.HELD,
    },
    Stage.SENDING: {
        events.Taken: Stage.SENT,
        events.NotTaken: Stage.CHECKED,
        events.TurnedDown: Stage.ENDED,
        events.Held: Stage.HELD,
    },
    Stage.SENT: {
        events.PartEnded: Stage.CHECKED,
        events.AllEnded: Stage.ENDED,
        events.Vanished: Stage.ENDED,
    },
    Stage.ENDED: {events.Judged: Stage.JUDGED},
    Stage.JUDGED: {events.Filed: Stage.FILED},
    Stage.FILED: {},
    Stage.HELD: {
        events.SentAgain: Stage.CHECKED,
        events.BegunAnew: Stage.CLAIMED,
        events.Taken: Stage.SENT,
        events.GivenUp: Stage.ENDED,
    },
}


class NoSuchStepError(Exception):
    """A bug of ours: an event came in a stage where it cannot happen. Nothing was changed."""

    def __init__(self, stage: Stage, event: type[Event]) -> None:
        super().__init__(f"{event.__name__} cannot happen to a job that is {stage.value}")
        self.stage = stage
        self.event = event


def advance(job: Job, event: Event, at: datetime) -> Job:
    """Return the job as it stands after the event; the given one is left alone.

    Raises:
        NoSuchStepError: The event cannot happen in the job's stage.
    """
    stage = TRANSITIONS[job.stage].get(type(event))
    if stage is None:
        raise NoSuchStepError(job.stage, type(event))
    told = event.written_on(job)
    return replace(told, stage=stage, timeline=(*job.timeline, Mark(stage, at)))
