"""Runs a function in a process of its own, and tells what that cost.

    ran = run("benchmarks.ways.csv_files:row_loop", str(path))
    ran.seconds, ran.result, ran.extra_bytes

The function takes and returns what JSON can hold. What it imports at the top of its module is there
before measuring begins.
"""

import gc
import importlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.measuring import REPOSITORY

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")
_FORGET_PEAK = "5"


@dataclass(frozen=True, slots=True)
class Ran:
    """What running a function took.

    Attributes:
        result: What it returned.
        seconds: Time on the wall, without the start of the process.
        cpu_seconds: Time of the processor, in all threads, and in processes that have ended.
        idle_bytes: Resident memory just before.
        peak_bytes: Most resident memory since.
    """

    result: Any
    seconds: float
    cpu_seconds: float
    idle_bytes: int
    peak_bytes: int

    @property
    def busy_seconds(self) -> float:
        """The time it would take on a machine of its own, if it never waits.

        Other programs lengthen the time on the wall, several threads that of the processor.
        """
        return min(self.seconds, self.cpu_seconds)

    @property
    def extra_bytes(self) -> int:
        """How much the peak is above what was there before."""
        return max(0, self.peak_bytes - self.idle_bytes)


def run(function: str, *arguments: object) -> Ran:
    """Run ``module:function`` in a fresh interpreter.

    Raises:
        RuntimeError: It failed; what it said is on standard error.
    """
    done = subprocess.run(  # noqa: S603 - nothing in it comes from outside
        [sys.executable, "-m", "benchmarks.children", function],
        input=json.dumps(arguments),
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{function} ended with {done.returncode}")
    return Ran(**json.loads(done.stdout.splitlines()[-1]))


def measured(work: Callable[[], Any]) -> Ran:
    """Do some work in this process, and tell what it took."""
    gc.collect()
    idle = resident_bytes()
    if _CLEAR.exists():  # a peak before is none of the work
        _CLEAR.write_text(_FORGET_PEAK)
    start, cpu = time.perf_counter(), _cpu_seconds()
    result = work()
    seconds, cpu_seconds = time.perf_counter() - start, _cpu_seconds() - cpu
    return Ran(result, seconds, cpu_seconds, idle, peak_bytes())


def _run_here(name: str, arguments: list[Any]) -> Ran:
    module, _, function = name.partition(":")
    work: Callable[..., Any] = getattr(importlib.import_module(module), function)
    return measured(partial(work, *arguments))


def _cpu_seconds() -> float:
    children = os.times()  # of those that have been waited for; none are counted on Windows
    return time.process_time() + children.children_user + children.children_system


def resident_bytes() -> int:
    """Return the resident memory of this process; 0 where it cannot be told."""
    return _status("VmRSS")


def peak_bytes() -> int:
    """Return the most resident memory of this process since its start, or since it was forgotten.

    The peak in ``getrusage`` will not do: on Linux it begins with that of the parent.
    """
    return _status("VmHWM")


def _status(name: str) -> int:
    text = _STATUS.read_text() if _STATUS.exists() else ""
    found = re.search(rf"^{name}:\s+(\d+) kB$", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


if __name__ == "__main__":
    told = sys.stdout
    sys.stdout = sys.stderr  # whatever the work prints is no part of the answer
    told.write(json.dumps(asdict(_run_here(sys.argv[1], json.load(sys.stdin)))) + "\n")
    told.flush()
    os._exit(0)  # what a library does at its end is not measured, and not waited for
