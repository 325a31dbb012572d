"""``history``: what became of the files, for people, machines and spreadsheets."""

import csv
import io
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Final
from unicodedata import normalize

import click
from rich.console import Console
from rich.text import Text

from dropbox_agent.cli import moments
from dropbox_agent.cli.drawing import clock, number, show, table
from dropbox_agent.cli.home import home_option, settings_at
from dropbox_agent.cli.tally import outcome_word
from dropbox_agent.core.history import Sum, Wanted, filed_at
from dropbox_agent.core.job import Job, Outcome
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.settings import Settings

SHOWN: Final = 20
AT_ONCE: Final = 1_000
"""Rows of one table; where there are more, another follows, so that memory does not grow."""

UNBOUNDED: Final = sys.maxsize
"""How wide a table may be that is not for a terminal: nothing is cut or left out."""

ROOM: Final = 100
"""How wide a terminal must be, besides a path, for the paths to be shown."""

FORMULA: Final = ("=", "+", "-", "@")
"""With these a cell begins that spreadsheets calculate, behind spaces and in any width."""

HEADER: Final = (
    "filed_at", "job", "outcome", "kind", "folder", "name", "bytes", "rows", "success", "errors",
    "reason", "message", "received_at", "imports", "report",
)  # fmt: skip
"""The columns of the CSV: what ``--json`` names so too."""


@click.command(short_help="Show what became of the files.")
@home_option
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([each.value for each in Kind]),
    help="Only files of this kind; may be given again for another.",
)  # fmt: skip
@click.option(
    "--outcome", "outcomes", multiple=True, type=click.Choice([each.value for each in Outcome]),
    help="Only files with this outcome; may be given again for another.",
)  # fmt: skip
@click.option(
    "--since", callback=moments.since, metavar="WHEN",
    help="Only files that were filed then or later: a date (2026-01-15), a time "
    "(2026-01-15T14:30), or an age (30m, 12h, 7d, 2w). Times are local.",
)  # fmt: skip
@click.option(
    "--until", callback=moments.until, metavar="WHEN",
    help="Only files that were filed before then; a date means the end of that day.",
)  # fmt: skip
@click.option(
    "--name", metavar="PATTERN",
    help="Only files whose names are like this, in any case: 'price*.csv'.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(min=0), metavar="COUNT",
    help=f"How many to show at most; 0 for all. Without it {SHOWN}, and all with --json and --csv.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.option(
    "--csv",
    "as_csv",
    is_flag=True,
    help="Print a CSV for spreadsheets: UTF-8 with a byte-order mark.",
)
def history(
    *,
    home: Path,
    kinds: tuple[str, ...],
    outcomes: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    name: str | None,
    limit: int | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Show the files that are done with, the newest first.

    For each file: when it was filed, its job, outcome, kind and name, its rows, how many went in
    and how many were refused, and where the report lies. Works while the agent runs and while it
    does not; it changes nothing.
    """
    from dropbox_agent.inspection import history_of

    if as_json and as_csv:
        raise click.UsageError("Give one of --json and --csv.")
    settings = settings_at(home)
    wanted = Wanted(
        kinds=tuple(map(Kind, kinds or Kind)),
        outcomes=tuple(map(Outcome, outcomes or Outcome)),
        since=since,
        until=until,
        name=name,
    )
    if limit is None:
        limit = 0 if as_json or as_csv else SHOWN
    with history_of(settings, wanted) as jobs:
        if as_json:
            _print_json(_first(jobs, limit), settings)
        elif as_csv:
            _print_csv(_first(jobs, limit), settings)
        elif not _draw(jobs, limit, settings):
            is_all = wanted == Wanted()
            click.echo("Nothing was filed here yet." if is_all else "No such file was filed.")


def _first(jobs: Iterator[Job], limit: int) -> Iterator[Job]:
    return islice(jobs, limit or None)


def _print_json(jobs: Iterable[Job], settings: Settings) -> None:
    from dropbox_agent.inspection import filed_job

    for job in jobs:
        click.echo(json.dumps(filed_job(job, settings)))


def _print_csv(jobs: Iterable[Job], settings: Settings) -> None:
    """Print a line for each job; no sender's file name becomes a formula in a spreadsheet."""
    from dropbox_agent.inspection import filed_job

    text = io.TextIOWrapper(sys.stdout.buffer, "utf-8-sig", errors="backslashreplace", newline="")
    csv.writer(text).writerow(HEADER)
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)  # a semicolon parts cells elsewhere
    for job in jobs:
        told = filed_job(job, settings)
        writer.writerow([_cell(told[name]) for name in HEADER])
    text.flush()
    text.detach()


def _cell(value: object) -> object:
    """Write a value as a cell; a text that would be calculated gets an apostrophe in front."""
    if isinstance(value, list):
        value = " ".join(value)
    if isinstance(value, str) and normalize("NFKC", value).lstrip().startswith(FORMULA):
        return f"'{value}"
    return value


def _draw(jobs: Iterator[Job], limit: int, settings: Settings) -> int:
    """Print tables for people, and what all of it comes to; return how many jobs there were."""
    console = Console(highlight=False)
    width = console.width if console.is_terminal else UNBOUNDED
    total = Sum()
    wanted = _first(jobs, limit)
    while page := list(islice(wanted, AT_ONCE)):
        rows = _rows(page, settings, width)
        if console.is_terminal:
            show(table(rows, cut={"file"}), console)
        else:
            click.echo("\n".join(_plain(rows)))
        for job in page:
            total.add(job)
    if total.jobs:
        more = " There are more: --limit 0 shows all." if next(jobs, None) else ""
        click.echo(f"\n{total}.{more}")
    return total.jobs


def _rows(jobs: list[Job], settings: Settings, width: int) -> list[dict[str, Text]]:
    """Make the rows of a table, with the paths of the reports where there is room for them."""
    from dropbox_agent.folders import report_path

    paths = [str(report_path(job, settings)) for job in jobs]
    has_room = width >= ROOM + max(map(len, paths))
    return [
        {
            "filed": Text(clock(filed_at(job).isoformat())),
            "job": Text(job.id),
            "outcome": outcome_word(job),
            "kind": Text(job.kind),
            "file": Text(shown(job.name)),
            "rows": number(job.rows),
            "in": number(job.success),
            "refused": number(job.errors),
        }
        | ({"report": Text(shown(path))} if has_room else {})
        for job, path in zip(jobs, paths, strict=True)
    ]


def _plain(rows: list[dict[str, Text]]) -> Iterator[str]:
    """Write a table without a terminal's arts, many times as fast."""
    widths = {name: max(len(name), *(len(row[name]) for row in rows)) for name in rows[0]}
    lines = [{name: Text(name) for name in widths}, *rows]
    for line in lines:
        cells = (
            str(cell).rjust(widths[name])
            if rows[0][name].justify == "right"
            else str(cell).ljust(widths[name])
            for name, cell in line.items()
        )
        yield "  ".join(cells).rstrip()
