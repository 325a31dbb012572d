"""Progress bars for a terminal, one for each file under way."""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
)
from rich.text import Text

from dropbox_agent.cli.tally import outcome_word
from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job, JobId, Stage
from dropbox_agent.errors import AgentError

WORDS = {
    Stage.CLAIMED: "checking",
    Stage.CHECKED: "waiting its turn",
    Stage.SENDING: "sending",
    Stage.SENT: "importing",
    Stage.ENDED: "filing",
    Stage.JUDGED: "filing",
}


class Screen:
    """A witness that draws."""

    def __init__(self, console: Console) -> None:
        """Take the terminal."""
        self._progress = Progress(
            TextColumn("{task.fields[word]}"),
            TextColumn("{task.fields[kind]}", style="dim"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=12),
            TextColumn("{task.completed:,.0f} rows"),
            console=console,
        )
        self._tasks: dict[JobId, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""
        task = self._task(job)
        word = Text(WORDS[job.stage]) if job.stage in WORDS else outcome_word(job)
        self._progress.update(task, word=word.markup, total=job.rows or None, completed=_done(job))
        if job.stage in {Stage.FILED, Stage.HELD}:
            self._progress.update(task, total=max(job.rows, 1), completed=_done(job))
            self._progress.stop_task(task)

    def progressed(self, job: Job, told: Import) -> None:
        """The server has said how far an import is."""
        before = sum(part.last.done for part in job.parts if part.last and not part.is_open)
        self._progress.update(self._task(job), completed=before + told.done)

    def paused(self, what: str, why: AgentError, wait_seconds: float) -> None:
        """Looking, sending or asking waits for something that is not a file's fault."""
        self._say(f"{what} is paused: {why.message} Next try in {wait_seconds:.0f} s. {why.hint}")

    def resumed(self, what: str) -> None:
        """It goes on."""
        self._say(f"{what} goes on")

    def troubled(self, why: AgentError, job: Job | None = None) -> None:
        """One step went wrong and will be tried again."""
        self._say(f"{f'{job.name}: ' if job else ''}{why.message} {why.hint}")

    def noticed(self, message: str) -> None:
        """Something worth a line that belongs to no job."""
        self._say(message)

    def _say(self, message: str) -> None:
        self._progress.console.print(Text(message, "yellow"))

    def _task(self, job: Job) -> TaskID:
        if job.id not in self._tasks:
            self._tasks[job.id] = self._progress.add_task(
                job.name, kind=job.kind.ljust(8), word="", total=None
            )
        return self._tasks[job.id]


def _done(job: Job) -> int:
    return job.success + job.errors
