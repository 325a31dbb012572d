"""What becomes news: bad outcomes, and what waits for somebody or for long."""

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dropbox_agent.agent.news import START, NewsDesk
from dropbox_agent.core.digest import News, Topic
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import Json, iso
from tests.jobs import NOON, REASON, job_at, new_job

PAUSED_SECONDS = 900.0


class Notebook:
    """Keeps what was told, as a file would."""

    def __init__(self) -> None:
        self._text = "{}"

    def read(self) -> dict[Topic, dict[str, str]]:
        """Return what was kept."""
        return {Topic(topic): keys for topic, keys in json.loads(self._text).items()}

    def write(self, told: Mapping[Topic, Mapping[str, str]]) -> None:
        """Keep it."""
        self._text = json.dumps(told)


class Desk:
    """A desk, and what it has told."""

    def __init__(self, topics: Collection[Topic] = tuple(Topic)) -> None:
        self.told: list[News] = []
        self.memory = Notebook()
        self.topics_told = topics
        self.start()

    def start(self) -> None:
        """Begin, or begin again after a restart."""
        self.desk = NewsDesk(
            self.topics_told,
            tell=self.told.append,
            memory=self.memory,
            report_of=lambda job: f"/drop/{job.id}.report.json",
            paused_seconds=PAUSED_SECONDS,
            zone=UTC,
        )

    def taken(self) -> None:
        """Have a channel take all that was told."""
        for each in self.told:
            self.desk.was_told(each)

    def beat(
        self,
        *,
        drops: list[Json] | None = None,
        jobs: list[Json] | None = None,
        pauses: list[Json] | None = None,
        at: datetime = NOON,
    ) -> None:
        """Let the heart beat, at noon unless said otherwise."""
        drops = drops or []
        self.desk.write(
            {
                "at": iso(at),
                "drops": drops,
                "jobs": jobs or [],
                "drops_in_sight": len(drops),
                "pauses": pauses or [],
            }
        )

    @property
    def topics(self) -> list[tuple[Topic, bool]]:
        """What was told, and whether it was the end of it."""
        return [(each.topic, each.is_over) for each in self.told]


def filed(outcome: Outcome) -> Job:
    """Make a job that has ended."""
    return replace(job_at(Stage.FILED), outcome=outcome, reason=REASON)


def pause_for(seconds: float, what: str = "sending") -> Json:
    """Write of a pause as heartbeats do."""
    since = iso(NOON - timedelta(seconds=seconds))
    return {"what": what, "message": "No network.", "hint": "Look at it.", "since": since}


def drop(*, stalled: bool) -> Json:
    """Write of a drop as heartbeats do."""
    return {"path": "contacts/big.csv", "stalled": stalled, "why": "it still grows"}


def job_failing_for(seconds: float | None) -> Json:
    """Write of a job as heartbeats do; with None, of one that gets on."""
    since = None if seconds is None else iso(NOON - timedelta(seconds=seconds))
    about = {"job": "c1", "name": "people.csv", "reason": "Read-only.", "hint": "Look."}
    return about | {"failing_since": since}


@pytest.mark.parametrize("outcome", Outcome)
def test_bad_outcomes_are_told_when_their_report_lies_there(outcome: Outcome) -> None:
    """With the reason of the job and its report, and no other outcome is."""
    desk = Desk()
    for stage in (Stage.CLAIMED, Stage.JUDGED):
        desk.desk.stepped(replace(job_at(stage), outcome=outcome))
    assert desk.told == []
    desk.desk.stepped(filed(outcome))
    if outcome in {Outcome.IMPORTED, Outcome.DUPLICATE}:
        assert desk.told == []
        return
    (told,) = desk.told
    assert told == News(
        Topic(outcome.value),
        "c1",
        "contacts: 'customers.csv' (job c1)",
        "Something happened. Do something about it.",
        "Report: /drop/c1.report.json",
    )


def test_a_held_job_is_told_and_its_decision_too() -> None:
    """Whoever decided need not be who was told."""
    desk = Desk()
    held = job_at(Stage.HELD, new_job(Kind.VOUCHERS, folder="Spring"))
    desk.desk.stepped(held)
    desk.desk.stepped(held)
    desk.desk.stepped(replace(held, stage=Stage.CHECKED))
    assert desk.topics == [(Topic.HELD, False), (Topic.HELD, True)]
    assert desk.told[0].subject == "vouchers/Spring: 'customers.csv' (job v1)"


def test_jobs_held_since_an_earlier_run_are_told_once() -> None:
    """Also if it was killed before anybody could hear of them."""
    held = job_at(Stage.HELD)
    desk = Desk()
    for _ in range(3):
        desk.start()
        desk.desk.take_up([held])
    assert desk.topics == [(Topic.HELD, False)] * 3
    desk.taken()
    desk.start()
    desk.desk.take_up([held])
    desk.desk.stepped(replace(held, stage=Stage.CHECKED))
    assert desk.topics[3:] == [(Topic.HELD, True)]
    desk.taken()
    desk.start()
    desk.desk.take_up([])
    desk.desk.stepped(replace(held, stage=Stage.CHECKED))
    assert len(desk.told) == 4


