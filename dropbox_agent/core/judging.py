"""What became of a file: one outcome, and the reason where it is not the good one."""

from dataclasses import replace

from dropbox_agent.core.events import Judged
from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job, Outcome, Part, Reason
from dropbox_agent.core.naming import stem_of
from dropbox_agent.core.telling import count

LOOK_AT_CONNECTIF = "Look at the import in Connectif (its id is in this report)"

MEND_ROWS = (
    "The file that ends in .errors.csv, beside this report, has these rows with their lines and "
    "the reasons. Mend them there and drop it; its columns _line and _error may stay. (If it is "
    "not there, Connectif has the rows in its list of imports.)"
)

MEND_AT_HOME = (
    "The file that ends in .errors.csv, beside this report, has the lines of these rows, and "
    "nothing that stands in them. Mend them where the file comes from and drop it again; "
    "Connectif has the reasons in its list of imports."
)
"""The same where nothing out of a row may be written anywhere."""


def judged(job: Job, *, quotes_rows: bool = True) -> Judged:
    """Decide outcome and final name of a job that has ended.

    Args:
        job: The job.
        quotes_rows: Whether rows to fix are written down with what they hold.
    """
    outcome, reason = judge(job)
    if reason and reason.hint == MEND_ROWS and not quotes_rows:
        reason = replace(reason, hint=MEND_AT_HOME)
    return Judged(outcome, reason, stem_of(job))


def judge(job: Job) -> tuple[Outcome, Reason | None]:
    """Decide the outcome of a job for which nothing more will be sent or asked."""
    if job.reason is not None:
        return Outcome.FAILED, job.reason
    for part in job.parts:
        if reason := _why_failed(part, job):
            return Outcome.FAILED, reason
    if job.success == 0:
        is_silent = unaccounted_in(job) and not job.errors
        return Outcome.FAILED, _some_unaccounted(job) if is_silent else _nothing_went_in(job)
    if job.errors:
        return Outcome.PARTIAL, _some_refused(job)
    if unaccounted_in(job):
        return Outcome.PARTIAL, _some_unaccounted(job)
    return Outcome.IMPORTED, None


def unaccounted(part: Part) -> int:
    """Count the rows of which the server has said neither that they went in nor that they did not.

    Never negative: a server that counts more rows than we sent is not believed.
    """
    done = part.last.done if part.last else 0
    return max(part.slice.rows - done, 0)


def unaccounted_in(job: Job) -> int:
    """Count such rows over all parts: too many in one do not make up for too few in another."""
    return sum(unaccounted(part) for part in job.parts)


def _send_again(job: Job) -> str:
    return f"to send the file again: dropbox-agent retry {job.id}"


def _why_failed(part: Part, job: Job) -> Reason | None:
    """Say why a part failed as a whole; None when the server finished it."""
    if part.refused:
        return part.refused
    if part.vanished:
        return Reason(
            "import-vanished",
            f"Connectif does not know import {part.import_id} any more. Somebody has probably "
            "deleted it; its rows may have gone in or not.",
            f"Look in Connectif whether the data is there; {_send_again(job)}.",
        )
    if part.last is None or part.went_well:
        return None
    return _why_ended(part.last, job)


def _why_ended(last: Import, job: Job) -> Reason:
    """Explain an import that ended otherwise than finished."""
    counts = f"{last.success} rows had gone in by then, {last.errors} were refused."
    if last.status == "cancelled":
        return Reason(
            "import-cancelled",
            f"Import {last.id} was cancelled in Connectif. {counts}",
            f"Ask who cancelled it and why; {_send_again(job)}.",
        )
    return Reason(
        "import-error",
        f"Connectif ended import {last.id} with the status '{last.status_text}'. {counts}",
        f"{LOOK_AT_CONNECTIF}; {_send_again(job)}.",
    )


def _nothing_went_in(job: Job) -> Reason:
    return Reason(
        "no-row-imported",
        f"The import is finished, but no row went in: of {count(job.rows, 'rows')} Connectif "
        f"refused {job.errors:,}.",
        MEND_ROWS,
    )


def _some_refused(job: Job) -> Reason:
    return Reason(
        "rows-refused",
        f"Connectif refused {job.errors:,} of {job.rows:,} rows; the other rows went in.",
        MEND_ROWS,
    )


def _some_unaccounted(job: Job) -> Reason:
    return Reason(
        "rows-unaccounted",
        f"The import is finished, but of {unaccounted_in(job):,} of {job.rows:,} rows Connectif "
        "says neither that they went in nor that they were refused.",
        f"{LOOK_AT_CONNECTIF}; {_send_again(job)}.",
    )
