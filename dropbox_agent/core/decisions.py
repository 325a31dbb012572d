"""What a person decides about a job that is held."""

from dataclasses import dataclass
from enum import StrEnum

from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.job import JobId
from dropbox_agent.errors import AgentError


class Choice(StrEnum):
    """What shall become of a held job."""

    RESEND = "resend"
    """The server did not take it: send it again."""

    ACCEPT = "accept"
    """The server did take it, as the import that is named: follow that one."""

    FAIL = "fail"
    """Leave it; the file goes to ``failed/``."""


class CannotDecide(AgentError):
    """A decision cannot be carried out as it was made; the job stays held."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's word about one held job.

    Attributes:
        job_id: The job.
        choice: What shall become of it.
        import_id: The import that is its own; only with ``ACCEPT``.
    """

    job_id: JobId
    choice: Choice
    import_id: ImportId | None = None

    def __post_init__(self) -> None:
        if (self.choice is Choice.ACCEPT) != (self.import_id is not None):
            raise ValueError("an import is named if and only if it is accepted")
