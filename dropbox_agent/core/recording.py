"""Records each step of a job: what is not in the journal has not happened."""

from collections.abc import Sequence

from dropbox_agent.core.clock import Clock
from dropbox_agent.core.events import Event
from dropbox_agent.core.issue import Issue
from dropbox_agent.core.job import Job
from dropbox_agent.core.lifecycle import advance
from dropbox_agent.core.ports import Journal, Witness


class Recorder:
    """Takes jobs from stage to stage in the journal, and tells of it."""

    def __init__(self, journal: Journal, clock: Clock, witness: Witness) -> None:
        """Take the journal, the time, and who is told."""
        self._journal = journal
        self._clock = clock
        self._witness = witness

    def step(self, job: Job, event: Event, issues: Sequence[Issue] | None = None) -> Job:
        """Record what has happened to a job; ``issues`` are those of a check just made.

        Raises:
            AgentError: The journal cannot be written; it may have been all the same.
        """
        job = self.after(job, event)
        self._journal.save(job, issues)
        self._witness.stepped(job)
        return job

    def after(self, job: Job, event: Event) -> Job:
        """Say how a job would stand after something, without recording it."""
        return advance(job, event, self._clock.now())
