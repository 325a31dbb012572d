"""Counts what became of the files of one run, and shows it as a table."""

from collections import Counter

import click
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dropbox_agent.agent.witnesses import SilentWitness
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.naming import shown
from dropbox_agent.settings import Settings

COLOURS = {
    Outcome.IMPORTED: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.DUPLICATE: "cyan",
    Outcome.REJECTED: "red",
    Outcome.FAILED: "red",
}

INDENT = (0, 0, 0, 2)


class Tally(SilentWitness):
    """A witness that remembers the jobs that came to an end."""

    def __init__(self) -> None:
        """Begin with none."""
        self._ended: list[Job] = []

    def stepped(self, job: Job) -> None:
        """Remember a job that is filed or held."""
        if job.stage in {Stage.FILED, Stage.HELD}:
            self._ended.append(job)

    @property
    def ended(self) -> list[Job]:
        """The jobs that came to an end, in the order of arrival."""
        return sorted(self._ended, key=lambda job: job.sequence)

    @property
    def some_failed(self) -> bool:
        """Whether a file was rejected, failed or is held."""
        return any(job.outcome is None or job.outcome.is_failure for job in self._ended)


def show_outcomes(jobs: list[Job], console: Console) -> None:
    """Print one line for each file: what became of it, and how many rows went in."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("outcome", "kind", "file"):
        table.add_column(name, no_wrap=True)
    for name in ("rows", "in", "refused"):
        table.add_column(name, justify="right", no_wrap=True)
    for job in jobs:
        counts = (f"{each:,}" for each in (job.rows, job.success, job.errors))
        table.add_row(outcome_word(job), job.kind, Text(job.name), *counts)
    console.print(table)


def show_reasons(jobs: list[Job], console: Console) -> None:
    """Print why files did not go through, and what to do about it."""
    for job in jobs:
        if job.reason:
            word = outcome_word(job)
            console.print(Text.assemble("\n", (job.name, "bold"), ": ", word, f" ({job.id})"))
            console.print(Padding(Text(shown(job.reason.message)), INDENT))
            console.print(Padding(Text(shown(job.reason.hint), "dim"), INDENT))


def outcome_word(job: Job) -> Text:
    """Write a job's outcome in its colour."""
    if job.outcome is None:
        return Text(job.stage, "magenta")
    return Text(job.outcome, COLOURS[job.outcome])


def show_reports(jobs: list[Job], settings: Settings) -> None:
    """Print where the reports lie, one to a line, unbroken so that they can be copied."""
    from dropbox_agent.folders import report_path

    for job in jobs:
        if job.outcome is not None:
            click.echo(f"  {report_path(job, settings)}")


def summary(jobs: list[Job]) -> str:
    """Count the outcomes in words: ``3 imported, 1 rejected``."""
    counts = Counter(str(job.outcome or job.stage) for job in jobs)
    return ", ".join(f"{count} {word}" for word, count in counts.items()) or "nothing to do"
