"""Progress on a terminal: a bar for each file being imported, a line for each that is done."""

import math
from threading import Lock
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.text import Text

from dropbox_agent.cli.tally import outcome_word
from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job, JobId, Stage
from dropbox_agent.core.telling import STAGE_WORDS, count
from dropbox_agent.errors import AgentError

AT_WORK = {Stage.SENDING, Stage.SENT, Stage.ENDED, Stage.JUDGED}
"""Stages in which a file has a bar of its own; there are at most as many as the server queues."""

AT_REST = {Stage.FILED, Stage.HELD}
LONGEST_NAME = 34


class Screen:
    """A witness that draws."""

    def __init__(self, console: Console) -> None:
        """Take the terminal."""
        self._progress = Progress(
            TextColumn("{task.fields[word]:<9}"),
            TextColumn("{task.fields[kind]:<8}", style="dim"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=12),
            TextColumn("{task.fields[done]}"),
            console=console,
        )
        self._bars: dict[JobId, TaskID] = {}
        self._waiting: set[JobId] = set()
        self._waiting_line: TaskID | None = None
        self._lock = Lock()  # told by the loop and by the threads that take the steps

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
        with self._lock:
            self._waiting.discard(job.id)
            if job.stage in AT_REST:
                self._finish(job)
            elif job.stage in AT_WORK:
                self._draw(job, job.success + job.errors)
            else:
                self._waiting.add(job.id)
            self._draw_waiting()

    def progressed(self, job: Job, told: Import) -> None:
        """The server has said how far an import is."""
        before = sum(part.last.done for part in job.parts if part.last and not part.is_open)
        with self._lock:
            if job.id in self._bars:
                self._draw(job, before + told.done)

    def paused(self, what: str, why: AgentError, wait_seconds: float) -> None:
        """Looking, sending or asking waits for something that is not a file's fault."""
        seconds = math.ceil(wait_seconds)
        self._say(f"{what} is paused: {why.message} Next try in {seconds} s. {why.hint}")

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

    def _draw(self, job: Job, done: int) -> None:
        """Draw the bar of a job as it is now."""
        if job.id not in self._bars:
            name = job.name if len(job.name) <= LONGEST_NAME else f"{job.name[: LONGEST_NAME - 1]}…"
            self._bars[job.id] = self._progress.add_task(name, kind=job.kind, word="", done="")
        self._progress.update(
            self._bars[job.id],
            word=STAGE_WORDS[job.stage],
            total=job.rows or None,
            completed=done,
            done=count(done, "rows"),
        )

    def _finish(self, job: Job) -> None:
        """Turn the bar of a job into a line that stays."""
        if (bar := self._bars.pop(job.id, None)) is not None:
            self._progress.remove_task(bar)
        counts = f"{count(job.success, 'rows')} in, {job.errors:,} refused" if job.parts else ""
        line = Text.assemble(outcome_word(job), f" {job.kind} ", (job.name, "bold"), f" {counts}")
        self._progress.console.print(line, soft_wrap=True)

    def _draw_waiting(self) -> None:
        """Say in one line how many files are being checked or wait for their turn."""
        if self._waiting_line is not None:
            self._progress.remove_task(self._waiting_line)
            self._waiting_line = None
        if self._waiting:
            self._waiting_line = self._progress.add_task(
                count(len(self._waiting), "files"), kind="", word="waiting", done="", total=None
            )
