"""What the agent has in hand at one moment, for ``status`` and for monitors."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job
from dropbox_agent.core.pausing import Pause
from dropbox_agent.core.report import Json, iso
from dropbox_agent.core.settling import Standing

MOST_DROPS = 200
"""How many waiting drops are told one by one; the rest are only counted."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment on both clocks, to tell the time of day of monotonic times."""

    now: datetime
    monotonic: float

    def day_time(self, monotonic: float) -> str:
        """Write a monotonic time as ISO 8601."""
        return iso(self.now + timedelta(seconds=monotonic - self.monotonic))


@dataclass(frozen=True, slots=True)
class Overview:
    """What the agent has in hand.

    Attributes:
        jobs: Under way and held, in the order of arrival, each with what the server last said.
        drops: Those in the inboxes that are still waiting, at most ``MOST_DROPS``.
        drops_in_sight: How many there are in all.
        pauses: What is held up, by the name of its lane.
    """

    jobs: tuple[tuple[Job, Import | None], ...]
    drops: tuple[Standing, ...]
    drops_in_sight: int
    pauses: tuple[tuple[str, Pause], ...]

    def to_json(self, moment: Moment) -> Json:
        """Write it down with times of day."""
        return {
            "at": iso(moment.now),
            "jobs": [_job(job, told) for job, told in self.jobs],
            "drops": [_drop(each, moment) for each in self.drops],
            "drops_in_sight": self.drops_in_sight,
            "pauses": [_pause(name, each, moment) for name, each in self.pauses],
        }


def _job(job: Job, told: Import | None) -> Json:
    return {
        "job": job.id,
        "kind": job.kind,
        "name": job.name,
        "stage": job.stage,
        "since": iso(job.timeline[-1].at),
        "rows": job.rows,
        "done": told.done if told else 0,
        "import": told.id if told else None,
        "status": told.status_text if told else None,
        "reason": job.reason.message if job.reason else None,
        "hint": job.reason.hint if job.reason else None,
    }


def _drop(standing: Standing, moment: Moment) -> Json:
    opens_at = standing.opens_at
    return {
        "path": standing.seen.path.encode(errors="backslashreplace").decode(),
        "kind": standing.seen.kind,
        "bytes": standing.seen.size,
        "gate": standing.gate or "room",
        "why": standing.why or "waits for jobs under way to end",
        "since": moment.day_time(standing.since),
        "opens_at": None if opens_at is None else moment.day_time(opens_at),
    }


def _pause(name: str, pause: Pause, moment: Moment) -> Json:
    return {
        "what": name,
        "code": pause.why.code,
        "message": pause.why.message,
        "hint": pause.why.hint,
        "since": moment.day_time(pause.since),
        "next_try": moment.day_time(pause.until),
        "attempts": pause.attempts,
    }
