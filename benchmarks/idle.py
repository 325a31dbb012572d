"""What the agent takes of the machine with nothing to do: processor, memory, its start."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from benchmarks.agents import Program, program_at
from benchmarks.archives import fill_archive
from benchmarks.data import FULL_BYTES, QUICK_BYTES, file_of
from benchmarks.instant_server import instant_server
from benchmarks.measuring import (
    Scale,
    Spread,
    Table,
    at_most,
    interleaved,
    number,
    spread,
)
from benchmarks.yard import Yard

TITLE = "Idle"

FLOOR = "import watchdog.observers, requests, dotenv, loguru"
"""The four packages that every agent of this sort is built on."""

TELL_MEMORY = "; print(open('/proc/self/status').read().partition('VmRSS:')[2].split()[0])"

PATIENT = {"AGENT_BACKOFF_FLOOR_SECONDS": "300"}
"""The server that keeps files waiting is not asked again while we measure."""


_LIMITS = {
    "idle": "Two wakings a minute, most of it on cold caches: each lists the inboxes and writes "
    "the heartbeat.",
    "memory": "Above the four packages: pydantic for settings and journal, click, "
    "SQLite, and our own modules.",
}


def measure(scale: Scale) -> Iterator[Table]:
    """Measure the agent at rest."""
    floor = spread([_floor_megabytes() for _ in range(scale.pick(full=5, quick=1))])
    yield _at_rest(scale, floor)
    yield _after_a_large_file(scale, floor)
    yield _starts(scale)


def _at_rest(scale: Scale, floor: Spread) -> Table:
    """Let agents with an empty inbox, a full one and a full archive rest side by side."""
    files = scale.pick(full=10_000, quick=20)
    seconds = scale.pick(full=60.0, quick=0.2)
    with ExitStack() as stack:
        agents = {
            "nothing there": stack.enter_context(_empty()),
            f"{files:,} files waiting": stack.enter_context(_waiting(files)),
            f"{files:,} files archived": stack.enter_context(_archived(files)),
        }
        time.sleep(scale.pick(full=15.0, quick=0.1))  # until all that could be done is done
        before = {name: agent.cpu_seconds() for name, agent in agents.items()}
        time.sleep(seconds)
        shares = {
            name: 100 * (agent.cpu_seconds() - before[name]) / seconds
            for name, agent in agents.items()
        }
        memory = {name: agent.memory() for name, agent in agents.items()}
    empty, waiting, archived = agents
    return Table(
        f"At rest for {seconds:g} seconds",
        ("with", "CPU seconds a minute", "% of one processor", "MB resident", "x the floor"),
        [
            (
                name,
                number(0.6 * shares[name]),
                number(shares[name]),
                number(memory[name]),
                number(memory[name] / floor.median),
            )
            for name in agents
        ],
        notes=[
            f"The floor: {floor} MB, an interpreter that has imported the four fixed packages.",
            "All settings at their defaults. Files wait because the server is away.",
        ],
        targets=[
            at_most(
                "idle, nothing there", shares[empty], 0.01, unit="% CPU", limited_by=_LIMITS["idle"]
            ),
            at_most(f"idle, {waiting}", shares[waiting], 0.2, unit="% CPU"),
            at_most(f"idle, {archived}", shares[archived], 0.2, unit="% CPU"),
            at_most(
                "memory at rest",
                memory[empty] / floor.median,
                1.5,
                unit="x the floor",
                limited_by=_LIMITS["memory"],
            ),
        ],
    )


@contextmanager
def _home() -> Iterator[Yard]:
    with tempfile.TemporaryDirectory(prefix="idle-") as folder:
        yield Yard(Path(folder))


@contextmanager
def _empty() -> Iterator[Program]:
    with _home() as yard, instant_server() as server, program_at(yard.home, server.settings) as it:
        yield it


@contextmanager
def _waiting(files: int) -> Iterator[Program]:
    with _home() as yard, instant_server() as server:
        server.is_closed_for_now = True
        yard.drop("contacts", yard.make_ready("contacts", range(files)))
        with program_at(yard.home, {**server.settings, **PATIENT}) as program:
            yield program


@contextmanager
def _archived(files: int) -> Iterator[Program]:
    with _home() as yard, instant_server() as server:
        with program_at(yard.home, {**server.settings, "AGENT_SETTLE_SECONDS": "0.2"}) as program:
            yard.drop("contacts", yard.make_ready("contacts", [0]))
            program.wait_until(yard.filed)
        fill_archive(yard.home, files)
        with program_at(yard.home, server.settings) as program:
            yield program


def _after_a_large_file(scale: Scale, floor: Spread) -> Table:
    size = scale.pick(full=FULL_BYTES, quick=QUICK_BYTES)
    rows, most = [], 0.0
    for kind in scale.pick(full=("contacts", "products", "vouchers"), quick=("contacts",)):
        with _home() as yard, instant_server() as server:
            settings = {**server.settings, "AGENT_SETTLE_SECONDS": "0.2"}
            with program_at(yard.home, settings) as program:
                before = program.memory()
                yard.write(kind, "large.csv", file_of(kind, size).read_bytes())
                program.wait_until(yard.filed)
                time.sleep(scale.pick(full=1.0, quick=0.1))
                after, peak = program.memory(), program.memory("VmHWM")
        most = max(most, after / floor.median)
        rows.append((kind, *map(number, (before, after, peak, after / floor.median))))
    return Table(
        f"MB resident after one file of {size / 1e6:.1f} MB",
        ("kind", "before", "after", "at most", "after, x the floor"),
        rows,
        notes=["Without the child process that checks, which has ended by then."],
        targets=[at_most("memory after a large file", most, 2, unit="x the floor")],
    )


def _starts(scale: Scale) -> Table:
    rounds = scale.pick(full=5, quick=1)
    with _home() as yard, instant_server() as server:
        small = yard.home / "ready" / "contacts" / yard.make_ready("contacts", [0])[0]

        def run() -> None:
            with program_at(yard.home, server.settings) as program:
                started.append(time.monotonic() - program.begun_at)

        started: list[float] = []
        ways = {
            "python": ["-c", "pass"],
            "the four packages": ["-c", FLOOR],
            "`dropbox-agent --version`": ["-m", "dropbox_agent", "--version"],
            "`dropbox-agent check`, a small file": [
                "-m", "dropbox_agent", "check", "--kind", "contacts", str(small),
            ],
        }  # fmt: skip
        found = interleaved(
            {way: partial(_python, *options) for way, options in ways.items()},
            rounds,
        )
        for _ in range(rounds):
            run()
    found["`dropbox-agent run`, until it works"] = started
    return Table(
        "Seconds to start",
        ("program", "seconds"),
        [(way, str(spread(seconds))) for way, seconds in found.items()],
    )


def _python(*options: str) -> str:
    done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [sys.executable, *options], capture_output=True, text=True, check=True
    )
    return done.stdout


def _floor_megabytes() -> float:
    return int(_python("-c", FLOOR + TELL_MEMORY)) / 1024
