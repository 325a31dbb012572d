"""Tells the story of a job: what happened to a claimed file, and what happens next."""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from dropbox_agent.core.decisions import Decision
from dropbox_agent.core.job import Earlier, Job, JobId, Part, Stage
from dropbox_agent.core.naming import report_of
from dropbox_agent.core.report import Json, iso
from dropbox_agent.core.telling import archive_name, count, size

MOST_NAMED = 5
"""How many of the jobs ahead are named."""

NEXT = {
    Stage.CLAIMED: "It is checked as soon as its turn comes.",
    Stage.CHECKED: "It is sent as soon as Connectif has a place for it.",
    Stage.SENDING: "It is being sent. If the answer is lost, the agent finds out at Connectif "
    "whether it went in before it sends it again.",
    Stage.SENT: "Connectif is importing it; the agent asks until that has ended.",
    Stage.ENDED: "It is moved to processed/ or failed/, with a report.",
    Stage.JUDGED: "It is moved to its place, with a report.",
    Stage.FILED: "Nothing more happens: it is done with.",
    Stage.HELD: "It stays as it is until a person has decided.",
}
"""For each stage, what comes next."""

_OVER = {Stage.ENDED, Stage.JUDGED, Stage.FILED}
"""In these stages nothing is sent any more."""

_COMMAND = re.compile(r"dropbox-agent release \S+ --[a-z]+(?: IMPORT_ID)?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where something of a job lies.

    Attributes:
        what: ``file``, ``report`` or ``rows to fix``.
        path: In full.
        is_there: Whether it is there now.
        removed: By which setting the agent has deleted it, and when; None if it has not.
    """

    what: str
    path: str
    is_there: bool
    removed: str | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known about a job beyond the journal's record of it.

    Attributes:
        is_running: Whether there is an agent.
        told: What the agent has told of the job in its status; None if nothing.
        pause: Why sending or asking is held up, as in the status, where that concerns the job.
        ahead: Jobs that have to end before it is sent.
        decision: What a person has decided about it and the agent has not done yet.
        places: Where its files lie.
        followers: Jobs for files that come from this one's.
    """

    is_running: bool
    told: Json | None = None
    pause: Json | None = None
    ahead: tuple[JobId, ...] = ()
    decision: Decision | None = None
    places: tuple[Place, ...] = ()
    followers: tuple[Job, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a job, and when it was taken, ISO 8601."""

    at: str
    stage: Stage
    what: str


@dataclass(frozen=True, slots=True)
class PartTold:
    """One part of a job, and its import.

    Attributes:
        import_id: The server's id; None before it has taken the part.
        status: The server's word for where it stands, or ours.
        rows: Sent, or to be sent.
        done: Rows that Connectif was through with when the agent asked last.
        success: Rows that went in.
        errors: Rows that were refused.
    """

    import_id: str | None
    status: str
    rows: int
    done: int
    success: int
    errors: int


@dataclass(frozen=True, slots=True)
class JobStory:
    """All that happened to one job, and what comes next.

    Attributes:
        job: As it is recorded.
        steps: In order.
        parts: Likewise.
        places: Where its files lie.
        next: What happens next, and what it waits for.
        next_try: When that is tried, ISO 8601; None if nothing has failed.
        commands: By which a person decides; empty if there is nothing to decide.
        followers: Jobs for files that come from this one's.
    """

    job: Job
    steps: tuple[Step, ...]
    parts: tuple[PartTold, ...]
    places: tuple[Place, ...]
    next: str
    next_try: str | None
    commands: tuple[str, ...] = ()
    followers: tuple[Job, ...] = ()

    @property
    def follows(self) -> Earlier | None:
        """The job that its file comes from."""
        return self.job.checked.follows if self.job.checked else None

    def to_json(self) -> Json:
        """Write it down."""
        job = self.job
        return {
            "job": job.id,
            "kind": job.kind,
            "name": job.name,
            "folder": job.folder,
            "bytes": job.size,
            "stage": job.stage,
            "outcome": job.outcome,
            "reason": asdict(job.reason) if job.reason else None,
            "rows": job.rows,
            "success": job.success,
            "errors": job.errors,
            "timeline": [asdict(each) for each in self.steps],
            "imports": [asdict(each) for each in self.parts],
            "places": [asdict(each) for each in self.places],
            "next": self.next,
            "next_try": self.next_try,
            "commands": list(self.commands),
            "follows": asdict(self.follows) if self.follows else None,
            "followed_by": [
                {"job": each.id, "outcome": each.outcome, "report": each.stem and report_of(each)}
                for each in self.followers
            ],
        }


def tell_story(job: Job, around: Surroundings) -> JobStory:
    """Tell what happened to a job, and what happens next."""
    pause = around.pause or {}
    return JobStory(
        job=job,
        steps=tuple(_steps(job)),
        parts=tuple(_part(part, job, around.told) for part in job.parts),
        places=around.places,
        next=_next(job, around),
        next_try=(around.told or {}).get("next_try") or pause.get("next_try"),
        commands=_commands(job) if around.decision is None else (),
        followers=around.followers,
    )


def _commands(job: Job) -> tuple[str, ...]:
    """Pick the commands out of what a held job's reason says to do: not every one fits each."""
    if job.stage is not Stage.HELD or job.reason is None:
        return ()
    return tuple(_COMMAND.findall(job.reason.hint))


def _steps(job: Job) -> Iterator[Step]:
    """Put each mark of the timeline into words; parts are counted as they go by."""
    number, before = 1, None
    for mark in job.timeline:
        if mark.stage is Stage.CHECKED and before is Stage.SENT:
            number += 1
        yield Step(iso(mark.at), mark.stage, _what(job, mark.stage, before, number))
        before = mark.stage


def _what(job: Job, stage: Stage, before: Stage | None, number: int) -> str:
    which = f" (part {number} of {len(job.parts)})" if len(job.parts) > 1 else ""
    words = {
        Stage.CLAIMED: _claimed(job, before),
        Stage.CHECKED: _checked(job, before, number),
        Stage.SENDING: f"sending began{which}",
        Stage.SENT: f"taken by Connectif{_as_import(job, number)}{which}",
        Stage.ENDED: "nothing more to be sent or asked",
        Stage.JUDGED: f"judged: {job.outcome}",
        Stage.FILED: f"filed in {archive_name(job).rpartition('/')[0]}",
        Stage.HELD: "held: a person has to decide",
    }
    return words[stage]


def _claimed(job: Job, before: Stage | None) -> str:
    if before is not None:
        return "was written to since it was checked; to be checked again"
    where = f"inbox/{job.kind}" + (f"/{job.folder}" if job.folder else "")
    return f"claimed from {where}, {size(job.size)}"


def _checked(job: Job, before: Stage | None, number: int) -> str:
    if before is Stage.SENDING:
        return "was not taken; to be sent again"
    if before is Stage.SENT:
        return f"part {number - 1} of {len(job.parts)} has ended"
    if before is Stage.HELD:
        return "released to be sent again"
    if job.checked is None:
        return "checked"
    warnings = job.checked.warnings
    return f"checked: {count(job.rows, 'rows')}, {count(warnings, 'warnings')}"


def _as_import(job: Job, number: int) -> str:
    part = job.parts[number - 1] if number <= len(job.parts) else None
    return f" as import {part.import_id}" if part and part.import_id else ""


def _part(part: Part, job: Job, told: Json | None) -> PartTold:
    status, done = _status(part, job), part.last.done if part.last else 0
    if told and part.is_open and part.import_id and told.get("import") == part.import_id:
        ended = sum(each.last.done for each in job.parts if each.last and not each.is_open)
        status, done = str(told["status"]), told["done"] - ended
    success, errors = (part.last.success, part.last.errors) if part.last else (0, 0)
    return PartTold(part.import_id, status, part.slice.rows, done, success, errors)


def _status(part: Part, job: Job) -> str:
    if part.vanished:
        return "not known to Connectif any more"
    if part.refused:
        return "refused by Connectif"
    if part.last:
        return part.last.status_text
    if job.stage in _OVER:
        return "not known" if part in job.parts[: job.parts_begun] else "not sent"
    in_hand = {Stage.SENDING: "being sent", Stage.HELD: "held"}
    return (
        in_hand.get(job.stage, "to be sent") if part.is_open and part is job.part else "to be sent"
    )


def _next(job: Job, around: Surroundings) -> str:
    if job.stage is Stage.FILED:
        is_failure = job.outcome is not None and job.outcome.is_failure
        return "Nothing more happens by itself." if is_failure else NEXT[Stage.FILED]
    return " ".join(filter(None, (_now(job, around), _hindrance(job, around))))


def _now(job: Job, around: Surroundings) -> str:
    if around.decision:
        return f"Somebody decided: {around.decision.choice}. The agent carries it out."
    if job.stage is Stage.CHECKED and around.ahead:
        named = ", ".join(around.ahead[:MOST_NAMED])
        more = " and more" if len(around.ahead) > MOST_NAMED else ""
        return (
            f"It is sent when {count(len(around.ahead), 'earlier files')} of its kind "
            f"{'has' if len(around.ahead) == 1 else 'have'} ended ({named}{more}), so that the "
            "later one wins."
        )
    return NEXT[job.stage]


def _hindrance(job: Job, around: Surroundings) -> str:
    """Say what stands in the way of the next step."""
    if job.stage is Stage.HELD and around.decision is None:
        return ""
    if not around.is_running:
        return "No agent is running; the next start goes on with it."
    if around.told and around.told.get("next_try"):
        return f"The last try failed: {around.told['reason']} {around.told['hint']}"
    if around.pause:
        pause = around.pause
        return f"{str(pause['what']).capitalize()} is paused: {pause['message']} {pause['hint']}"
    return ""
