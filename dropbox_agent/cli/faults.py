"""Shows what is wrong with files: a table for the eye, then each fault with the line it is in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from dropbox_agent.cli.excerpts import drawn, span_of
from dropbox_agent.core.encoding import is_converted
from dropbox_agent.core.issue import Issue, Severity, Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.telling import count, size

MOST_LINES = 8
"""How many lines with the same fault are named for people; ``--json`` has up to 1,000."""

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
INDENT = 2


@dataclass(frozen=True, slots=True)
class Checked:
    """One file that was checked.

    Attributes:
        name: What it is called by who wants to know.
        kind: What its rows are.
        verdict: What was found.
        lines: The physical lines to show, by their numbers.
    """

    name: str
    kind: Kind
    verdict: Verdict
    lines: Mapping[int, str]


def lines_to_show(issues: Sequence[Issue]) -> set[int]:
    """Tell which lines are shown: of faults that are alike, the first one."""
    return {alike[0].line for alike in _grouped(issues) if alike[0].line}


def show(results: Sequence[Checked]) -> None:
    """Print what was found, for people."""
    console = Console(highlight=False)
    for result in results:
        console.print(_summary(result), soft_wrap=True)
        groups = _grouped(result.verdict.issues)
        if len(groups) > 1:
            console.print(Padding(_table(groups), (0, 0, 1, INDENT)))
        for alike in groups:
            console.print(_fault(alike, result, console.width))
        verdict = result.verdict
        hidden = verdict.errors + verdict.warnings - len(verdict.issues)
        if hidden > 0:
            console.print(f"  ... and {count(hidden, 'faults')} more.")


def _summary(result: Checked) -> Text:
    verdict, facts = result.verdict, result.verdict.facts
    word = Text("can be sent", "green") if verdict.sendable else Text("REJECTED", "bold red")
    what = f"{count(facts.rows, result.kind)}, {size(facts.bytes)}"
    if is_converted(facts.encoding):
        what += f", {facts.encoding}"
    counts = f"{count(verdict.errors, 'errors')}, {count(verdict.warnings, 'warnings')}"
    return Text.assemble((shown(result.name), "bold"), ": ", word, f" ({what}; {counts})")


def _grouped(issues: Sequence[Issue]) -> list[list[Issue]]:
    """Bring together what is wrong in the same way, so that it is told once."""
    groups: dict[tuple[str, str | None, str], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.code, issue.column, issue.message), []).append(issue)
    return list(groups.values())


def _table(groups: Sequence[Sequence[Issue]]) -> Table:
    """Count what is wrong; one line for each code and column."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("severity", "code", "column"):
        table.add_column(name, overflow="ellipsis", no_wrap=True)
    for name in ("times", "first in line"):
        table.add_column(name, justify="right", no_wrap=True)
    rows: dict[tuple[Severity, str, str], list[Issue]] = {}
    for issue in (issue for alike in groups for issue in alike):
        rows.setdefault((issue.severity, issue.code, issue.column or ""), []).append(issue)
    for (severity, code, column), alike in rows.items():
        word = Text(severity, COLOURS[severity])
        line = f"{alike[0].line:,}" if alike[0].line else ""
        table.add_row(word, code, Text(shown(column)), f"{len(alike):,}", line)
    return table


def _fault(alike: Sequence[Issue], result: Checked, width: int) -> Padding:
    first = alike[0]
    places = shown(_places(alike))
    parts: list[RenderableType] = [
        Text.assemble(
            (first.severity, f"bold {COLOURS[first.severity]}"),
            f" {places}" if places else "",
            (f" [{first.code}]", "dim"),
        )
    ]
    if (excerpt := _excerpt(first, result, width - INDENT)) is not None:
        parts.append(excerpt)
    body = Text.assemble(shown(first.message), "\n", (shown(first.hint), "dim"))
    parts.append(Padding(body, (0, 0, 0, INDENT)))
    return Padding(Group(*parts), (0, 0, 0, INDENT))


def _excerpt(issue: Issue, result: Checked, width: int) -> Text | None:
    """Draw the line that an issue is about, and mark the cell; None if there is nothing to see."""
    line = result.lines.get(issue.line or 0, "")
    if not issue.line or not line.strip():
        return None
    facts, span = result.verdict.facts, None
    if issue.column in facts.columns:
        span = span_of(line, facts.columns.index(issue.column), facts.delimiter or ",")
    return drawn(issue.line, line, span, width)


def _places(alike: Sequence[Issue]) -> str:
    """Write ``line 3, 7, 12 and 40 others, column 'x'``; nothing for a fault of the whole file."""
    lines = [str(issue.line) for issue in alike if issue.line]
    column = f"column '{alike[0].column}'" if alike[0].column else ""
    if not lines:
        return column
    named = ", ".join(lines[:MOST_LINES])
    others = f" and {len(lines) - MOST_LINES:,} others" if len(lines) > MOST_LINES else ""
    word = "line" if len(lines) == 1 else "lines"
    return f"{word} {named}{others}{f', {column}' if column else ''}"