def test_a_pause_that_outlasts_a_restart_is_told_once_and_its_end_too() -> None:
    """Not before everything has been tried again."""
    desk = Desk()
    desk.beat(pauses=[pause_for(PAUSED_SECONDS)])
    desk.taken()
    desk.start()
    desk.beat()
    desk.beat(pauses=[pause_for(PAUSED_SECONDS)], at=NOON + START)
    assert desk.topics == [(Topic.PAUSED, False)]
    desk.beat(at=NOON + START)
    assert desk.topics == [(Topic.PAUSED, False), (Topic.PAUSED, True)]
    assert "was paused since 2026-01-15 11:45" in desk.told[1].detail


def test_a_file_that_is_stalled_over_a_restart_is_told_once_and_its_end_too() -> None:
    """It begins anew to be waited for, but it is the same trouble."""
    desk = Desk()
    desk.beat(drops=[drop(stalled=True)])
    desk.taken()
    desk.start()
    desk.beat()
    desk.beat(drops=[drop(stalled=False)], at=NOON + START)
    desk.beat(drops=[drop(stalled=True)], at=NOON + START)
    assert desk.topics == [(Topic.STALLED, False)]
    desk.beat(at=NOON + START)
    assert desk.topics == [(Topic.STALLED, False), (Topic.STALLED, True)]


def test_only_troubles_that_last_are_remembered() -> None:
    """That a file failed is told, and that is all."""
    desk = Desk()
    desk.desk.stepped(filed(Outcome.FAILED))
    desk.taken()
    assert desk.memory.read() == {}


def test_a_pause_is_news_when_it_lasts_and_when_it_ends() -> None:
    """Short ones pass by themselves, and nobody hears of them."""
    desk = Desk()
    desk.beat(pauses=[pause_for(PAUSED_SECONDS - 1)])
    desk.beat()
    assert desk.told == []
    desk.beat(pauses=[pause_for(PAUSED_SECONDS), pause_for(1, "asking")])
    desk.beat(pauses=[pause_for(PAUSED_SECONDS + 10)])
    desk.beat()
    begun, ended = desk.told
    assert begun.subject == "sending, since 2026-01-15 11:45"
    assert begun.detail == "No network. Look at it."
    assert ended.is_over
    assert ended.detail == "It goes on, and was paused since 2026-01-15 11:45."


def test_a_file_that_does_not_become_complete_is_news() -> None:
    """Until it is gone from the inbox or complete."""
    desk = Desk()
    desk.beat(drops=[drop(stalled=False)])
    desk.beat(drops=[drop(stalled=True)])
    desk.beat(drops=[drop(stalled=True)])
    desk.beat()
    assert desk.topics == [(Topic.STALLED, False), (Topic.STALLED, True)]
    assert desk.told[0].subject == "inbox/contacts/big.csv"


def test_a_file_under_way_that_does_not_get_on_is_news() -> None:
    """As when the archive is read-only: nothing else is held up, so no pause tells of it."""
    desk = Desk()
    desk.beat(jobs=[job_failing_for(PAUSED_SECONDS - 1), job_failing_for(None)])
    assert desk.told == []
    desk.beat(jobs=[job_failing_for(PAUSED_SECONDS)])
    desk.beat(jobs=[job_failing_for(PAUSED_SECONDS + 10)])
    desk.beat(jobs=[job_failing_for(None)])
    assert desk.topics == [(Topic.STALLED, False), (Topic.STALLED, True)]
    assert desk.told[0].subject == "inbox/.claimed/c1/people.csv"
    assert "since 2026-01-15 11:45. Read-only. Look." in desk.told[0].detail


def test_while_not_all_drops_are_told_none_is_taken_for_gone() -> None:
    """A heartbeat only has the first of very many."""
    desk = Desk()
    desk.beat(drops=[drop(stalled=True)])
    desk.desk.write(
        {"at": iso(NOON), "drops": [], "drops_in_sight": 5000, "jobs": [], "pauses": []}
    )
    assert desk.topics == [(Topic.STALLED, False)]


def test_what_nobody_wants_to_know_is_not_told() -> None:
    """AGENT_NOTIFY_ON."""
    desk = Desk({Topic.HELD})
    desk.desk.stepped(filed(Outcome.FAILED))
    desk.beat(pauses=[pause_for(PAUSED_SECONDS)])
    desk.desk.stepped(job_at(Stage.HELD))
    assert desk.topics == [(Topic.HELD, False)]
