"""``explain``: where one file stands and why, what happened to it, and what happens next."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from dropbox_agent.cli.drawing import clock, number, show, table, unbroken
from dropbox_agent.cli.home import at_home, home_option, settings_at
from dropbox_agent.cli.status import draw_sick
from dropbox_agent.cli.tally import COLOURS
from dropbox_agent.core.explaining import Bystander, Explanation, JobStory, State, WaitingDrop
from dropbox_agent.core.job import Job
from dropbox_agent.core.naming import shown
from dropbox_agent.core.telling import STAGE_WORDS

STATE_COLOURS = {State.OPEN: "green", State.SHUT: "bold yellow", State.UNKNOWN: "dim"}
INDENT = (0, 0, 0, 2)


@click.command(short_help="Say where a file stands, and why.")
@click.argument("file")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@home_option
def explain(file: str, home: Path, *, as_json: bool) -> int:
    """Say where FILE stands, why, and what happens next.

    FILE is a path, or only a name: of a file in an inbox, of one that was dropped some time, of a
    report or anything else in processed/ and failed/; or a job's id. Works while the agent runs
    and while it does not; it changes nothing. Ends with 1 if nothing is known of the file.
    """
    from dropbox_agent.inspection import explain as explanation_of

    found = explanation_of(settings_at(home), file, Path.cwd())
    if as_json:
        click.echo(json.dumps(found.to_json(), indent=2))
    else:
        show(Group(*draw(found, home)), Console(highlight=False))
    return 0 if found.is_known else 1


def draw(found: Explanation, home: Path) -> Iterator[RenderableType]:
    """Arrange an explanation for a terminal."""
    if found.sick:
        yield from draw_sick(found.sick, home)
    if not found.is_known:
        yield from _unknown(found)
        return
    for thing in found.things:
        yield from _drop(thing, home) if isinstance(thing, WaitingDrop) else _other(thing, home)
    jobs = found.jobs
    if not found.things and jobs:
        yield from _story(jobs[0], home)
        jobs = jobs[1:]
    if jobs:
        yield Text("\nEarlier files of this name", "bold")
        yield _earlier(jobs)
    if not found.is_running and found.awaits_agent:
        yield Text()
        yield unbroken(f"Start an agent with: {at_home('dropbox-agent run', home)}")


def _unknown(found: Explanation) -> Iterator[RenderableType]:
    yield Text.assemble((shown(found.asked), "bold"), ": never seen here.")
    if found.nearest:
        yield Text(f"Did you mean {' or '.join(found.nearest)}?")
    yield Text("Looked into the journal and these folders:")
    yield from (unbroken(f"  {folder}") for folder in found.looked_into)


def _other(thing: Bystander, home: Path) -> Iterator[RenderableType]:
    yield unbroken(thing.path, "bold")
    yield _indented(thing.says, "yellow")
    if thing.hint:
        yield _indented(at_home(thing.hint, home))


def _drop(drop: WaitingDrop, home: Path) -> Iterator[RenderableType]:
    yield unbroken(drop.path, "bold")
    yield _indented(drop.says, "yellow")
    if drop.stalled:
        yield _indented(f"It is stalled: on its way since {clock(drop.found_at)}.", "bold red")
    yield _indented(at_home(drop.hint, home))
    rows = [
        {
            "gate": Text(each.gate),
            "": Text(each.state, STATE_COLOURS[each.state]),
            "since": Text(clock(each.since)),
            "until": Text(clock(each.until)),
            "why": Text(shown(each.why)),
        }
        for each in drop.gates
    ]
    yield Text()
    yield Padding(table(_without_empty(rows)), INDENT)


def _story(story: JobStory, home: Path) -> Iterator[RenderableType]:
    job = story.job
    yield Text.assemble((shown(job.name), "bold"), ": ", _word(job), f" (job {job.id}, {job.kind})")
    if job.reason:
        yield _indented(job.reason.message, "yellow")
        yield _indented(at_home(job.reason.hint, home))
    yield Text()
    yield Padding(
        table([{"when": Text(clock(s.at)), "what": Text(s.what)} for s in story.steps]), INDENT
    )
    if story.parts:
        yield Text()
        yield Padding(table(list(_parts(story)), cut=("import",)), INDENT)
    yield Text()
    for place in story.places:
        gone = "" if place.is_there else f"   ({place.removed or 'is not there any more'})"
        yield unbroken(f"  {place.what + ':':<13}{place.path}{gone}")
    if story.follows:
        yield unbroken(f"  comes from:  job {story.follows.job}, see {story.follows.report}")
    for each in story.followers:
        name = shown(each.name)
        yield Text.assemble("  sent again:  ", name, ": ", _word(each), f" (job {each.id})")
    yield _indented(story.next)
    if story.next_try:
        yield _indented(f"Next try at {clock(story.next_try)}.")
    yield from (unbroken(f"    {at_home(each, home)}") for each in story.commands)


def _parts(story: JobStory) -> Iterator[dict[str, Text]]:
    for part in story.parts:
        yield {
            "import": Text(part.import_id or "-"),
            "status": Text(part.status),
            "rows": number(part.rows),
            "done": number(part.done),
            "in": number(part.success),
            "refused": number(part.errors),
        }


def _earlier(stories: Iterable[JobStory]) -> RenderableType:
    rows = [
        {
            "when": Text(clock(story.steps[0].at)),
            "job": Text(story.job.id),
            "outcome": _word(story.job),
            "kind": Text(story.job.kind),
            "in": number(story.job.success),
            "refused": number(story.job.errors),
        }
        for story in stories
    ]
    return Padding(table(rows), INDENT)


def _word(job: Job) -> Text:
    if job.outcome is None:
        return Text(STAGE_WORDS[job.stage], "magenta")
    return Text(job.outcome, COLOURS[job.outcome])


def _without_empty(rows: list[dict[str, Text]]) -> list[dict[str, Text]]:
    """Leave out the columns in which nothing stands."""
    names = [name for name in rows[0] if any(len(row[name]) for row in rows)]
    return [{name: row[name] for name in names} for row in rows]


def _indented(text: str, style: str = "") -> Padding:
    return Padding(Text(shown(text), style), INDENT)
