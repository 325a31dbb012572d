"""Witnesses to build on: one that does nothing, and several as one."""

from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job
from dropbox_agent.core.ports import Witness
from dropbox_agent.errors import AgentError


class SilentWitness:
    """Does nothing with what it is told; a base for those who want to know of little."""

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""

    def progressed(self, job: Job, told: Import) -> None:
        """The server has said how far an import is."""

    def paused(self, what: str, why: AgentError, wait_seconds: float) -> None:
        """Looking, sending or asking waits for something that is not a file's fault."""

    def resumed(self, what: str) -> None:
        """It goes on."""

    def troubled(self, why: AgentError, job: Job | None = None) -> None:
        """One step went wrong and will be tried again."""

    def noticed(self, message: str) -> None:
        """Something worth a line that belongs to no job."""


class Witnesses:
    """Tells everybody."""

    def __init__(self, *others: Witness) -> None:
        """Take those who want to know, in the order of telling."""
        self._others = others

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""
        for each in self._others:
            each.stepped(job)

    def progressed(self, job: Job, told: Import) -> None:
        """The server has said how far an import is."""
        for each in self._others:
            each.progressed(job, told)

    def paused(self, what: str, why: AgentError, wait_seconds: float) -> None:
        """Looking, sending or asking waits for something that is not a file's fault."""
        for each in self._others:
            each.paused(what, why, wait_seconds)

    def resumed(self, what: str) -> None:
        """It goes on."""
        for each in self._others:
            each.resumed(what)

    def troubled(self, why: AgentError, job: Job | None = None) -> None:
        """One step went wrong and will be tried again."""
        for each in self._others:
            each.troubled(why, job)

    def noticed(self, message: str) -> None:
        """Something worth a line that belongs to no job."""
        for each in self._others:
            each.noticed(message)
