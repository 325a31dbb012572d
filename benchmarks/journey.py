"""From a settled file to its report, against the vendor's sample script."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from benchmarks.contenders import (
    AGENT,
    Bring,
    Door,
    agent,
    folders,
    scripts,
    unlimited_agent,
)
from benchmarks.data import FULL_BYTES, QUICK_BYTES, file_of
from benchmarks.instant_server import InstantServer, instant_server
from benchmarks.measuring import (
    MEGABYTE,
    Scale,
    Spread,
    Table,
    at_least,
    at_most,
    gathered,
    ratio,
    spread,
)
from benchmarks.queueing import full_queue
from benchmarks.small_files import small_files
from dropbox_agent.sandbox import Sandbox, SandboxOptions

TITLE = "Journey"

COLUMNS = ("way", "seconds", "requests", "x the agent's time")

FILES = count(1)

MOST_BYTES = 48_900_000
"""Just below what the agent sends in one import: of two readings of the limit it keeps the lower,
and some distance."""


_LIMITS = {
    "large": "The check: a script sends without one. It takes about 10 ms a megabyte, and one file "
    "is checked by one process. What the script loses is the rest of the 2 s until it asks again.",
    "flood": "Processor time: 7 to 10 ms a job, most of it for two requests, six transactions and "
    "five synced folders and files. At the account's 100 requests a minute 300 files take minutes "
    "for either.",
}


def measure(scale: Scale) -> Iterator[Table]:
    """Measure whole journeys."""
    yield _one_small(scale)
    for seconds in scale.pick(full=(0.0, 1.0), quick=(0.0,)):
        yield _one_large(scale, seconds)
    yield _flood(scale)
    yield full_queue(scale)


@dataclass(frozen=True, slots=True)
class Took:
    """What bringing files in took.

    Attributes:
        seconds: From when they had settled, or the script was started, to the end.
        requests: To the server.
    """

    seconds: float
    requests: int


def _measured(bring: Bring, make: Callable[[], Sequence[Path]], asked: Callable[[], int]) -> Took:
    paths = make()
    before = asked()
    seconds = bring(paths)
    return Took(seconds, asked() - before)


def _contest(
    contenders: Mapping[str, Bring],
    make: Callable[[], Sequence[Path]],
    asked: Callable[[], int],
    rounds: int,
) -> dict[str, list[Took]]:
    ways = {name: partial(_measured, bring, make, asked) for name, bring in contenders.items()}
    return gathered(ways, rounds)


def _seconds(took: Sequence[Took]) -> list[float]:
    return [each.seconds for each in took]


def _rows(found: Mapping[str, Sequence[Took]]) -> list[tuple[str, ...]]:
    ours = _seconds(found[AGENT])
    return [
        (
            name,
            str(spread(_seconds(took))),
            str(spread([each.requests for each in took])),
            str(ratio(_seconds(took), ours)),
        )
        for name, took in found.items()
    ]


def _large_file(folder: Path, size: int) -> list[Path]:
    """Write a file that is just not too large, unlike all others."""
    content = file_of("contacts", size).read_bytes()[:MOST_BYTES]
    number = next(FILES)
    path = folder / f"large-{number}.csv"
    whole = content[: content.rindex(b"\n") + 1]
    path.write_bytes(whole.replace(b"customer1@", b"customer-%d@" % number, 1))
    return [path]


def _one_small(scale: Scale) -> Table:
    with ExitStack() as stack:
        home, folder = folders(stack)
        options = SandboxOptions(requests_per_minute=None)
        sandbox = stack.enter_context(Sandbox(options))
        door = Door(sandbox.url, sandbox.api_key)
        contenders = {AGENT: stack.enter_context(agent(home, door, {})), **scripts(door)}
        found = _contest(
            contenders,
            lambda: small_files(folder, 1),
            lambda: sum(sandbox.requests.values()),
            scale.pick(full=7, quick=1),
        )
    return Table(
        "One small file, to the sandbox",
        COLUMNS,
        _rows(found),
        notes=["A script is started for the file. All else at defaults; the import takes no time."],
        targets=[
            at_most("one small file, own share", spread(_seconds(found[AGENT])), 0.15, unit="s")
        ],
    )


def _one_large(scale: Scale, import_seconds: float) -> Table:
    size = scale.pick(full=FULL_BYTES, quick=QUICK_BYTES)
    with ExitStack() as stack:
        home, folder = folders(stack)
        server, door = _instant(stack)
        contenders = {AGENT: stack.enter_context(agent(home, door, {})), **scripts(door)}
        server.import_seconds = import_seconds
        found = _contest(
            contenders,
            lambda: _large_file(folder, size),
            lambda: server.asked,
            scale.pick(full=3, quick=1),
        )
    name = f"{min(size, MOST_BYTES) / MEGABYTE:.1f} MB, import takes {import_seconds:g} s"
    return Table(
        f"One file of {name}",
        COLUMNS,
        _rows(found),
        targets=[
            at_least(
                f"{name}, against {script}",
                _faster(found, script),
                1.5,
                unit="x faster",
                limited_by=_LIMITS["large"],
            )
            for script in found
            if script != AGENT
        ],
    )


def _faster(found: Mapping[str, Sequence[Took]], script: str) -> Spread:
    return ratio(_seconds(found[script]), _seconds(found[AGENT]))


def _flood(scale: Scale) -> Table:
    files = scale.pick(full=300, quick=5)
    with ExitStack() as stack:
        home, folder = folders(stack)
        server, door = _instant(stack)
        contenders = {AGENT: stack.enter_context(unlimited_agent(home, door)), **scripts(door)}
        found = _contest(
            contenders,
            lambda: small_files(folder, files),
            lambda: server.asked,
            scale.pick(full=3, quick=1),
        )
    return Table(
        f"{files} small files at once, to a server that does them at once",
        COLUMNS,
        _rows(found),
        notes=["In any order; requests without limit. A script is started once for all files."],
        targets=[
            at_most(
                f"{files} small files, against {script}",
                ratio(_seconds(found[AGENT]), _seconds(found[script])),
                2,
                unit="x its time",
                limited_by=_LIMITS["flood"],
            )
            for script in found
            if script != AGENT
        ],
    )


def _instant(stack: ExitStack) -> tuple[InstantServer, Door]:
    server = stack.enter_context(instant_server())
    return server, Door(server.settings["CONNECTIF_API_URL"], server.settings["CONNECTIF_API_KEY"])
