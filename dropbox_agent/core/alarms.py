"""What is odd about an import. It is followed all the same, and nothing fails for it."""

from dropbox_agent.core.imports import Import, Status
from dropbox_agent.core.job import Job
from dropbox_agent.errors import TryLater

SECONDS_IN_AN_HOUR = 3600


def alarm_about(
    job: Job, told: Import, followed_seconds: float, patience_seconds: float
) -> TryLater | None:
    """Say what somebody should look at; None while all is well.

    Args:
        job: Whose import it is.
        told: What the server last said of it.
        followed_seconds: For how long we have been asking.
        patience_seconds: After how long it should have ended.
    """
    if told.status is Status.OTHER:
        return TryLater(
            f"Connectif says of import {told.id}: '{told.status_text}'. This is no status that is "
            "known here; it is taken to be still running.",
            hint="Look at the import in Connectif, and for a newer version of this program.",
            code="status-unknown",
        )
    if told.done > (sent := job.part.slice.rows):
        return TryLater(
            f"Of import {told.id} Connectif counts {told.done:,} rows, where {sent:,} were sent. "
            "Its counts cannot be relied on.",
            hint="Look at the import in Connectif. The report has the counts as they were told.",
            code="counts-exceed",
        )
    if told.status.ended or followed_seconds < patience_seconds:
        return None
    return TryLater(
        f"Import {told.id} of '{job.name}' has not ended after "
        f"{followed_seconds / SECONDS_IN_AN_HOUR:.1f} hours; {told.done:,} of {job.rows:,} rows "
        "are done. It is still followed.",
        hint="Look at the import in Connectif; if it hangs, cancel it there.",
        code="import-slow",
    )
