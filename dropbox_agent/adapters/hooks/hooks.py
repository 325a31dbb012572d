"""Runs the hook after each outcome: one at a time, beside the work, which never waits for it."""

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from dropbox_agent.adapters.hooks.failures import (
    failure,
    not_noted,
    not_started,
    put_off,
    report_gone,
)
from dropbox_agent.adapters.hooks.notes import Notes
from dropbox_agent.adapters.hooks.runner import LAST_WAIT_SECONDS, NotStartable, Runner
from dropbox_agent.core.job import Job, JobId, Outcome, Stage
from dropbox_agent.core.ports import Journal, Witness
from dropbox_agent.core.telling import count
from dropbox_agent.core.trouble import as_trouble

AGAIN_SECONDS: Final = 60.0
"""How soon a hook is tried again for which the machine had no room."""


@dataclass(frozen=True, slots=True)
class Hook:
    """What is run, and when.

    Attributes:
        words: The program, as it was found, and its arguments.
        folder: Where it is run.
        environ: What it finds in its environment, whatever the file.
        seconds: How long it may take.
        outcomes: After which it is run.
    """

    words: tuple[str, ...]
    folder: Path
    environ: Mapping[str, str]
    seconds: float
    outcomes: Collection[Outcome]


@dataclass(frozen=True, slots=True)
class Papers:
    """What there is of a filed job.

    Attributes:
        report: Where its report lies.
        payload: Where its file lies, if nobody has taken it away.
    """

    report: Path
    payload: Path


class Hooks:
    """Has a thread of its own; ``tell`` may be called by any other, and never waits for it."""

    def __init__(
        self,
        hook: Hook,
        notes: Notes,
        journal: Journal,
        *,
        papers: Callable[[Job], Papers],
        witness: Witness,
        ring: Callable[[], None] = lambda: None,
    ) -> None:
        """Begin with what an earlier run has left to be done.

        Args:
            hook: What is run.
            notes: The jobs for which it is still to be run.
            journal: Knows the jobs.
            papers: Says where report and file of a job lie.
            witness: Told what goes wrong.
            ring: Called when nothing is left to be run.
        """
        self._hook = hook
        self._notes = notes
        self._journal = journal
        self._papers = papers
        self._witness = witness
        self._ring = ring
        self._runner = Runner(hook.words, hook.folder, hook.seconds)
        self._lock = threading.Lock()
        self._is_idle = False
        self._is_ending = False
        self._is_put_off = False
        self._more = threading.Event()
        self._more.set()
        self._thread = threading.Thread(target=self._work, name="hooks", daemon=True)
        self._thread.start()

    # Called by others

    def tell(self, job: Job) -> None:
        """Take note of a job that is judged, and run the hook as soon as it is filed."""
        if job.outcome not in self._hook.outcomes:
            return
        try:
            # Noted before it is filed, so that no crash can come between filing and noting.
            self._notes.add(job.id)
        except OSError as error:
            self._witness.troubled(not_noted(job, error), job)
        if job.stage is Stage.FILED:
            self._wake()

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing left to be run."""
        with self._lock:
            return self._is_idle

    def stop(self, grace_seconds: float) -> None:
        """Wait a little for what is left to be run, end what runs, and leave the rest.

        Args:
            grace_seconds: How long to wait.
        """
        self._is_ending = True
        self._wake()
        try:
            self._thread.join(grace_seconds)
        finally:
            self._runner.stop()
        self._thread.join(LAST_WAIT_SECONDS)
        self._shielded(self._tell_what_is_left)

    def _wake(self) -> None:
        with self._lock:
            self._is_idle = False
            self._more.set()

    def _tell_what_is_left(self) -> None:
        if left := len(self._notes.all()):
            self._witness.noticed(
                f"The hook has still to be run for {count(left, 'files')}; the next start does it."
            )

    # In the thread

    def _work(self) -> None:
        is_over = False
        while not is_over:
            self._more.wait(AGAIN_SECONDS if self._is_put_off else None)
            self._more.clear()
            self._shielded(self._run_all)
            with self._lock:
                self._is_idle = not self._more.is_set()
                is_over = self._is_idle and self._is_ending
            if self._is_idle:
                self._ring()

    def _run_all(self) -> None:
        self._is_put_off = False
        for job_id in self._notes.all():
            if self._runner.is_stopped or self._is_put_off:
                return
            self._shielded(partial(self._attend_to, job_id))

    def _shielded(self, step: Callable[[], None]) -> None:
        try:
            step()
        except Exception as error:  # noqa: BLE001 - one hook must not keep the others from running
            self._witness.troubled(as_trouble(error))

    def _attend_to(self, job_id: JobId) -> None:
        job = self._journal.find(job_id)
        if job is not None and job.stage is not Stage.FILED:
            return  # told again when it is
        if job is None or job.outcome not in self._hook.outcomes or self._run(job):
            self._notes.remove(job_id)

    def _run(self, job: Job) -> bool:
        """Run the hook for a job; say whether that is done with, well or not."""
        papers = self._papers(job)
        try:
            report = papers.report.read_bytes()
        except OSError as error:
            self._witness.troubled(report_gone(job, error), job)
            return True
        try:
            ended = self._runner.run(report, self._environ(job, papers))
        except NotStartable as error:
            self._witness.troubled(not_started(job, self._hook.words[0], error), job)
            return True
        except OSError as error:
            self._witness.troubled(put_off(job, self._hook.words[0], error), job)
            self._is_put_off = True
            return False
        if ended.with_us:
            return False
        if ended.code != 0:
            self._witness.troubled(failure(job, self._hook.words[0], ended, papers.report), job)
        return True

    def _environ(self, job: Job, papers: Papers) -> dict[str, str]:
        about = {
            "AGENT_JOB": job.id,
            "AGENT_KIND": job.kind.value,
            "AGENT_OUTCOME": job.outcome.value if job.outcome else "",
            "AGENT_NAME": job.name,
            "AGENT_REPORT": str(papers.report),
        }
        if papers.payload.is_file():
            about["AGENT_PAYLOAD"] = str(papers.payload)
        return {**self._hook.environ, **about}
