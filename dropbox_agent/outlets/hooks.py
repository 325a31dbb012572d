"""The outlet to a program of the administrator's, run after each outcome."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from dropbox_agent.adapters.hooks import Hook, Hooks, Notes, Papers, find_program, plain_environ
from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.agent.witnesses import SilentWitness
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.ports import Witness
from dropbox_agent.folders import payload_path, report_path
from dropbox_agent.outlets.outlets import Outlets
from dropbox_agent.settings import Settings


class _HookWitness(SilentWitness):
    """Tells the hooks of the jobs whose outcome is decided."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""
        if job.stage in {Stage.JUDGED, Stage.FILED}:
            self._hooks.tell(job)


@contextmanager
def hooks(
    settings: Settings,
    outlets: Outlets,
    witness: Witness,
    journal: SqliteJournal,
    ring: Callable[[], None],
) -> Iterator[None]:
    """Run the administrator's own program after each outcome, if the settings name one."""
    notes = Notes(settings.state / "hooks")
    if not settings.hook:
        notes.clear()  # whoever sets one later does not expect it to be run for old files
        yield
        return
    program = find_program(settings.hook, settings.home, os.environ)
    running = Hooks(
        Hook(
            words=(str(program), *settings.hook[1:]),
            folder=settings.home,
            environ=plain_environ(os.environ),
            seconds=settings.hook_seconds,
            outcomes=settings.hook_on,
        ),
        notes,
        journal,
        papers=lambda job: Papers(report_path(job, settings), payload_path(job, settings)),
        witness=witness,
        ring=ring,
    )
    outlets.witnesses.append(_HookWitness(running))
    outlets.at_work.append(lambda: not running.is_idle)
    try:
        yield
    finally:
        running.stop(settings.stop_seconds)
