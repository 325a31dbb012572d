"""Bursts: many thousand files at once, what they cost, and that none is lost.

    python -m benchmarks.bursts                     20,000 files at once
    python -m benchmarks.bursts --files 60000       as many as you like
    python -m benchmarks.bursts --waiting 100000    a server that is away, and as many that wait
    python -m benchmarks.bursts --through 50000     memory while as many pass through

A real agent process works in real folders, with what is its own limit taken away: it sends to a
server that has every import done at once, in any order, and asks as often as it likes. Ends with 1
if a file is lost, changed or filed twice.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agents import SETTLE_SECONDS, ObservedAgent, agent_at
from benchmarks.instant_server import InstantServer, instant_server
from benchmarks.machine import described
from benchmarks.yard import Yard

AHEAD = 100
"""How many files of a kind an agent takes on at once, by default."""

OTHERS = 30
"""How many of each other kind come while many wait."""

REST_SECONDS = 60.0
"""In what time they come."""


@dataclass(frozen=True, slots=True)
class Seen:
    """How an agent came to know of a burst.

    Attributes:
        files: How many were dropped.
        known: How many of them the agent saw, or more if others came.
        drop_seconds: How long dropping them took.
        known_seconds: How long after the last of them all were known.
        extra_memory: Megabytes that the agent took for it at most.
    """

    files: int
    known: int
    drop_seconds: float
    known_seconds: float
    extra_memory: float


def seen(home: Path, files: int, settings: Mapping[str, str]) -> Seen:
    """Drop many contacts at once and see when all are known; none is followed to its end."""
    yard = Yard(home)
    names = yard.make_ready("contacts", range(files))
    with agent_at(home, settings) as agent:
        floor = agent.memory()
        last = yard.drop("contacts", names)
        agent.wait_until(lambda: agent.most_known() >= files)
        begun = min(yard.dropped_at.values())
        return Seen(
            files,
            agent.most_known(),
            last - begun,
            known_at(agent, files) - last,
            agent.memory("VmHWM") - floor,
        )


def known_at(agent: ObservedAgent, files: int) -> float:
    """Tell when an agent had seen as many files."""
    return next(
        at for at, (what, count, *_) in agent.facts() if what == "known" and int(count) >= files
    )


def burst(home: Path, files: int, settings: Mapping[str, str]) -> int:
    """Drop all contacts at once, and now and then a file of another kind."""
    yard = Yard(home)
    contacts = yard.make_ready("contacts", range(files))
    others = [(kind, yard.make_ready(kind, range(200))) for kind in ("products", "vouchers")]

    def drop_others() -> None:
        for kind, names in others:
            if names:
                yard.drop(kind, [names.pop()])

    with agent_at(home, settings) as agent:
        floor = agent.memory()
        drop_others()
        last = yard.drop("contacts", contacts)
        by_then = len(yard.dropped_at)
        agent.wait_until(lambda: agent.count("claimed") >= by_then, drop_others)
        agent.wait_until(lambda: yard.filed() >= len(yard.dropped_at))
        table(
            ("files dropped at once", f"{files:,}"),
            ("files of other kinds meanwhile", f"{len(yard.dropped_at) - files}"),
            ("all known after the last drop", f"{known_at(agent, by_then) - last:.2f} s"),
            *course(agent, last, files),
            *costs(agent, floor),
            *delays(yard, agent),
            *((what, str(count)) for what, count in yard.breaches().items()),
            ("troubles told", str(agent.count("trouble"))),
        )
    return sum(yard.breaches().values())


def course(agent: ObservedAgent, last: float, files: int) -> Iterator[tuple[str, str]]:
    """Tell how long claiming and filing took after the last drop."""
    claimed, done = agent.moments("claimed"), agent.moments("filed")
    ends = sorted(at for (kind, _), at in claimed.items() if kind == "contacts")
    yield "claimed / filed", f"{len(claimed):,} / {len(done):,}"
    yield "last claim after the last drop", f"{ends[-1] - last:.1f} s"
    yield "claims a second", f"{files / (ends[-1] - ends[0]):.0f}"
    yield "last file filed after the last drop", f"{max(done.values()) - last:.1f} s"


def costs(agent: ObservedAgent, floor: float) -> Iterator[tuple[str, str]]:
    """Tell what the burst took of the machine."""
    yield from load(agent, floor)
    cpu = agent.cpu_seconds()
    yield "CPU time", f"{cpu:.1f} s, {1000 * cpu / agent.count('filed'):.1f} ms a file"


def load(agent: ObservedAgent, floor: float) -> Iterator[tuple[str, str]]:
    """Tell how much the agent had in sight and in hand, and what memory that took."""
    known = [list(map(int, facts[1:4])) for _, facts in agent.facts() if facts[0] == "known"]
    peak = agent.memory("VmHWM")
    yield "most files waiting in the inbox", f"{max(waiting for _, waiting, _ in known):,}"
    yield "most jobs in hand at once", f"{max(jobs for *_, jobs in known)}"
    yield "memory before / at most", f"{floor:.1f} / {peak:.1f} MB (+{peak - floor:.1f})"


def delays(yard: Yard, agent: ObservedAgent) -> Iterator[tuple[str, str]]:
    """Tell how long files of the other kinds took from their drop, without the settle time."""
    others = [each for each in yard.dropped_at if each[0] != "contacts"]
    for what in ("claimed", "filed"):
        when = agent.moments(what)
        took = [when[each] - yard.dropped_at[each] - SETTLE_SECONDS for each in others]
        yield f"other kinds {what} after settling", _times(took)


def _times(took: Iterable[float]) -> str:
    ordered = sorted(took)
    late = ordered[int(len(ordered) * 0.95)]
    return f"p50 {statistics.median(ordered):.2f} s, p95 {late:.2f} s, most {ordered[-1]:.2f} s"


def waiting(home: Path, files: int, server: InstantServer) -> int:
    """Have as many wait in the inbox for a server that is away, then see how others fare."""
    yard = Yard(home)
    contacts = yard.make_ready("contacts", range(files))
    others = [(kind, yard.make_ready(kind, range(OTHERS))) for kind in ("products", "vouchers")]
    server.is_closed_for_now = True
    with agent_at(home, server.settings) as agent:
        floor = agent.memory()
        last = yard.drop("contacts", contacts)
        agent.wait_until(lambda: agent.most_known() >= files)
        known = known_at(agent, files) - last
        before, begun = agent.cpu_seconds(), time.monotonic()
        for number in range(OTHERS):
            for kind, names in others:
                yard.drop(kind, [names[number]])
            time.sleep(REST_SECONDS / OTHERS)
        agent.wait_until(lambda: agent.count("claimed") >= AHEAD + 2 * OTHERS)
        share = (agent.cpu_seconds() - before) / (time.monotonic() - begun)
        claimed = agent.moments("claimed")
        took = [
            claimed[each] - at - SETTLE_SECONDS
            for each, at in yard.dropped_at.items()
            if each[0] != "contacts"
        ]
        table(
            ("files that wait", f"{files:,}"),
            ("all known after the last drop", f"{known:.2f} s"),
            ("of them claimed", f"{sum(kind == 'contacts' for kind, _ in claimed)}"),
            *load(agent, floor),
            ("processor, then", f"{100 * share:.2f} %"),
            ("other kinds claimed after settling", _times(took)),
        )
    lost = len(yard.dropped_at) - yard.whole()
    table(("files lost or changed when it has ended", str(lost)))
    return lost


def through(home: Path, files: int, settings: Mapping[str, str]) -> int:
    """Have files pass through, a thousand at a time, and watch the memory."""
    yard = Yard(home)
    marks = {1_000, *range(5_000, files, 5_000), files}
    rows = []
    with agent_at(home, settings) as agent:
        rows.append(("memory at the start", f"{agent.memory():.1f} MB"))
        for first in range(0, files, 1_000):
            last = min(first + 1_000, files)
            yard.drop("contacts", yard.make_ready("contacts", range(first, last)))
            agent.wait_until(lambda last=last: yard.filed() >= last - 200)  # type: ignore[misc]
            if last in marks:
                rows.append((f"memory after {last:,} files", f"{agent.memory():.1f} MB"))
        agent.wait_until(lambda: yard.filed() >= files)
        rows.append(("memory at most", f"{agent.memory('VmHWM'):.1f} MB"))
        rows.append(("CPU time a file", f"{1000 * agent.cpu_seconds() / files:.1f} ms"))
    table(*rows, *((what, str(count)) for what, count in yard.breaches().items()))
    return sum(yard.breaches().values())


def table(*rows: tuple[str, str]) -> None:
    """Print lines of two columns."""
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"  {name:<{width}}  {value}")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--waiting", type=int)
    parser.add_argument("--through", type=int)
    chosen = parser.parse_args()
    print(described())
    with tempfile.TemporaryDirectory(prefix="bursts-") as folder, instant_server() as server:
        home = Path(folder)
        if chosen.waiting:
            breaches = waiting(home, chosen.waiting, server)
        elif chosen.through:
            breaches = through(home, chosen.through, server.settings)
        else:
            breaches = burst(home, chosen.files, server.settings)
    print("nothing was lost" if not breaches else f"{breaches} breaches")
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
