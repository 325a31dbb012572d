"""``status``: what is under way, what waits and why, and what became of the latest files."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.lock import who_runs
from dropbox_agent.adapters.status_file import read_status
from dropbox_agent.cli.home import home_option, settings_at
from dropbox_agent.cli.tally import COLOURS, report_path
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.naming import shown
from dropbox_agent.core.overview import JobInHand, Moment, Overview
from dropbox_agent.core.report import iso
from dropbox_agent.core.telling import STAGE_WORDS
from dropbox_agent.settings import Settings

LATEST = 10
MAY_BE_CUT = {"file", "why"}
WATCH_SECONDS = 1.0

Json = dict[str, Any]


@click.command(short_help="Show what is under way, what waits, and the latest outcomes.")
@home_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option("--watch", is_flag=True, help="Show it anew every second until Ctrl-C.")
def status(home: Path, *, as_json: bool, watch: bool) -> None:
    """Show what is under way, what waits and why, what is paused, and the latest outcomes.

    Works while the agent runs and while it does not; it changes nothing.
    """
    settings = settings_at(home)
    if as_json:
        click.echo(json.dumps(gather(settings), indent=2))
        return
    console = Console(highlight=False)
    if not watch:
        console.print(draw(gather(settings)))
        return
    with Live(console=console, auto_refresh=False) as live:
        while True:
            live.update(draw(gather(settings)), refresh=True)
            time.sleep(WATCH_SECONDS)


def gather(settings: Settings) -> Json:
    """Collect the status of a home from its journal, its lock and the agent's status file."""
    from dropbox_agent.wiring import JOURNAL_NAME

    holder = who_runs(settings.state)
    told = read_status(settings.state) if holder else None
    jobs: list[Job] = []
    latest: list[Job] = []
    path = settings.state / JOURNAL_NAME
    if path.exists():
        with SqliteJournal(path, read_only=True) as journal:
            if journal.has_tables:
                jobs, latest = journal.under_way(), journal.latest(LATEST)
    now = datetime.now(UTC)
    overview = Overview(tuple(JobInHand(job) for job in jobs), (), 0, ())
    found = overview.to_json(Moment(now, 0.0))
    return {
        "home": str(settings.home),
        "running": {"pid": holder.pid, "since": holder.since, "host": holder.host}
        if holder
        else None,
        **(told or found),
        "latest": [_latest(job, settings) for job in latest],
    }


def _latest(job: Job, settings: Settings) -> Json:
    return {
        "job": job.id,
        "kind": job.kind,
        "name": job.name,
        "outcome": job.outcome,
        "rows": job.rows,
        "success": job.success,
        "errors": job.errors,
        "reason": job.reason.code if job.reason else None,
        "message": job.reason.message if job.reason else None,
        "hint": job.reason.hint if job.reason else None,
        "at": iso(job.timeline[-1].at),
        "report": str(report_path(job, settings)),
    }


def draw(found: Json) -> RenderableType:
    """Arrange a status for a terminal."""
    parts: list[RenderableType] = [_headline(found), *map(_pause, found["pauses"])]
    if found["jobs"]:
        parts += [Text("\nUnder way", "bold"), _jobs(found["jobs"])]
    if found["drops"]:
        title = f"\nWaiting in the inbox ({found['drops_in_sight']})"
        parts += [Text(title, "bold"), _drops(found["drops"])]
    if found["latest"]:
        parts += [Text("\nLatest outcomes", "bold"), _outcomes(found["latest"])]
        parts += [_outcome_reason(each) for each in found["latest"] if each["reason"]]
    return Group(*parts)


def _headline(found: Json) -> Text:
    running = found["running"]
    if running is None:
        return Text.assemble(
            ("No agent is running", "bold yellow"),
            f" on {found['home']}. Start one with: dropbox-agent run --home {found['home']}",
        )
    return Text.assemble(
        ("The agent is running", "bold green"),
        f" on {found['home']} (process {running['pid']}, since {_clock(running['since'])})",
    )


def _pause(pause: Json) -> Text:
    return Text(
        f"{pause['what']} is paused since {_clock(pause['since'])}: {pause['message']} "
        f"Next try at {_clock(pause['next_try'])}. {pause['hint']}",
        "yellow",
    )


def _jobs(jobs: list[Json]) -> RenderableType:
    rows = [
        {
            "job": Text(job["job"]),
            "kind": Text(job["kind"]),
            "file": Text(job["name"]),
            "stage": Text(STAGE_WORDS[Stage(job["stage"])]),
            "since": Text(_clock(job["since"])),
            "done": Text(f"{job['done']:,}", justify="right"),
            "rows": Text(f"{job['rows']:,}", justify="right"),
        }
        for job in jobs
    ]
    return Group(_table(rows), *(_job_reason(job) for job in jobs if job["reason"]))


def _job_reason(job: Json) -> Text:
    again = f" Next try at {_clock(job['next_try'])}." if job["next_try"] else ""
    told = f"{job['job']}, {job['stage']}: {job['reason']} {job['hint']}{again}"
    return Text(f"\n{shown(told)}", "yellow")


def _drops(drops: list[Json]) -> Table:
    return _table(
        [
            {
                "file": Text(drop["path"]),
                "gate": Text(drop["gate"]),
                "since": Text(_clock(drop["since"])),
                "until": Text(_clock(drop["opens_at"])),
                "why": Text(drop["why"]),
            }
            for drop in drops
        ]
    )


def _outcomes(latest: list[Json]) -> Table:
    return _table(
        [
            {
                "filed": Text(_clock(each["at"])),
                "job": Text(each["job"]),
                "outcome": Text(each["outcome"], COLOURS[Outcome(each["outcome"])]),
                "kind": Text(each["kind"]),
                "file": Text(each["name"]),
                "in": Text(f"{each['success']:,}", justify="right"),
                "refused": Text(f"{each['errors']:,}", justify="right"),
            }
            for each in latest
        ]
    )


def _outcome_reason(each: Json) -> RenderableType:
    head = Text.assemble(
        "\n", (each["job"], "bold"), f", {each['outcome']}: {shown(each['message'])}"
    )
    body = Text.assemble(shown(each["hint"]), f"\nReport: {each['report']}")
    return Group(head, Padding(body, (0, 0, 0, 2)))


def _table(rows: list[dict[str, Text]]) -> Table:
    """Draw rows of named cells; only files and reasons are cut to fit a narrow terminal."""
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for name in rows[0]:
        whole = max(len(name), *(len(row[name]) for row in rows))
        # Rich takes room from columns that may wrap only.
        table.add_column(name, no_wrap=name not in MAY_BE_CUT, min_width=min(whole, 12))
    for row in rows:
        for cell in row.values():
            cell.no_wrap, cell.overflow = True, "ellipsis"
        table.add_row(*row.values())
    return table


def _clock(at: str | None) -> str:
    """Write a time for people: in their own time zone; the date only if it is not today's."""
    if at is None:
        return ""
    local = datetime.fromisoformat(at).astimezone()
    today = datetime.now().astimezone().date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%Y-%m-%d %H:%M")
