"""What all benchmarks share: repeats, medians, ratios, tables, targets.

A benchmark is a module in this folder with a title and one function, and stands in the list
``BENCHMARKS`` of ``benchmarks/__main__.py``:

    TITLE = "Arrival"

    def measure(scale: Scale) -> Iterator[Table]:
        rounds = scale.pick(full=5, quick=1)
        times = interleaved({"ours": ours, "theirs": theirs}, rounds)    # seconds of each round
        faster = ratio(times["theirs"], times["ours"])                   # paired by rounds
        yield Table(
            "One small file",
            ("way", "seconds"),
            [(way, str(spread(seconds))) for way, seconds in times.items()],
            targets=[at_least("journey: one small file", faster, 1.5, unit="x")],
        )

``scale.quick`` is for tests: a table of the same form from sizes so small that it takes a moment.
Each table is printed when it is yielded. Functions that need a process of their own, for a clean
start or for their memory, are run by ``benchmarks.children.run``.

Modules here import each other as ``benchmarks.<name>``; all is run from the repository by
``python -m benchmarks``, one by ``python -m benchmarks --only arrival``.
"""

import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

REPOSITORY = Path(__file__).resolve().parents[1]
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Scale:
    """How much to measure.

    Attributes:
        quick: Whether to do just enough for the tables to have their form.
        thorough: Whether time does not matter, as for 100,000 random inputs.
    """

    quick: bool = False
    thorough: bool = False

    def pick(self, *, full: T, quick: T) -> T:
        """Choose between a real size and a tiny one."""
        return quick if self.quick else full


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some measurements, and the least and the greatest of them."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{number(self.median)} ({number(self.low)} to {number(self.high)})"

    def times(self, factor: float) -> "Spread":
        """Return the same in another unit."""
        return Spread(self.median * factor, self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Target:
    """What was to be reached, and what was.

    Attributes:
        what: Of what, in a few words.
        wanted: The target.
        measured: What was measured.
        met: Whether it is as wanted.
        limited_by: What keeps it from being met; shown only where it is not.
    """

    what: str
    wanted: str
    measured: str
    met: bool
    limited_by: str = ""


@dataclass(frozen=True)
class Table:
    """Measurements, for people to read.

    Attributes:
        title: What was measured.
        columns: What is in each column.
        rows: The cells, written out.
        notes: What one must know to read them, each a sentence or two.
        targets: What they say of the targets.
    """

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    targets: Sequence[Target] = ()

    def __str__(self) -> str:
        """Write it in Markdown that can also be read as it is."""
        parts = [f"### {self.title}", markdown(self.columns, self.rows), *self.notes]
        if self.targets:
            parts.append("\n".join(map(_told, self.targets)))
        return "\n\n".join(parts) + "\n"


def spread(samples: Sequence[float]) -> Spread:
    """Sum up measurements of one thing."""
    return Spread(statistics.median(samples), min(samples), max(samples))


def ratio(above: Sequence[float], below: Sequence[float]) -> Spread:
    """Compare two things measured in the same rounds.

    The machine's speed moves from one minute to the next. It does much less within one round, so
    each round gives a ratio of its own, and the middle one counts.
    """
    return spread([one / other for one, other in zip(above, below, strict=True)])


def at_least(
    what: str, got: Spread | float, wanted: float, *, unit: str = "", limited_by: str = ""
) -> Target:
    """Compare what was measured with the least that was wanted."""
    met = _middle(got) >= wanted
    return Target(what, f"at least {_with(wanted, unit)}", _with(got, unit), met, limited_by)


def at_most(
    what: str, got: Spread | float, wanted: float, *, unit: str = "", limited_by: str = ""
) -> Target:
    """Compare what was measured with the most that was wanted."""
    met = _middle(got) <= wanted
    return Target(what, f"at most {_with(wanted, unit)}", _with(got, unit), met, limited_by)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Time ways of doing one thing, all of them in every round, each time in another order."""
    return gathered({way: partial(timed, work) for way, work in ways.items()}, rounds)


def gathered(ways: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Do the same with ways that measure themselves; return what each gave, round by round."""
    found: dict[str, list[T]] = {way: [] for way in ways}
    names = list(ways)
    for turn in range(rounds):
        first = turn % len(names)
        for way in names[first:] + names[:first]:
            found[way].append(ways[way]())
    return found


def number(value: float) -> str:
    """Write a number with as many digits as mean something."""
    if value and abs(value) < 0.001:  # noqa: PLR2004 - the fourth decimal
        return f"{value:.1g}"
    decimals = next((n for n, least in enumerate((100, 10, 1)) if abs(value) >= least), 3)
    return f"{value:,.{decimals}f}"


def markdown(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table whose columns are as wide as their cells: numbers stand to the right."""
    lines = [list(columns), *map(list, rows)]
    widths = [max(3, *map(len, cells)) for cells in zip(*lines, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    lines.insert(1, rule)
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]
    return f"| {' | '.join(padded)} |"


def _told(target: Target) -> str:
    end = "met" if target.met else f"MISSED. {target.limited_by}".rstrip()
    return f"- {target.what}: {target.measured}, wanted {target.wanted}: {end}"


def _middle(got: Spread | float) -> float:
    return got.median if isinstance(got, Spread) else got


def _with(value: Spread | float, unit: str) -> str:
    text = str(value) if isinstance(value, Spread) else number(value)
    return f"{text} {unit}".rstrip()
