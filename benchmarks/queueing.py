"""Many small files at once, where the server is what takes the time."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks.asking import most_in_a_minute
from benchmarks.contenders import AGENT, Bring, Door, agent, folders, scripts
from benchmarks.measuring import Scale, Table, at_most, number
from benchmarks.small_files import small_files
from dropbox_agent.sandbox import Sandbox, SandboxOptions


def full_queue(scale: Scale) -> Table:
    """Let each contender fill a queue of its own, side by side: they all wait most of the time."""
    files, few = (200, 100) if scale.thorough else scale.pick(full=(36, 20), quick=(2, 1))
    # In the middle between two looks of a script, so that it is neither lucky nor unlucky.
    seconds_each = scale.pick(full=3.0, quick=0.1)
    with ExitStack() as stack, ThreadPoolExecutor() as threads:
        queues = [_Queue(stack, seconds_each) for _ in range(3)]
        ours = stack.enter_context(
            agent(folders(stack)[0], queues[0].door, {"AGENT_ORDER": "relaxed"})
        )
        brings = {AGENT: (ours, files)} | {
            name: (scripts(queue.door)[name], few)
            for name, queue in zip(scripts(queues[0].door), queues[1:], strict=False)
        }
        found = {
            name: threads.submit(queue.fill, bring, size, folders(stack)[1])
            for (name, (bring, size)), queue in zip(brings.items(), queues, strict=False)
        }
        results = {name: future.result() for name, future in found.items()}
    ours_took = results[AGENT]
    return Table(
        f"Many small files at once, {seconds_each:g} s of the server's time each",
        ("way", "files", "seconds", "x the server's time", "requests", "most in a minute"),
        [(name, *queue.cells()) for name, queue in results.items()],
        notes=[
            "The sandbox, with its limits of ten queued imports and of 100 requests a minute.",
            "The scripts take one file after the other.",
        ],
        targets=[
            at_most(
                f"{files} small files, server time dominant", ours_took.times, 1.05,
                unit="x the server's time",
            ),
            at_most("requests in the busiest minute", ours_took.most, 100),
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Filled:
    """How a queue went."""

    files: int
    seconds: float
    times: float
    requests: int
    most: int

    def cells(self) -> tuple[str, ...]:
        """Write it as a row."""
        return (
            str(self.files),
            number(self.seconds),
            number(self.times),
            str(self.requests),
            str(self.most),
        )


class _Queue:
    """A sandbox that takes its time for each import."""

    def __init__(self, stack: ExitStack, seconds_each: float) -> None:
        self.seconds_each = seconds_each
        self.asked_at: list[float] = []
        options = SandboxOptions(rows_per_second=1 / seconds_each)
        sandbox = Sandbox(options, log=lambda _: self.asked_at.append(time.monotonic()))
        stack.enter_context(sandbox)
        self.door = Door(sandbox.url, sandbox.api_key)

    def fill(self, bring: Bring, files: int, folder: Path) -> _Filled:
        """Bring files in and tell how that went."""
        paths = small_files(folder, files)
        before = len(self.asked_at)
        seconds = bring(paths)
        asked = self.asked_at[before:]
        times = seconds / (files * self.seconds_each)
        return _Filled(files, seconds, times, len(asked), most_in_a_minute(asked))
