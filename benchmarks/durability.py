"""What it costs that no step is lost in a power cut: jobs a second, syncs a job, time in them."""

import os
import re
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agents import ObservedAgent, agent_at
from benchmarks.instant_server import instant_server
from benchmarks.measuring import (
    Scale,
    Table,
    at_least,
    at_most,
    gathered,
    number,
    ratio,
    spread,
)
from benchmarks.yard import Yard

TITLE = "Durability"

STRACE = shutil.which("strace")
TOLD = re.compile(r"^(?: *[\d.]+){3} +(\d+) +(?:\d+ +)?(fsync|fdatasync)$", re.MULTILINE)
"""What ``strace -c`` tells of one system call: how often it was made, after three other figures."""

IN_MEMORY = Path("/dev/shm")  # noqa: S108 - it is the memory that is wanted
"""Where a sync costs nothing."""

ONE, EIGHT, MANY, FREE = (
    "one job at once",
    "eight jobs at once",
    "100 jobs at once, as by default",
    "one job at once, folders in memory: syncs are free",
)


_LIMITS = {
    "eight": "Syncs are so cheap here that the interpreter is the limit, and that is shared: "
    "who waits for the same turn shares one commit, but one job at once hardly waits.",
    "syncs": "Six transactions; three folders at the claim, as each job has its own; the report "
    "and the folder of the archive. What is above that is the journal's log written back.",
}


def measure(scale: Scale) -> Iterator[Table]:
    """Measure the whole way of small files to a server that has every import done at once."""
    files = scale.pick(full=300, quick=5)
    ways = {
        ONE: lambda: _rate(files, ahead=1),
        EIGHT: lambda: _rate(files, ahead=8),
        MANY: lambda: _rate(files, ahead=100),
    }
    if IN_MEMORY.is_dir():
        ways[FREE] = lambda: _rate(files, ahead=1, parent=IN_MEMORY)
    found = gathered(ways, scale.pick(full=3, quick=1))
    yield _rates(files, found)
    if STRACE:
        yield _syncs(*scale.pick(full=(20, 120), quick=(1, 3)))


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast jobs went.

    Attributes:
        jobs_a_second: From the first claim to the last report.
        cpu_seconds: The agent's processor time for each job.
    """

    jobs_a_second: float
    cpu_seconds: float


def _rates(files: int, found: Mapping[str, list[Rate]]) -> Table:
    rates = {way: [each.jobs_a_second for each in rates] for way, rates in found.items()}
    notes = ["From the first claim to the last report; any order, and no limit of requests."]
    if FREE in rates:
        share = ratio(rates[ONE], rates[FREE])
        notes.append(
            f"Spent in syncs, one job at once: {number(100 * (1 - share.median))} % of the time."
        )
    return Table(
        f"{files} files of one row",
        ("way", "jobs a second", "ms of CPU a job"),
        [
            (way, str(spread(rates[way])), str(spread([1000 * each.cpu_seconds for each in each_])))
            for way, each_ in found.items()
        ],
        notes=notes,
        targets=[
            at_least(
                f"{EIGHT} against one",
                ratio(rates[EIGHT], rates[ONE]),
                1.5,
                unit="x",
                limited_by=_LIMITS["eight"],
            )
        ],
    )


def _rate(files: int, *, ahead: int, parent: Path | None = None) -> Rate:
    with _agent(ahead, parent) as (yard, agent):
        names = yard.make_ready("contacts", range(files))
        before = agent.cpu_seconds()
        yard.drop("contacts", names)
        agent.wait_until(lambda: agent.count("filed") >= files, every_seconds=0.1)
        cpu = agent.cpu_seconds() - before
        begun, ended = min(agent.moments("claimed").values()), max(agent.moments("filed").values())
        return Rate(files / (ended - begun), cpu / files)


@contextmanager
def _agent(
    ahead: int, parent: Path | None = None, under: Sequence[str] = ()
) -> Iterator[tuple[Yard, ObservedAgent]]:
    """Run an agent that has so many jobs of a kind under way at most."""
    with (
        tempfile.TemporaryDirectory(prefix="durability-", dir=parent) as folder,
        instant_server() as server,
    ):
        yard = Yard(Path(folder))
        settings = {"AGENT_SETTLE_SECONDS": "0.2", "AGENT_JOBS_AHEAD": str(ahead)}
        with agent_at(yard.home, {**server.settings, **settings}, under=under) as agent:
            yield yard, agent


def _syncs(few: int, many: int) -> Table:
    """Count what the kernel is asked to sync, for SQLite too, without what start and end take."""
    jobs, base, whole = many - few, _syncs_of(few), _syncs_of(many)
    calls = {call: (whole[call] - base[call]) / jobs for call in whole}
    together = sum(calls.values())
    return Table(
        f"Syncs, counted by strace over {jobs} jobs",
        ("what", "a job"),
        [
            *((f"`{call}`", number(each)) for call, each in calls.items()),
            ("together", number(together)),
        ],
        notes=[f"One sync of a few bytes takes {number(1000 * _sync_seconds())} ms on this disk."],
        targets=[at_most("syncs a job", together, 11, limited_by=_LIMITS["syncs"])],
    )


def _syncs_of(files: int) -> Counter[str]:
    with tempfile.NamedTemporaryFile("r", prefix="strace-") as told:
        command = (str(STRACE), "-f", "-c", "-o", told.name, "-e", "trace=fsync,fdatasync")
        with _agent(1, under=command) as (yard, agent):
            yard.drop("contacts", yard.make_ready("contacts", range(files)))
            agent.wait_until(lambda: agent.count("filed") >= files, every_seconds=0.1)
        return Counter({call: int(count) for count, call in TOLD.findall(told.read())})


def _sync_seconds() -> float:
    """Measure what one sync of a few bytes takes where the homes are."""
    with tempfile.NamedTemporaryFile(prefix="durability-", buffering=0) as file:
        took = []
        for _ in range(50):
            file.write(b"x" * 100)
            begun = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - begun)
    return spread(took).median
