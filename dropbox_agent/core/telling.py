"""One plain line for every step of a job, for the log and the screen.

Never the key, never a row's values.
"""

from collections.abc import Callable

from dropbox_agent.core.job import Job, Outcome, Part, Stage
from dropbox_agent.core.naming import archived_as

THOUSAND = 1000


def tell(job: Job) -> str:
    """Say in one line what has just happened to a job."""
    return _LINES[job.stage](job)


def archive_name(job: Job) -> str:
    """Say where a judged job's payload lies, below the home folder."""
    root = "failed" if job.outcome and job.outcome.is_failure else "processed"
    return f"{root}/{job.kind}/{archived_as(job)}"


def is_bad_news(job: Job) -> bool:
    """Whether somebody should look at what has just happened."""
    good = {Outcome.IMPORTED, Outcome.DUPLICATE, None}
    judged_badly = job.stage is Stage.JUDGED and job.outcome not in good
    return judged_badly or job.stage is Stage.HELD


def size(number: int) -> str:
    """Write a number of bytes for people: ``12 bytes``, ``3.4 KB``, ``51.0 MB``."""
    amount, unit = float(number), "bytes"
    for larger in ("KB", "MB", "GB"):
        if amount < THOUSAND:
            break
        amount, unit = amount / THOUSAND, larger
    return f"{number} bytes" if unit == "bytes" else f"{amount:.1f} {unit}"


STAGE_WORDS = {
    Stage.CLAIMED: "checking",
    Stage.CHECKED: "waiting",
    Stage.SENDING: "sending",
    Stage.SENT: "importing",
    Stage.ENDED: "filing",
    Stage.JUDGED: "filing",
    Stage.FILED: "filed",
    Stage.HELD: "held",
}
"""For each stage, what is being done in it."""


def count(number: int, things: str) -> str:
    """Write a number of things: ``1 row``, ``1,200 rows``."""
    return f"{number:,} {things.removesuffix('s') if number == 1 else things}"


def _claimed(job: Job) -> str:
    if len(job.timeline) > 1:
        return "was written to since it was checked; it is checked again"
    where = f"inbox/{job.kind}" + (f"/{job.folder}" if job.folder else "")
    return f"claimed '{job.name}' ({size(job.size)}) from {where}"


def _ready(job: Job) -> str:
    before = job.timeline[-2].stage if len(job.timeline) > 1 else None
    if before is Stage.SENDING:
        return "was not taken, as far as can be told; it waits to be sent again"
    if before is Stage.SENT:
        done = sum(not part.is_open for part in job.parts)
        return f"part {done} of {len(job.parts)} has ended: {_counts(job.parts[done - 1])}"
    if before is Stage.HELD:
        return "released: it is sent"
    warnings = job.checked.warnings if job.checked else 0
    faults = count(warnings, "warnings") if warnings else "no faults"
    return f"checked: {count(job.rows, 'rows')}, {faults}"


def _sending(job: Job) -> str:
    return f"sending {count(job.part.slice.rows, 'rows')}{_which_part(job)}"


def _sent(job: Job) -> str:
    return f"Connectif has taken it as import {job.part.import_id}{_which_part(job)}"


def _judged(job: Job) -> str:
    return f"{job.outcome}{_why(job)}"


def _filed(job: Job) -> str:
    return f"filed as {archive_name(job)}"


def _held(job: Job) -> str:
    return f"held: a person has to decide{_why(job)}"


def _ended(job: Job) -> str:
    part = next((part for part in reversed(job.parts) if not part.is_open), None)
    if part is None:
        return "ended without being sent"
    if part.refused:
        return f"Connectif does not take it: {part.refused.message}"
    if part.vanished:
        return f"Connectif does not know import {part.import_id} any more"
    status = part.last.status_text if part.last else ""
    return f"import {part.import_id} is {status}: {_counts(part)}"


def _counts(part: Part) -> str:
    if part.last is None:
        return "no rows"
    return f"{count(part.last.success, 'rows')} in, {part.last.errors:,} refused"


def _why(job: Job) -> str:
    return f": {job.reason.message} {job.reason.hint}" if job.reason else ""


def _which_part(job: Job) -> str:
    if len(job.parts) == 1:
        return ""
    return f" (part {job.parts.index(job.part) + 1} of {len(job.parts)})"


_LINES: dict[Stage, Callable[[Job], str]] = {
    Stage.CLAIMED: _claimed,
    Stage.CHECKED: _ready,
    Stage.SENDING: _sending,
    Stage.SENT: _sent,
    Stage.ENDED: _ended,
    Stage.JUDGED: _judged,
    Stage.FILED: _filed,
    Stage.HELD: _held,
}
