"""The report: what happened to a file and every row in it, as one JSON document.

``dropbox_agent/report.schema.json`` describes it for machines.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from dropbox_agent.core.issue import Issue
from dropbox_agent.core.job import AccountUse, Job, Part
from dropbox_agent.core.judging import unaccounted, unaccounted_in
from dropbox_agent.core.naming import ERRORS_ENDING, archived_as

SCHEMA = "dropbox-agent/report/1"
"""Name and version of the format; the number grows when a reader would have to change."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """Who wrote a report."""

    version: str
    host: str


def build_report(
    job: Job,
    issues: Sequence[Issue],
    origin: Origin,
    *,
    payload_there: bool = True,
    rows_to_fix: bool = False,
    quotes_rows: bool = True,
) -> Json:
    """Describe a judged job.

    Args:
        job: The job, with outcome and stem.
        issues: The faults that checking kept.
        origin: The agent that did the work.
        payload_there: Whether the file lies beside the report; somebody may have taken it away.
        rows_to_fix: Whether the file of refused rows lies beside it.
        quotes_rows: Whether the report, and that file, may show what stands in rows.
    """
    earlier = job.checked.follows if job.checked else None
    return {
        "schema": SCHEMA,
        "agent": asdict(origin),
        "job": job.id,
        "outcome": job.outcome,
        "reason": asdict(job.reason) if job.reason else None,
        "duplicate_of": asdict(job.duplicate_of) if job.duplicate_of else None,
        "follows": asdict(earlier) if earlier else None,
        "followed_by": [],  # written into it when such a job is filed
        "rows_to_fix": f"{job.stem}{ERRORS_ENDING}" if rows_to_fix else None,
        "row_values": "kept" if quotes_rows else "stripped",
        "file": _file(job, payload_there=payload_there),
        "check": _check(job, issues),
        "imports": [_import(part) for part in job.parts if part.import_id],
        "totals": {
            "rows": job.rows,
            "success": job.success,
            "errors": job.errors,
            "unaccounted": unaccounted_for(job),
        },
        "timeline": [{"stage": mark.stage, "at": iso(mark.at)} for mark in job.timeline],
    }


def unaccounted_for(job: Job) -> int:
    """Count the rows of which nobody knows whether they went in; none if nothing was sent."""
    return unaccounted_in(job) if job.parts_begun else 0


def iso(at: datetime) -> str:
    """Write a time as ISO 8601 in UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def account_told(use: AccountUse | None) -> Json | None:
    """Say how far a check could rest on what the account has."""
    if use is None:
        return None
    return {
        "used": use.used,
        "fetched_at": iso(use.fetched_at) if use.fetched_at else None,
        "why": asdict(use.why) if use.why else None,
    }


def _file(job: Job, *, payload_there: bool) -> Json:
    facts = job.checked.facts if job.checked else None
    return {
        "name": job.name,
        "kind": job.kind,
        "folder": job.folder,
        "bytes": facts.bytes if facts else job.size,
        "sha256": facts.sha256 if facts else None,
        "rows": job.rows,
        "encoding": facts.encoding if facts else None,
        "delimiter": facts.delimiter if facts else None,
        "received_at": iso(job.received_at),
        "archived_as": archived_as(job) if payload_there else None,
    }


def _check(job: Job, issues: Sequence[Issue]) -> Json:
    errors = job.checked.errors if job.checked else 0
    warnings = job.checked.warnings if job.checked else 0
    return {
        "errors": errors,
        "warnings": warnings,
        "account": account_told(job.checked.account if job.checked else None),
        "issues": [asdict(issue) for issue in issues],
        "truncated": errors + warnings > len(issues),
    }


def _import(part: Part) -> Json:
    last = part.last
    success, errors = (last.success, last.errors) if last else (0, 0)
    return {
        "id": part.import_id,
        "status": last.status_text if last and not part.vanished else "vanished",
        "rows": part.slice.rows,
        "success": success,
        "errors": errors,
        "unaccounted": unaccounted(part),
        "options": asdict(part.options),
        "created_at": last.created_at if last else None,
        "finished_at": last.finished_at if last else None,
        "requests": part.requests,
    }
