"""Counts and times what happens: files, rows, imports, requests.

Counts begin at 0 with each start of the agent, as Prometheus expects of counters.
"""

from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram

from dropbox_agent.adapters.metrics.lanes import LANES
from dropbox_agent.adapters.metrics.registry import PREFIX
from dropbox_agent.core.exchange import Call, Exchange, Result
from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import unaccounted_for
from dropbox_agent.errors import AgentError

WORK_SECONDS: Final = (1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400)
"""Upper bounds for what takes seconds on a good day, and hours on a bad one."""

REQUEST_SECONDS: Final = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
"""Upper bounds for requests; those with a large file take longest."""

ROW_RESULTS: Final = ("success", "refused", "unaccounted", "unsent")


class Counting:
    """A witness, and an observer of requests, that counts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        """Begin at 0, with every series there from the start: rates need a first value."""
        self._paused: set[str] = set()
        self._jobs = Counter(
            f"{PREFIX}_jobs",
            "Files brought to their final place, by what became of them.",
            ("kind", "outcome"),
            registry=registry,
        )
        self._rows = Counter(
            f"{PREFIX}_rows",
            "Rows of those files: gone in, refused by Connectif, neither said of them, not sent.",
            ("kind", "result"),
            registry=registry,
        )
        self._bytes = Counter(
            f"{PREFIX}_filed_bytes", "Size of those files.", ("kind",), registry=registry
        )
        self._job_seconds = Histogram(
            f"{PREFIX}_job_duration_seconds",
            "From the claim of a file until it was filed, times of waiting and holding included.",
            ("kind",),
            buckets=WORK_SECONDS,
            registry=registry,
        )
        self._import_seconds = Histogram(
            f"{PREFIX}_import_duration_seconds",
            "From the moment Connectif took an import until we saw that it had ended.",
            ("kind",),
            buckets=WORK_SECONDS,
            registry=registry,
        )
        self._count_requests(registry)
        self._count_mishaps(registry)
        for kind in Kind:
            self._begin(kind)

    def _count_requests(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            f"{PREFIX}_api_requests",
            "Requests to Connectif, by what was asked for and what came of it.",
            ("call", "result"),
            registry=registry,
        )
        self._request_seconds = Histogram(
            f"{PREFIX}_api_request_duration_seconds",
            "How long a request took, until the answer was read or was known not to come.",
            ("call",),
            buckets=REQUEST_SECONDS,
            registry=registry,
        )
        for call in Call:
            self._request_seconds.labels(call)
            for result in Result:
                self._requests.labels(call, result)

    def _count_mishaps(self, registry: CollectorRegistry) -> None:
        self._pauses = Counter(
            f"{PREFIX}_pauses",
            "How often looking, sending or asking was held up.",
            ("lane",),
            registry=registry,
        )
        self._troubles = Counter(
            f"{PREFIX}_troubles",
            "Single steps that went wrong and are tried again.",
            registry=registry,
        )
        for lane in LANES:
            self._pauses.labels(lane)

    def _begin(self, kind: Kind) -> None:
        for outcome in Outcome:
            self._jobs.labels(kind, outcome)
        for result in ROW_RESULTS:
            self._rows.labels(kind, result)
        self._bytes.labels(kind)
        self._job_seconds.labels(kind)
        self._import_seconds.labels(kind)

    # As an observer

    def observe(self, exchange: Exchange) -> None:
        """A request is over."""
        self._requests.labels(exchange.call, exchange.result).inc()
        self._request_seconds.labels(exchange.call).observe(exchange.seconds)

    # As a witness

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""
        if len(job.timeline) > 1 and job.timeline[-2].stage is Stage.SENT:
            self._import_is_over(job)
        if job.stage is Stage.FILED and job.outcome:
            self._is_filed(job, job.outcome)

    def progressed(self, job: Job, told: Import) -> None:
        """The server has said how far an import is."""

    def paused(self, what: str, why: AgentError, wait_seconds: float) -> None:  # noqa: ARG002 - the port names them
        """Looking, sending or asking waits; told again after each try in vain."""
        if what not in self._paused:
            self._paused.add(what)
            self._pauses.labels(what).inc()

    def resumed(self, what: str) -> None:
        """It goes on."""
        self._paused.discard(what)

    def troubled(self, why: AgentError, job: Job | None = None) -> None:  # noqa: ARG002 - likewise
        """One step went wrong and will be tried again."""
        self._troubles.inc()

    def noticed(self, message: str) -> None:
        """Something worth a line that belongs to no job."""

    def _import_is_over(self, job: Job) -> None:
        over = [part for part in job.parts if not part.is_open]
        if over and not over[-1].vanished:
            taken, ended = job.timeline[-2:]
            self._import_seconds.labels(job.kind).observe(_seconds(taken.at, ended.at))

    def _is_filed(self, job: Job, outcome: Outcome) -> None:
        self._jobs.labels(job.kind, outcome).inc()
        self._bytes.labels(job.kind).inc(job.checked.facts.bytes if job.checked else job.size)
        for result, rows in _rows(job).items():
            self._rows.labels(job.kind, result).inc(rows)
        seconds = _seconds(job.received_at, job.timeline[-1].at)
        self._job_seconds.labels(job.kind).observe(seconds)


def _rows(job: Job) -> dict[str, int]:
    """Count rows by what became of them, as the report does."""
    if not job.parts_begun:
        return {"unsent": job.rows}
    return {"success": job.success, "refused": job.errors, "unaccounted": unaccounted_for(job)}


def _seconds(begun: datetime, ended: datetime) -> float:
    """Tell how long something took; nothing when the clock was set back meanwhile."""
    return max((ended - begun).total_seconds(), 0.0)
