"""An agent process that writes down what it does and sees, each with the time.

Wired as ``dropbox-agent run`` is, with a witness of its own in place of the log.
"""

import os
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from dropbox_agent.adapters.signals import stop_on_signals
from dropbox_agent.agent import Agent, SilentWitness
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.errors import AgentError
from dropbox_agent.settings import read_settings
from dropbox_agent.wiring import agent_at_home

SAMPLE_SECONDS = 0.05

NOTED = {Stage.CLAIMED, Stage.CHECKED, Stage.FILED}


class Notes(SilentWitness):
    """Writes a line a fact: the monotonic time, then what happened.

    Nothing is kept in memory, because that is measured.
    """

    def __init__(self, path: Path) -> None:
        """Begin a file."""
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)

    def note(self, *facts: object) -> None:
        """Write a line. May be called from any thread."""
        line = " ".join(map(str, (f"{time.monotonic():.4f}", *facts)))
        os.write(self._file, f"{line}\n".encode())

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""
        if job.stage in NOTED:
            self.note(job.stage, job.kind, job.name)

    def troubled(self, why: AgentError, job: Job | None = None) -> None:
        """One step went wrong and will be tried again."""
        self.note("trouble", job.name if job else "-", why.message)

    def noticed(self, message: str) -> None:
        """Something worth a line that belongs to no job."""
        self.note("notice", message)


def sampling(agent: Agent, notes: Notes) -> Callable[[], bool]:
    """Note after a turn, now and then, how many drops are known and how many are in hand."""
    next_at, claimed, before = 0.0, 0, (0, 0, 0)

    def sample() -> bool:
        nonlocal next_at, claimed, before
        if time.monotonic() >= next_at:
            next_at = time.monotonic() + SAMPLE_SECONDS
            jobs = [each.job for each in agent.overview.jobs]
            # Places in the order of arrival are given to claims one by one, from 1.
            claimed = max([claimed, *(job.sequence for job in jobs)])
            waiting = agent.overview.drops_in_sight
            if (now := (claimed + waiting, waiting, len(jobs))) != before:
                before = now
                notes.note("known", *now)
        return False

    return sample


def main(home: Path, notes_file: Path) -> None:
    """Run until told to stop."""
    notes = Notes(notes_file)
    settings = read_settings(home, os.environ)
    if "AGENT_REQUESTS_PER_MINUTE" not in os.environ:
        # More than anybody can set: it is not the account's limit that is measured.
        settings = settings.model_copy(update={"requests_per_minute": 10**9})
    with ExitStack() as stack:
        agent = stack.enter_context(agent_at_home(settings, notes, lambda *_: None))
        stack.enter_context(stop_on_signals(agent.stop))
        notes.note("started", os.getpid())
        agent.run(sampling(agent, notes))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
