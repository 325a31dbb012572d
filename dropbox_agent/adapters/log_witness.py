"""Tells the log what happens: one line for each step of a job, with the job's id."""

import math

from loguru import logger

from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job
from dropbox_agent.core.pausing import BRIEF
from dropbox_agent.core.telling import is_bad_news, tell
from dropbox_agent.errors import AgentError


class LogWitness:
    """Writes what it is told into the log."""

    def __init__(self) -> None:
        """Begin with nothing paused."""
        self._paused: dict[str, str] = {}

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""
        level = "WARNING" if is_bad_news(job) else "INFO"
        logger.bind(job=job.id, stage=job.stage.value).log(level, "{}", tell(job))

    def progressed(self, job: Job, told: Import) -> None:
        """The server has said how far an import is."""
        logger.bind(job=job.id).debug(
            "import {} is {}: {:,} of {:,} rows", told.id, told.status_text, told.done, job.rows
        )

    def paused(self, what: str, why: AgentError, wait_seconds: float) -> None:
        """Looking, sending or asking waits for something that is not a file's fault.

        Told again after each try in vain: what is known already is for those who look closely.
        """
        level = "INFO" if why.code in BRIEF else "WARNING"
        if self._paused.get(what) == why.code:
            level = "DEBUG"
        self._paused[what] = why.code
        logger.bind(code=why.code).log(
            level,
            "{} is paused: {} Next try in {} s. {}",
            what,
            why.message,
            math.ceil(wait_seconds),
            why.hint,
        )

    def resumed(self, what: str) -> None:
        """It goes on."""
        self._paused.pop(what, None)
        logger.info("{} goes on", what)

    def troubled(self, why: AgentError, job: Job | None = None) -> None:
        """One step went wrong and will be tried again."""
        bound = logger.bind(job=job.id if job else None, code=why.code)
        surprise = why.__cause__ if why.code == "unforeseen" else None
        bound.opt(exception=surprise).warning("{} {}", why.message, why.hint)

    def noticed(self, message: str) -> None:
        """Something worth a line that belongs to no job."""
        logger.warning("{}", message)


def log_line(message: str) -> None:
    """Write a line about something that is as it should be."""
    logger.info("{}", message)
