"""A witness that remembers what it was told."""

from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.errors import AgentError


class RecordingWitness:
    """Keeps everything, in the order of telling.

    Attributes:
        steps: Every job at every stage it reached.
        progress: What the server said of imports.
        pauses: What was held up, the code of the reason, and for how many seconds.
        resumptions: What goes on.
        troubles: Codes of what went wrong with single steps, with the job's name if it was one.
        notices: Lines that belong to no job.
    """

    def __init__(self) -> None:
        self.steps: list[Job] = []
        self.progress: list[Import] = []
        self.pauses: list[tuple[str, str, float]] = []
        self.resumptions: list[str] = []
        self.troubles: list[tuple[str, str | None]] = []
        self.notices: list[str] = []

    def stages(self, name: str) -> list[Stage]:
        """List the stages that the jobs for a file of this name have reached."""
        return [job.stage for job in self.steps if job.name == name]

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""
        self.steps.append(job)

    def progressed(self, job: Job, told: Import) -> None:  # noqa: ARG002 - the port names it
        """The server has said how far an import is."""
        self.progress.append(told)

    def paused(self, what: str, why: AgentError, wait_seconds: float) -> None:
        """Looking, sending or asking waits."""
        self.pauses.append((what, why.code, wait_seconds))

    def resumed(self, what: str) -> None:
        """It goes on."""
        self.resumptions.append(what)

    def troubled(self, why: AgentError, job: Job | None = None) -> None:
        """One step went wrong and will be tried again."""
        self.troubles.append((why.code, job.name if job else None))

    def noticed(self, message: str) -> None:
        """Something worth a line that belongs to no job."""
        self.notices.append(message)
