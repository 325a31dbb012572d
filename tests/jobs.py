"""Jobs at any stage, made the way the agent makes them: by one event after the other."""

from datetime import UTC, datetime, timedelta

from dropbox_agent.core import events
from dropbox_agent.core.events import Event
from dropbox_agent.core.imports import Import, ImportId, ImportOptions, Status
from dropbox_agent.core.issue import FileFacts, Slice
from dropbox_agent.core.job import (
    Checked,
    Earlier,
    Fingerprint,
    Job,
    JobId,
    Outcome,
    Part,
    Reason,
    Stage,
)
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.lifecycle import advance

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
"""When every job here is claimed; each later stage comes a second after the one before."""

STEM = "20260115T120000Z-c1-customers"

REASON = Reason("some-code", "Something happened.", "Do something about it.")

ID = ImportId("import-1")


def new_job(
    kind: Kind = Kind.CONTACTS,
    name: str = "customers.csv",
    *,
    number: int = 1,
    folder: str | None = None,
) -> Job:
    """Make a job that was just claimed."""
    job_id = JobId(f"{kind.value[0]}{number}")
    return Job.claimed(job_id, kind, name, folder=folder, size=1000, at=NOON)


def parts(*rows: int, options: ImportOptions | None = None) -> tuple[Part, ...]:
    """Make one part of each number of rows, a hundred bytes a row."""
    starts = [100 * sum(rows[:index]) for index in range(len(rows))]
    return tuple(
        Part(Slice(start, start + 100 * count, count), options or ImportOptions())
        for start, count in zip(starts, rows, strict=True)
    )


def checked(rows: int = 10, *, errors: int = 0, warnings: int = 0) -> Checked:
    """Make what the journal keeps of a verdict."""
    return Checked(
        facts=FileFacts(
            bytes=1000,
            sha256="0123456789abcdef" * 4,
            rows=rows,
            encoding="utf-8",
            delimiter=",",
            columns=("_email", "_name"),
        ),
        errors=errors,
        warnings=warnings,
        header="_email,_name\r\n",
        fingerprint=Fingerprint(size=1000, mtime_ns=1_768_000_000_000_000_000),
    )


def an_import(
    status: Status = Status.QUEUED,
    *,
    import_id: str = ID,
    total: int | None = 10,
    success: int = 0,
    errors: int = 0,
) -> Import:
    """Make what the server says of an import of contacts."""
    return Import(
        id=ImportId(import_id),
        kind=Kind.CONTACTS,
        status=status,
        status_text=status.value,
        origin="api",
        options=ImportOptions(),
        total=total,
        success=success,
        errors=errors,
        created_at="2026-01-15T12:00:02.000Z",
        finished_at="2026-01-15T12:00:09.000Z" if status.ended else None,
    )


def finished(success: int = 10, errors: int = 0, *, import_id: str = ID) -> Import:
    """Make what the server says of an import that is through."""
    return an_import(
        Status.FINISHED,
        import_id=import_id,
        total=success + errors,
        success=success,
        errors=errors,
    )


EXAMPLES: dict[type[Event], Event] = {
    type(example): example
    for example in (
        events.Passed(checked(), parts(10)),
        events.Doubted(checked(), parts(10), REASON),
        events.Rejected(checked(errors=1), REASON, STEM),
        events.Repeated(Earlier(JobId("c0"), "earlier.report.json"), REASON, STEM),
        events.Rewritten(),
        events.SendBegan((ImportId("older-1"), ImportId("older-2"))),
        events.NotTaken(),
        events.TurnedDown(REASON),
        events.Taken(an_import(), requests=2),
        events.PartEnded(finished(), requests=3),
        events.AllEnded(finished(), requests=3),
        events.Vanished(),
        events.Judged(Outcome.IMPORTED, None, STEM),
        events.Filed(),
        events.Held(REASON),
        events.SentAgain(),
        events.BegunAnew(),
        events.Lost(REASON),
        events.GivenUp(REASON),
    )
}
"""One event of every type."""

_STRAIGHT_ON = (
    events.Passed,
    events.SendBegan,
    events.Taken,
    events.AllEnded,
    events.Judged,
    events.Filed,
)
_STRAIGHT = (
    Stage.CLAIMED,
    Stage.CHECKED,
    Stage.SENDING,
    Stage.SENT,
    Stage.ENDED,
    Stage.JUDGED,
    Stage.FILED,
)


def after(job: Job, *happened: Event) -> Job:
    """Let events happen to a job, a second apart."""
    for event in happened:
        job = advance(job, event, job.timeline[-1].at + timedelta(seconds=1))
    return job


def job_at(stage: Stage, job: Job | None = None) -> Job:
    """Take a new job straight to a stage; a held one has lost the answer to what it sent."""
    job = job or new_job()
    if stage is Stage.HELD:
        return after(job_at(Stage.SENDING, job), EXAMPLES[events.Held])
    way = _STRAIGHT_ON[: _STRAIGHT.index(stage)]
    return after(job, *(EXAMPLES[event] for event in way))
