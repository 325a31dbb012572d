"""The status of a home: what is under way, what waits and why, and the latest outcomes."""

from datetime import UTC, datetime

from dropbox_agent.core.explaining import shut_at_sight
from dropbox_agent.core.gates import Gate
from dropbox_agent.core.job import Job
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.overview import JobInHand, Moment, Overview
from dropbox_agent.core.reception import MOST_TOLD
from dropbox_agent.core.report import Json, iso
from dropbox_agent.core.sighting import Listing, Sighting
from dropbox_agent.errors import AgentError
from dropbox_agent.folders import report_path
from dropbox_agent.inspection.home import HomeState
from dropbox_agent.inspection.missing import missing_in
from dropbox_agent.settings import Settings

LATEST = 10


def status_of(settings: Settings) -> Json:
    """Collect the status of a home from its agent, its journal and, without an agent, its inboxes.

    Raises:
        AgentError: The state folder or the journal cannot be read.
    """
    home = HomeState.of(settings)
    with home.journal() as journal:
        under_way = journal.under_way() if journal else []
        latest = journal.latest(LATEST) if journal else []
    holder = home.holder
    found = home.told or _at_sight(home)
    return {
        "home": str(settings.home),
        "running": {"pid": holder.pid, "since": holder.since, "host": holder.host}
        if holder
        else None,
        "sick": home.sick,
        **found,
        "jobs": _jobs(under_way, found["jobs"]),
        "missing": missing_in(home, found),
        "latest": [_latest(job, settings) for job in latest],
    }


def _jobs(under_way: list[Job], told: list[Json]) -> list[Json]:
    """Tell of the jobs that the journal has under way: the agent's word may be a little older."""
    by_id = {each["job"]: each for each in told}
    recorded = Overview(tuple(map(JobInHand, under_way)), (), 0, ())
    jobs: list[Json] = recorded.to_json(Moment(datetime.now(UTC), 0.0))["jobs"]
    return [_newer(each, by_id.get(each["job"])) for each in jobs]


def _newer(recorded: Json, told: Json | None) -> Json:
    return told if told and told["stage"] == recorded["stage"] else recorded


def _at_sight(home: HomeState) -> Json:
    """Collect what there is to see without an agent that tells."""
    nothing: Json = Overview((), (), 0, ()).to_json(Moment(datetime.now(UTC), 0.0))
    listings = {kind: home.listing(kind) for kind in Kind}
    listed = [each for each in listings.values() if isinstance(each, Listing)]
    drops = sorted((seen for each in listed for seen in each.drops), key=lambda seen: seen.path)
    mistakes = [mistake for each in listed for mistake in each.mistakes]
    return nothing | {
        "drops": [_drop(seen, home) for seen in drops[:MOST_TOLD]],
        "drops_in_sight": len(drops),
        "mistakes": [{"path": shown(each.path), "why": each.why} for each in mistakes[:MOST_TOLD]],
        "pauses": [
            _unavailable(kind, each)
            for kind, each in listings.items()
            if isinstance(each, AgentError)
        ],
    }


def _drop(seen: Sighting, home: HomeState) -> Json:
    """Tell of a drop that nobody has watched: only some gates can be judged, and no time."""
    shut = shut_at_sight(home.glance(seen, read_it=False), home.settings.settle_rules)
    first = next((shut[gate] for gate in Gate if gate in shut), None)
    return {
        "path": shown(seen.path),
        "kind": seen.kind,
        "bytes": seen.size,
        "gate": first.gate if first else None,
        "why": first.why if first else "waits for an agent",
        "since": None,
        "found_at": None,
        "stalled": False,
        "opens_at": None,
    }


def _unavailable(kind: Kind, why: AgentError) -> Json:
    return {
        "what": f"looking into {kind}",
        "code": why.code,
        "message": why.message,
        "hint": why.hint,
        "since": None,
        "next_try": None,
        "attempts": 0,
    }


def _latest(job: Job, settings: Settings) -> Json:
    return {
        "job": job.id,
        "kind": job.kind,
        "name": job.name,
        "outcome": job.outcome,
        "rows": job.rows,
        "success": job.success,
        "errors": job.errors,
        "reason": job.reason.code if job.reason else None,
        "message": job.reason.message if job.reason else None,
        "hint": job.reason.hint if job.reason else None,
        "at": iso(job.timeline[-1].at),
        "report": str(report_path(job, settings)),
    }
