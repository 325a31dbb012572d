"""Records each step of a job: what is not in the journal has not happened."""

from collections.abc import Sequence

from dropbox_agent.core.clock import Clock
from dropbox_agent.core.events import Event
from dropbox_agent.core.issue import Issue
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.judging import judged
from dropbox_agent.core.lifecycle import advance
from dropbox_agent.core.ports import Journal, Witness


class Recorder:
    """Takes jobs from stage to stage in the journal, and tells of it."""

    def __init__(
        self, journal: Journal, clock: Clock, witness: Witness, *, quotes_rows: bool = True
    ) -> None:
        """Take the journal, the time, who is told, and whether reports may quote rows."""
        self._journal = journal
        self._clock = clock
        self._witness = witness
        self._quotes_rows = quotes_rows

    def step(self, job: Job, event: Event, issues: Sequence[Issue] | None = None) -> Job:
        """Record what has happened to a job; ``issues`` are those of a check just made.

        A job that has ended is judged in the same breath: nothing can come between, and recording
        both at once saves one wait for the disk.

        Raises:
            AgentError: The journal cannot be written; it may have been all the same.
        """
        steps = [self.after(job, event)]
        if steps[0].stage is Stage.ENDED:
            steps.append(self._judged(steps[0]))
        self.record(*steps, issues=issues)
        return steps[-1]

    def judge(self, job: Job) -> Job:
        """Record the outcome of a job whose end was recorded without one.

        Raises:
            AgentError: The journal cannot be written; it may have been all the same.
        """
        self.record(job := self._judged(job))
        return job

    def _judged(self, job: Job) -> Job:
        return self.after(job, judged(job, quotes_rows=self._quotes_rows))

    def record(self, *steps: Job, issues: Sequence[Issue] | None = None) -> None:
        """Record a job as it stands after the last of some steps, and tell of each.

        Raises:
            AgentError: The journal cannot be written; it may have been all the same.
        """
        self._journal.save(steps[-1], issues)
        for each in steps:
            self._witness.stepped(each)

    def after(self, job: Job, event: Event) -> Job:
        """Say how a job would stand after something, without recording it."""
        return advance(job, event, self._clock.now())
