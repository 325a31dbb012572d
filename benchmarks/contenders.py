"""Those who bring files into the account: the agent, and the vendor's sample script."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agents import Program, agent_at, program_at
from benchmarks.small_files import small_files
from benchmarks.yard import Yard

SCRIPTS = Path(__file__).with_name("scripts")
NODE = shutil.which("node")

AGENT, PYTHON, JAVASCRIPT = "the agent", "the script in Python", "the script in JavaScript"

SETTLE_SECONDS = 0.5

LOOK_SECONDS = 0.002
"""How often is looked whether a report is there."""

Bring = Callable[[Sequence[Path]], float]
"""Brings files of contacts in; returns the seconds from when they were there and had settled."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where an account can be reached.

    Attributes:
        url: Of the API.
        key: To it.
    """

    url: str
    key: str


def scripts(door: Door) -> dict[str, Bring]:
    """Give the scripts that can be run on this machine, each from its start to its end."""
    commands = {PYTHON: [sys.executable, str(SCRIPTS / "bare_script.py")]}
    if NODE:
        commands[JAVASCRIPT] = [NODE, str(SCRIPTS / "bare_script.mjs")]
    return {
        name: lambda paths, command=command: _run(command, door, paths)  # type: ignore[misc]
        for name, command in commands.items()
    }


def _run(command: Sequence[str], door: Door, paths: Sequence[Path]) -> float:
    begun = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own
        [*command, *map(str, paths)],
        env=os.environ | {"API_URL": door.url, "API_KEY": door.key},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.perf_counter() - begun


@dataclass(slots=True)
class _Agent:
    """An agent that runs, as a contender."""

    program: Program
    yard: Yard

    def bring(self, paths: Sequence[Path]) -> float:
        """Drop copies of files, and wait for their reports."""
        ready = self.yard.home / "ready" / "contacts"
        for path in paths:
            shutil.copyfile(path, ready / path.name)
        wanted = self.yard.filed() + len(paths)
        dropped_at = self.yard.drop("contacts", [path.name for path in paths])
        self.program.wait_until(lambda: self.yard.filed() >= wanted, every_seconds=LOOK_SECONDS)
        took = time.monotonic() - dropped_at - SETTLE_SECONDS
        if failed := list(self.yard.home.glob("failed/*/*.report.json")):
            raise RuntimeError(f"a file was not imported: {failed[0].read_text()}")
        return took


@contextmanager
def agent(home: Path, door: Door, settings: Mapping[str, str]) -> Iterator[Bring]:
    """Run ``dropbox-agent run`` while the block lasts; it has imported one file already."""
    yard = Yard(home)
    with program_at(home, {**_settings(door), **settings}) as program:
        yield _warm(_Agent(program, yard))


@contextmanager
def unlimited_agent(home: Path, door: Door) -> Iterator[Bring]:
    """Run an agent that makes as many requests as it likes, in any order."""
    yard = Yard(home)
    with agent_at(home, _settings(door)) as program:
        yield _warm(_Agent(program, yard))


def _settings(door: Door) -> dict[str, str]:
    return {
        "CONNECTIF_API_URL": door.url,
        "CONNECTIF_API_KEY": door.key,
        "AGENT_SETTLE_SECONDS": str(SETTLE_SECONDS),
        "CONTACTS_FIELDS": "documented",  # the large file has a field that no sandbox knows
    }


def _warm(contender: _Agent) -> Bring:
    """Have it import one file, as the first one takes longer."""
    contender.bring(small_files(contender.yard.home, 1))
    return contender.bring


def folders(stack: ExitStack) -> tuple[Path, Path]:
    """Give a home, and a folder for files beside it."""
    root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="journey-")))
    for name in ("home", "files"):
        (root / name).mkdir()
    return root / "home", root / "files"
