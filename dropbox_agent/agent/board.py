"""The board: the jobs in hand, which of them are being worked on, and which wait."""

from collections.abc import Callable, Iterator
from typing import TypeVar

from dropbox_agent.agent.errands import Errands, Pool
from dropbox_agent.core.backoff import Backoff
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.imports import Import, ImportId
from dropbox_agent.core.job import Job, JobId, Part, Stage
from dropbox_agent.core.pausing import Pause, pause
from dropbox_agent.core.ports import Journal, Witness
from dropbox_agent.core.trouble import as_trouble

T = TypeVar("T")


class Board:
    """Jobs under way and held, in the order of arrival."""

    def __init__(
        self,
        *,
        errands: Errands,
        journal: Journal,
        clock: Clock,
        witness: Witness,
        backoff: Backoff,
    ) -> None:
        """Begin empty."""
        self._journal = journal
        self._errands = errands
        self._clock = clock
        self._witness = witness
        self._backoff = backoff
        self._jobs: dict[JobId, Job] = {}
        self._busy: set[JobId] = set()
        self._retries: dict[JobId, Pause] = {}
        self._told: dict[JobId, Import] = {}
        self._in_doubt: set[JobId] = set()

    def __iter__(self) -> Iterator[Job]:
        return iter(tuple(self._jobs.values()))

    def __contains__(self, job_id: JobId) -> bool:
        return job_id in self._jobs

    def put(self, job: Job) -> None:
        """Keep a job that has come to a stage, or let it go when it is filed."""
        self._retries.pop(job.id, None)
        self._told.pop(job.id, None)
        self._jobs[job.id] = job
        if job.stage is Stage.FILED:
            del self._jobs[job.id]

    def is_idle(self, job: Job) -> bool:
        """Whether nobody works on a job and it waits for no second try."""
        retry = self._retries.get(job.id)
        waits = retry is not None and not retry.is_over(self._clock.monotonic())
        return not waits and job.id not in self._busy and job.id not in self._in_doubt

    def work_on(
        self, job: Job, pool: Pool, task: Callable[[], T], done: Callable[[T | Exception], None]
    ) -> None:
        """Take a step with a job beside the loop; ``done`` gets the result inside the loop."""

        def ended(result: T | Exception) -> None:
            self._busy.discard(job.id)
            done(result)

        self._busy.add(job.id)
        self._errands.run(pool, task, ended)

    def imports(self, but: Part | None = None) -> frozenset[ImportId]:
        """List the ids of all imports that belong to parts of jobs in hand."""
        parts = (part for job in self._jobs.values() for part in job.parts if part is not but)
        return frozenset(part.import_id for part in parts if part.import_id)

    def note(self, job: Job, told: Import) -> None:
        """Keep what the server last said of the import of a job."""
        self._told[job.id] = told
        self._witness.progressed(job, told)

    def told(self, job: Job) -> Import | None:
        """Return what the server last said of the import under way of a job."""
        return self._told.get(job.id)

    def retry_later(self, job: Job, error: Exception) -> None:
        """Have a step tried again after a while; the file stays where it is."""
        trouble = as_trouble(error)
        before = self._retries.get(job.id)
        now = self._clock.monotonic()
        self._retries[job.id] = pause(before, trouble, self._backoff, now, None)
        self._in_doubt.add(job.id)
        self._witness.troubled(trouble, job)

    def retry(self, job: Job) -> Pause | None:
        """Return why the last step of a job failed, and when it is tried again."""
        return self._retries.get(job.id)

    def look_up(self) -> None:
        """Look up in the journal how far the jobs got whose last step failed.

        The step may have been recorded all the same, and then it is not the one to repeat.

        Raises:
            AgentError: The journal cannot be read now.
        """
        for job_id in tuple(self._in_doubt):
            recorded = self._journal.find(job_id)
            if recorded is None or recorded.stage is Stage.FILED:
                del self._jobs[job_id]
            else:
                self._jobs[job_id] = recorded
            self._in_doubt.discard(job_id)

    @property
    def next_retry_at(self) -> float | None:
        """When the next second try is due, on the monotonic clock; None when there is none."""
        now = self._clock.monotonic()
        waits = (each.until for each in self._retries.values())
        return min((until for until in waits if until > now), default=None)
