"""The history of a home: its filed jobs, read one after the other while an agent may be at work."""

from collections.abc import Iterator
from contextlib import contextmanager

from dropbox_agent.core.history import Wanted, filed_at
from dropbox_agent.core.job import Job
from dropbox_agent.core.report import Json, iso
from dropbox_agent.folders import report_path
from dropbox_agent.inspection.home import HomeState
from dropbox_agent.settings import Settings


@contextmanager
def history_of(settings: Settings, wanted: Wanted) -> Iterator[Iterator[Job]]:
    """Give the filed jobs that are wanted, the newest first; none where nothing was filed yet.

    Args:
        settings: Where everything lies.
        wanted: Which jobs.

    Raises:
        AgentError: The journal cannot be read.
    """
    with HomeState(settings, holder=None, heartbeat=None).journal() as journal:
        if journal is None:
            yield iter(())
        else:
            jobs = journal.filed(wanted.kinds, wanted.outcomes, wanted.since)
            yield filter(wanted.covers, jobs)


def filed_job(job: Job, settings: Settings) -> Json:
    """Tell of one filed job in plain values; all but the ids of its imports are no lists."""
    return {
        "job": job.id,
        "kind": job.kind.value,
        "folder": job.folder,
        "name": job.name,
        "outcome": job.outcome.value if job.outcome else None,
        "received_at": iso(job.received_at),
        "filed_at": iso(filed_at(job)),
        "bytes": job.size,
        "rows": job.rows,
        "success": job.success,
        "errors": job.errors,
        "imports": [part.import_id for part in job.parts if part.import_id],
        "reason": job.reason.code if job.reason else None,
        "message": job.reason.message if job.reason else None,
        "report": str(report_path(job, settings)),
    }
