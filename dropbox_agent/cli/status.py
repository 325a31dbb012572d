"""``status``: what is under way, what waits and why, and what became of the latest files."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.padding import Padding
from rich.text import Text

from dropbox_agent.cli.drawing import clock, number, show, table, unbroken
from dropbox_agent.cli.home import at_home, home_option, settings_at
from dropbox_agent.cli.tally import COLOURS
from dropbox_agent.core.job import Outcome, Stage
from dropbox_agent.core.naming import shown
from dropbox_agent.core.telling import STAGE_WORDS, count

MAY_BE_CUT = {"file", "why"}
MOST_LINES = 20
"""How many drops, and how many mistakes, people are shown; ``--json`` has up to 200."""

WATCH_SECONDS = 1.0
INDENT = (0, 0, 0, 2)
DOCTOR = "dropbox-agent doctor"

Json = dict[str, Any]


@click.command(short_help="Show what is under way, what waits, and the latest outcomes.")
@home_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option("--watch", is_flag=True, help="Show it anew every second until Ctrl-C.")
@click.option(
    "--check",
    is_flag=True,
    help="For monitors: say in one line how the agent is. Ends with 0 if all is well, with 1 if "
    "somebody should look: it does not run, is paused for long, or files are held, stalled or "
    "missing.",
)
@click.option(
    "--alive", is_flag=True, help="With --check: end with 1 only if it does not run or hangs."
)
def status(home: Path, *, as_json: bool, watch: bool, check: bool, alive: bool) -> int:
    """Show what is under way, what waits and why, what is paused, and the latest outcomes.

    Works while the agent runs and while it does not; it changes nothing.
    """
    from dropbox_agent.inspection import health_of, status_of

    settings = settings_at(home)
    if check or alive:
        health = health_of(settings)
        click.echo(health.line)
        return 0 if health.well or (alive and health.alive) else 1
    if as_json:
        click.echo(json.dumps(status_of(settings), indent=2))
        return 0
    console = Console(highlight=False)
    if not watch:
        show(draw(status_of(settings), home), console)
        return 0
    with Live(console=console, auto_refresh=False) as live:
        while True:
            live.update(draw(status_of(settings), home), refresh=True)
            time.sleep(WATCH_SECONDS)


def draw(found: Json, home: Path) -> RenderableType:
    """Arrange a status for a terminal."""
    return Group(
        *_headline(found, home),
        *_pauses(found["pauses"], home),
        *_missing(found["missing"]),
        *_jobs(found["jobs"], home),
        *_drops(found["drops"], found["drops_in_sight"]),
        *_mistakes(found["mistakes"]),
        *_latest(found["latest"], home),
    )


def _headline(found: Json, home: Path) -> Iterator[RenderableType]:
    running, watch = found["running"], found.get("watch")
    if found["sick"]:
        yield from draw_sick(found["sick"], home)
        return
    if running is None:
        yield Text.assemble(("No agent is running", "bold yellow"), f" on {found['home']}.")
        yield unbroken(f"Start one with: {at_home('dropbox-agent run', home)}")
        return
    yield Text.assemble(
        ("The agent is running", "bold green"),
        f" on {found['home']} (process {running['pid']}, since {clock(running['since'])}).",
    )
    if watch:
        missed = f" {count(watch['missed'], 'files')} came unannounced." if watch["missed"] else ""
        yield Text(f"{watch['mode']}{missed}", "dim")


def draw_sick(line: str, home: Path) -> Iterator[RenderableType]:
    """Say that the agent of a home shows no sign of life, and what to do."""
    yield unbroken(line, "bold red")
    told = f"What is below was seen without it. What may be wrong: {at_home(DOCTOR, home)}"
    yield unbroken(told)


def _pauses(pauses: Sequence[Json], home: Path) -> Iterator[RenderableType]:
    """Tell of what is held up; what holds up several inboxes in the same way is told once."""
    alike: dict[tuple[str, str], list[Json]] = {}
    for pause in pauses:
        alike.setdefault((pause["message"], pause["hint"]), []).append(pause)
    for (message, hint), each in alike.items():
        is_paused, again = "is not possible", ""
        if each[0]["since"]:
            is_paused = f"is paused since {clock(min(one['since'] for one in each))}"
            again = f"Next try at {clock(min(one['next_try'] for one in each))}. "
        what = _listed([str(one["what"]) for one in each])
        yield Text(f"{what} {is_paused}: {message} {again}{at_home(hint, home)}", "yellow")


def _listed(lanes: Sequence[str]) -> str:
    """Write ``Looking into contacts, products and vouchers``."""
    first, *others = lanes
    more = [each.removeprefix("looking into ") for each in others]
    words = ", ".join([first, *more[:-1]]) + (f" and {more[-1]}" if more else "")
    return words[0].upper() + words[1:]


def _missing(missing: Sequence[Json]) -> Iterator[RenderableType]:
    if not missing:
        return
    yield Text("\nExpected, and missing", "bold")
    for each in missing:
        yield Text.assemble((shown(each["expected"]), "yellow"), f": {each['message']}")


def _jobs(jobs: Sequence[Json], home: Path) -> Iterator[RenderableType]:
    if not jobs:
        return
    yield Text("\nUnder way", "bold")
    yield _cut(
        jobs,
        lambda job: {
            "job": Text(job["job"]),
            "kind": Text(job["kind"]),
            "file": Text(job["name"]),
            "stage": Text(STAGE_WORDS[Stage(job["stage"])]),
            "since": Text(clock(job["since"])),
            "done": number(job["done"]),
            "rows": number(job["rows"]),
        },
    )
    for job in jobs:
        if job["reason"]:
            again = f" Next try at {clock(job['next_try'])}." if job["next_try"] else ""
            stage = STAGE_WORDS[Stage(job["stage"])]
            told = f"{job['job']}, {stage}: {job['reason']} {job['hint']}{again}"
            yield Text(f"\n{at_home(shown(told), home)}", "yellow")


def _drops(drops: Sequence[Json], in_sight: int) -> Iterator[RenderableType]:
    if not drops:
        return
    yield Text(f"\nWaiting in the inbox ({in_sight:,})", "bold")
    yield _cut(
        drops[:MOST_LINES],
        lambda drop: {
            "file": Text(drop["path"], "yellow" if drop["stalled"] else ""),
            "gate": Text(drop["gate"] or "-"),
            "since": Text(clock(drop["since"])),
            "until": Text("stalled", "red") if drop["stalled"] else Text(clock(drop["opens_at"])),
            "why": Text(shown(drop["why"])),
        },
    )
    yield from _and_more(in_sight)


def _mistakes(mistakes: Sequence[Json]) -> Iterator[RenderableType]:
    if not mistakes:
        return
    yield Text("\nNot taken", "bold")
    yield table(
        [{"path": Text(each["path"]), "why": Text(each["why"])} for each in mistakes[:MOST_LINES]]
    )
    yield from _and_more(len(mistakes))


def _and_more(in_all: int) -> Iterator[RenderableType]:
    if in_all > MOST_LINES:
        yield Text(f"... and {in_all - MOST_LINES:,} more", "dim")


def _latest(latest: Sequence[Json], home: Path) -> Iterator[RenderableType]:
    if not latest:
        return
    yield Text("\nLatest outcomes", "bold")
    yield _cut(
        latest,
        lambda each: {
            "filed": Text(clock(each["at"])),
            "job": Text(each["job"]),
            "outcome": Text(each["outcome"], COLOURS[Outcome(each["outcome"])]),
            "kind": Text(each["kind"]),
            "file": Text(each["name"]),
            "in": number(each["success"]),
            "refused": number(each["errors"]),
        },
    )
    for each in latest:
        if each["reason"]:
            head = f", {each['outcome']}: {shown(each['message'])}"
            yield Text.assemble("\n", (each["job"], "bold"), head)
            yield Padding(Text(at_home(shown(each["hint"]), home)), INDENT)
            yield unbroken(f"  Report: {each['report']}")


def _cut(told: Sequence[Json], row: Callable[[Json], dict[str, Text]]) -> RenderableType:
    return table([row(each) for each in told], cut=MAY_BE_CUT)
