"""Agents in processes of their own, seen from outside: as people run them, or watched closely."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dropbox_agent.adapters.status_file import NAME as STATUS_NAME

SETTLE_SECONDS = 1.0

UNHURRIED = {
    "AGENT_SETTLE_SECONDS": str(SETTLE_SECONDS),
    "AGENT_ORDER": "relaxed",
    "AGENT_POLL_FLOOR_SECONDS": "0.01",
}
"""What takes away an agent's limits: those of a patient sender and of a busy account."""

MOST_SECONDS = 3600.0


@dataclass
class Program:
    """An agent while it runs.

    Attributes:
        process: The process, or that which watches over it.
        begun_at: When it was started, on the monotonic clock.
    """

    process: subprocess.Popen[bytes]
    begun_at: float

    @property
    def pid(self) -> int:
        """The number of the agent's own process."""
        return self.process.pid

    def memory(self, which: str = "VmRSS") -> float:
        """Tell its memory in megabytes; ``VmHWM`` for the most there was."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition(f"{which}:")[2].split()[0]) / 1024

    def cpu_seconds(self) -> float:
        """Tell the time that all its threads have run, to the nanosecond."""
        return time.clock_gettime(_clock_of(self.pid))

    def wait_until(
        self,
        condition: Callable[[], object],
        meanwhile: Callable[[], object] = bool,
        every_seconds: float = 0.25,
    ) -> None:
        """Wait until something is so, doing something meanwhile.

        Raises:
            RuntimeError: The agent has ended, or it is not so after an hour.
        """
        until = time.monotonic() + MOST_SECONDS
        while not condition():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the agent has ended by itself, or does not get on")
            meanwhile()
            time.sleep(every_seconds)


@dataclass
class ObservedAgent(Program):
    """One that writes down what it does, and when; see ``observed_agent.py``.

    Attributes:
        notes: Where it writes it.
    """

    notes: Path

    @property
    def pid(self) -> int:
        """The number of the agent's own process."""
        return next(int(facts[1]) for _, facts in self.facts() if facts[0] == "started")

    def facts(self) -> Iterator[tuple[float, list[str]]]:
        """Read all that it wrote so far; every fact has at least three words."""
        for line in self.notes.read_text().splitlines():
            at, *facts = line.split(" ")
            yield float(at), [*facts, "", ""]

    def count(self, fact: str) -> int:
        """Count what it wrote of one sort."""
        return sum(facts[0] == fact for _, facts in self.facts())

    def moments(self, fact: str) -> dict[tuple[str, str], float]:
        """Tell when each file came to a stage, by its kind and name."""
        return {(kind, name): at for at, (what, kind, name, *_) in self.facts() if what == fact}

    def most_known(self) -> int:
        """Count the files it has ever seen."""
        return max((int(each[1]) for _, each in self.facts() if each[0] == "known"), default=0)

    def has_started(self) -> bool:
        """Whether its loop turns."""
        return self.notes.exists() and self.count("started") > 0


def _clock_of(pid: int) -> int:
    """Name the clock of a process: how clock_getcpuclockid(3) does it on Linux."""
    return ~pid << 3 | 2


@contextmanager
def program_at(home: Path, settings: Mapping[str, str]) -> Iterator[Program]:
    """Run ``dropbox-agent run`` while the block lasts, from when it has begun to work."""
    status = home / "state" / STATUS_NAME
    status.unlink(missing_ok=True)
    command = [sys.executable, "-m", "dropbox_agent", "run", "--home", str(home)]
    begun_at = time.monotonic()
    with (
        (home / "log.txt").open("ab") as log,
        subprocess.Popen(command, env={**os.environ, **settings}, stderr=log) as process,  # noqa: S603 - our own
    ):
        program = Program(process, begun_at)
        with _ended(program):
            program.wait_until(status.exists, every_seconds=0.002)
            yield program


@contextmanager
def agent_at(
    home: Path, settings: Mapping[str, str], *, under: Sequence[str | Path] = ()
) -> Iterator[ObservedAgent]:
    """Run an observed agent while the block lasts.

    Args:
        home: Its home.
        settings: Its settings, beside those that take away its limits.
        under: A command to run it under, such as one that counts what it asks of the system.
    """
    notes = home / "notes.txt"
    notes.unlink(missing_ok=True)
    observed = Path(__file__).with_name("observed_agent.py")
    command = [*under, sys.executable, observed, home, notes]
    begun_at = time.monotonic()
    environment = {**os.environ, **UNHURRIED, **settings}
    with subprocess.Popen(command, env=environment) as process:  # noqa: S603 - our own
        agent = ObservedAgent(process, begun_at, notes)
        agent.wait_until(agent.has_started, every_seconds=0.02)
        with _ended(agent):
            yield agent


@contextmanager
def _ended(program: Program) -> Iterator[None]:
    """End a program when the block does."""
    pid = program.pid
    try:
        yield
    finally:
        if program.process.poll() is None:
            os.kill(pid, signal.SIGTERM)
