"""Draws for a terminal: tables, times, and lines that can be copied."""

from collections.abc import Collection, Sequence
from datetime import datetime

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.text import Text


class Unpadded:
    """Draws something without the blanks that fill its lines up to the right edge."""

    def __init__(self, inner: RenderableType) -> None:
        """Take what is to be drawn."""
        self._inner = inner

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the segments that are to be seen."""
        for line in Segment.split_lines(console.render(self._inner, options)):
            yield from _stripped(line)
            yield Segment.line()


def show(drawing: RenderableType, console: Console) -> None:
    """Print a drawing; lines that must not be broken may be longer than the terminal is wide."""
    console.print(Unpadded(drawing), crop=False, end="")


def table(rows: Sequence[dict[str, Text]], *, cut: Collection[str] = ()) -> Table:
    """Draw rows of named cells.

    Args:
        rows: The cells, by the names of their columns; all rows have the same.
        cut: Columns that are cut to fit a narrow terminal; without any, the last one is wrapped.
    """
    drawn = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    last = list(rows[0])[-1]
    for name in rows[0]:
        whole = max(len(name), *(len(row[name]) for row in rows))
        gives_way = name in cut or (not cut and name == last)
        # Rich takes room from columns that may wrap only.
        drawn.add_column(name, no_wrap=not gives_way, min_width=min(whole, 12))
    for row in rows:
        for cell in row.values():
            cell.no_wrap, cell.overflow = bool(cut), "ellipsis" if cut else "fold"
        drawn.add_row(*row.values())
    return drawn


def number(count: int) -> Text:
    """Write a number for a column of numbers."""
    return Text(f"{count:,}", justify="right")


def unbroken(text: str, style: str = "") -> Text:
    """Write a line that is never broken, so that a path or a command in it can be copied."""
    return Text(text, style, no_wrap=True, overflow="ignore")


def clock(at: str | None) -> str:
    """Write a time for people: in their own time zone; the date only if it is not today's."""
    if at is None:
        return ""
    local = datetime.fromisoformat(at).astimezone()
    today = datetime.now().astimezone().date()
    return local.strftime("%H:%M:%S" if local.date() == today else "%Y-%m-%d %H:%M")


def _stripped(line: list[Segment]) -> list[Segment]:
    """Leave out the blanks at the end of a line."""
    while line and not line[-1].text.strip():
        line = line[:-1]
    if not line:
        return []
    return [*line[:-1], Segment(line[-1].text.rstrip(), line[-1].style)]
