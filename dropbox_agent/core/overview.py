"""What the agent has in hand at one moment, for ``status`` and for monitors."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from dropbox_agent.core.gates import Gate
from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.pausing import Pause
from dropbox_agent.core.report import Json, iso
from dropbox_agent.core.settling import Standing
from dropbox_agent.core.sighting import Mistake


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment on both clocks, to tell the time of day of monotonic times."""

    now: datetime
    monotonic: float

    def day_time(self, monotonic: float) -> str:
        """Write a monotonic time as ISO 8601."""
        return iso(self.now + timedelta(seconds=monotonic - self.monotonic))


@dataclass(frozen=True, slots=True)
class JobInHand:
    """One job, and what is known of it beyond the journal.

    Attributes:
        job: As it is recorded.
        told: What the server last said of its import under way.
        retry: Why its last step failed, and when that is tried again.
    """

    job: Job
    told: Import | None = None
    retry: Pause | None = None


@dataclass(frozen=True, slots=True)
class Crowd:
    """The drops of one kind in sight, those included that are not told one by one.

    Attributes:
        kind: Of which kind.
        drops: How many there are.
        stalled: How many of them have been on their way for longer than they should be.
        oldest_found_at: When the one that has been in sight for longest was found, on the
            monotonic clock; None without drops.
    """

    kind: Kind
    drops: int
    stalled: int
    oldest_found_at: float | None


@dataclass(frozen=True, slots=True)
class WatchInHand:
    """How arrivals are found.

    Attributes:
        mode: In one line for people.
        missed: How many files were found that nothing had announced.
    """

    mode: str
    missed: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the agent has in hand.

    Attributes:
        jobs: Under way and held, in the order of arrival.
        drops: Those in the inboxes that are still waiting, as many as are told one by one.
        drops_in_sight: How many there are in all.
        pauses: What is held up, by the name of its lane.
        mistakes: What lies in the inboxes and is no drop.
        watch: How arrivals are found; None where nobody watches.
        crowds: The drops in sight in numbers, by their kinds.
    """

    jobs: tuple[JobInHand, ...]
    drops: tuple[Standing, ...]
    drops_in_sight: int
    pauses: tuple[tuple[str, Pause], ...]
    mistakes: tuple[Mistake, ...] = ()
    watch: WatchInHand | None = None
    crowds: tuple[Crowd, ...] = ()

    def to_json(self, moment: Moment) -> Json:
        """Write it down with times of day."""
        return {
            "at": iso(moment.now),
            "jobs": [_job(each, moment) for each in self.jobs],
            "drops": [_drop(each, moment) for each in self.drops],
            "drops_in_sight": self.drops_in_sight,
            "crowds": [_crowd(each, moment) for each in self.crowds],
            "mistakes": [{"path": shown(each.path), "why": each.why} for each in self.mistakes],
            "watch": asdict(self.watch) if self.watch else None,
            "pauses": [_pause(name, each, moment) for name, each in self.pauses],
        }


def _job(hand: JobInHand, moment: Moment) -> Json:
    job, told, retry = hand.job, hand.told, hand.retry
    reason = retry.why if retry else job.reason
    return {
        "job": job.id,
        "kind": job.kind,
        "name": job.name,
        "stage": job.stage,
        "received_at": iso(job.received_at),
        "since": iso(job.timeline[-1].at),
        "rows": job.rows,
        "done": _done_before(job) + (told.done if told else 0),
        "import": told.id if told else None,
        "status": told.status_text if told else None,
        "reason": reason.message if reason else None,
        "hint": reason.hint if reason else None,
        "failing_since": moment.day_time(retry.since) if retry else None,
        "next_try": moment.day_time(retry.until) if retry else None,
    }


def _done_before(job: Job) -> int:
    """Count the rows of the parts that have ended."""
    return sum(part.last.done for part in job.parts if part.last and not part.is_open)


def _drop(standing: Standing, moment: Moment) -> Json:
    opens_at = standing.opens_at
    return {
        "path": shown(standing.seen.path),
        "kind": standing.seen.kind,
        "bytes": standing.seen.size,
        "gate": standing.gate or Gate.ROOM,
        "why": standing.why or "waits for jobs under way to end",
        "since": moment.day_time(standing.since),
        "found_at": moment.day_time(standing.found_at),
        "stalled": standing.stalled,
        "opens_at": None if opens_at is None else moment.day_time(opens_at),
    }


def _crowd(crowd: Crowd, moment: Moment) -> Json:
    oldest = crowd.oldest_found_at
    return {
        "kind": crowd.kind,
        "drops": crowd.drops,
        "stalled": crowd.stalled,
        "oldest_found_at": None if oldest is None else moment.day_time(oldest),
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
