"""How soon the end of an import is known, and what asking for it costs."""

import random
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.asking import (
    SCRIPT_SECONDS,
    Course,
    Server,
    as_the_script,
    as_we_do,
)
from benchmarks.import_line import SimulatedServer, sandbox_server
from benchmarks.measuring import (
    Scale,
    Table,
    Target,
    at_least,
    at_most,
    ratio,
    spread,
)

TITLE = "Polling"

Way = Callable[[Server, Sequence[float], int], Course]

SCRIPT = "the script"
OURS = "the agent"
WAYS: Mapping[str, Way] = {SCRIPT: as_the_script, OURS: as_we_do}


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """How long imports take.

    Attributes:
        name: Of the mix.
        seconds: How long they take, and how often each time occurs.
    """

    name: str
    seconds: Mapping[float, float]

    def durations(self, count: int, chance: random.Random) -> list[float]:
        """Draw some; none takes exactly as long as another."""
        drawn = chance.choices(list(self.seconds), list(self.seconds.values()), k=count)
        return [each * chance.uniform(0.8, 1.2) for each in drawn]


SHORT = Mix("short: 1, 2 or 4 s", {1: 1, 2: 1, 4: 1})
TYPICAL = Mix("typical: 60 % 8 s, 30 % 1 min, 10 % 10 min", {8: 60, 60: 30, 600: 10})
LONG = Mix("long: half 1 min, half 10 min", {60: 1, 600: 1})
TEN_MINUTES = Mix("10-minute ones", {600: 1})
MIXES = (SHORT, TYPICAL, LONG, TEN_MINUTES)

MOST_DELAY_SECONDS = 1.1
"""The script's mean delay is half of its two seconds, and a little more."""


@dataclass(frozen=True, slots=True)
class Case:
    """What is imported.

    Attributes:
        mix: How long imports take.
        imports: How many there are.
        at_once: How many of them are under way.
    """

    mix: Mix
    imports: int
    at_once: int

    def __str__(self) -> str:
        name = self.mix.name.partition(":")[0]
        return f"{self.imports} {name}, {self.at_once} at once"


_LIMIT_ASKS = (
    "Ten short imports end within seconds of each other: less than two asks an import are hardly "
    "possible, and the script's own number varies with how they are mixed."
)


def measure(scale: Scale) -> Iterator[Table]:
    """Measure asking, in simulated time and against the sandbox."""
    seeds = range(scale.pick(full=7, quick=1))
    many, batch = scale.pick(full=(60, 10), quick=(4, 2))
    cases = [
        Case(mix, imports, at_once)
        for mix in MIXES
        for imports, at_once in ((many, 1), (many, 10), (batch, 10))
    ]
    simulated = {case: [_simulated(case, seed) for seed in seeds] for case in cases}
    yield _table(
        f"Simulated, {len(seeds)} times",
        simulated,
        notes=[
            f"{'; '.join(mix.name for mix in MIXES)}; each up to a fifth more or less.",
            f"The script asks for each import by itself every {SCRIPT_SECONDS:g} s.",
            "The agent asks for all together, and looks at the list before a send.",
            "Imports go on at uneven speeds, one after the other.",
            "The real server would refuse more than 100 requests in a minute.",
        ],
        targets=list(_targets(simulated)),
    )
    batches = [case for case in cases if case.imports == batch and case.mix in {SHORT, TYPICAL}]
    yield _table(
        "Against the sandbox, whose clock is set",
        {case: [_real(case)] for case in batches},
        notes=["All requests are real ones, made by the agent's own adapter."],
    )


_Run = dict[str, Course]
_Found = Mapping[Case, Sequence[_Run]]


def _simulated(case: Case, seed: int) -> _Run:
    durations = case.mix.durations(case.imports, random.Random(seed))  # noqa: S311 - no secret
    return {
        name: way(SimulatedServer(random.Random(seed)), durations, case.at_once)  # noqa: S311 - likewise
        for name, way in WAYS.items()
    }


def _real(case: Case) -> _Run:
    durations = case.mix.durations(case.imports, random.Random(1))  # noqa: S311 - no secret
    courses = {}
    for name, way in WAYS.items():
        with sandbox_server() as server:
            courses[name] = way(server, durations, case.at_once)
    return courses


def _table(
    title: str, found: _Found, notes: Sequence[str], targets: Sequence[Target] = ()
) -> Table:
    rows = [
        (f"{case}: {way}", *_cells([run[way] for run in runs]))
        for case, runs in found.items()
        for way in WAYS
    ]
    columns = ("imports", "mean delay, s", "asks an import", "requests in the busiest minute")
    return Table(title, columns, rows, notes, targets)


def _cells(courses: Sequence[Course]) -> tuple[str, ...]:
    return (
        str(spread([_mean_delay(each) for each in courses])),
        str(spread([each.asks_each for each in courses])),
        str(max(each.most_in_a_minute for each in courses)),
    )


def _mean_delay(course: Course) -> float:
    return statistics.fmean(course.delays)


def _targets(found: _Found) -> Iterator[Target]:
    for case, runs in found.items():
        fewer = ratio(
            [run[SCRIPT].asks_each for run in runs], [run[OURS].asks_each for run in runs]
        )
        if case.mix in {SHORT, TYPICAL}:
            ours = spread([_mean_delay(run[OURS]) for run in runs])
            yield at_most(f"delay, {case}", ours, MOST_DELAY_SECONDS, unit="s")
            if case.at_once > 1:
                yield at_least(f"asks, {case}", fewer, 6, unit="x fewer", limited_by=_LIMIT_ASKS)
        elif case.mix is TEN_MINUTES:
            yield at_least(f"asks, {case}", fewer, 9, unit="x fewer")
