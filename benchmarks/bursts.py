"""Bursts: many thousand files at once, what they cost, and that none is lost.

    python benchmarks/bursts.py                     20,000 files at once
    python benchmarks/bursts.py --files 60000       as many as you like
    python benchmarks/bursts.py --through 50000     memory while as many pass through
    python benchmarks/bursts.py --waiting 10000     CPU share while as many wait, or none
    python benchmarks/bursts.py --listing           what listing 10,000 and 100,000 costs

A real agent process works in real folders, with what is its own limit taken away: it sends to a
server that has every import done at once, in any order, and asks as often as it likes. Ends with 1
if a file is lost, changed or filed twice.
"""

import argparse
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from instant_server import instant_server

from dropbox_agent.adapters.spool import Disk
from dropbox_agent.adapters.spool.inboxes import Inboxes
from dropbox_agent.core.gates import SettleRules
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.settling import Settling

SETTLE_SECONDS = 1.0

UNHURRIED = {
    "AGENT_SETTLE_SECONDS": str(SETTLE_SECONDS),
    "AGENT_ORDER": "relaxed",
    "AGENT_POLL_FLOOR_SECONDS": "0.01",
}

OTHERS_EVERY_SECONDS = 0.25
MOST_SECONDS = 3600.0
MEGABYTE = 1 << 20

HEADERS = {
    "contacts": "_email,_name",
    "products": "productId,name,productDetailUrl,unitPrice",
    "vouchers": "code",
}
ROWS = {
    "contacts": "c{0}@example.com,Name {0}",
    "products": "p{0},Thing {0},https://shop.example.com/{0},9.90",
    "vouchers": "V{0}",
}


@dataclass
class Yard:
    """A home, and files that are ready to be moved into its inboxes.

    Attributes:
        home: The home.
        dropped_at: When each was dropped, by kind and name.
    """

    home: Path
    dropped_at: dict[tuple[str, str], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the folders."""
        for folder in ("inbox", "processed", "failed", "ready"):
            for kind in HEADERS:
                (self.home / folder / kind).mkdir(parents=True)

    def make_ready(self, kind: str, numbers: Iterable[int]) -> list[str]:
        """Write files, each unlike all others, where nobody looks for them."""
        names = []
        for number in numbers:
            names.append(f"{kind}-{number:06}.csv")
            content = f"{HEADERS[kind]}\n{ROWS[kind].format(number)}\n"
            (self.home / "ready" / kind / names[-1]).write_text(content)
        return names

    def drop(self, kind: str, names: Iterable[str]) -> float:
        """Move files into an inbox; return when the last was."""
        source, target = f"{self.home}/ready/{kind}", f"{self.home}/inbox/{kind}"
        now = time.monotonic()
        for name in names:
            os.rename(f"{source}/{name}", f"{target}/{name}")  # noqa: PTH104 - it has to be quick
            now = self.dropped_at[kind, name] = time.monotonic()
        return now

    def breaches(self) -> dict[str, int]:
        """Count what must not be."""
        archived = Counter(
            (path.parent.name, path.read_text()) for path in self.home.glob("[pf]*/*/*.csv")
        )
        wanted = {
            (kind, f"{HEADERS[kind]}\n{ROWS[kind].format(int(name[-10:-4]))}\n")
            for kind, name in self.dropped_at
        }
        reports = sum(1 for _ in self.home.glob("processed/*/*.report.json"))
        return {
            "files lost": len(wanted - archived.keys()),
            "filed twice": sum(count > 1 for count in archived.values()),
            "changed, or not ours": len(archived.keys() - wanted),
            "without a report of success": len(wanted) - reports,
            "left in inbox or claims": len(list(self.home.glob("inbox/*/*.csv")))
            + len(list(self.home.glob("inbox/.claimed/*/*"))),
        }


@dataclass
class AgentProcess:
    """The agent while it runs, seen from outside.

    Attributes:
        process: The process.
        notes: Where it writes what it does; see ``observed_agent.py``.
    """

    process: subprocess.Popen[bytes]
    notes: Path

    def facts(self) -> Iterator[tuple[float, list[str]]]:
        """Read all that it wrote so far."""
        for line in self.notes.read_text().splitlines():
            at, *facts = line.split(" ")
            yield float(at), facts

    def count(self, fact: str) -> int:
        """Count what it wrote of one sort."""
        return sum(facts[0] == fact for _, facts in self.facts())

    def memory(self, which: str = "VmRSS") -> float:
        """Tell its memory in megabytes; ``VmHWM`` for the most there was."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition(f"{which}:")[2].split()[0]) / 1024

    def cpu_seconds(self) -> float:
        """Tell the time that all its threads have run, to the nanosecond."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
        return sum(int(each.read_text().split()[0]) for each in tasks) / 1e9


@contextmanager
def agent_at(home: Path, settings: Mapping[str, str]) -> Iterator[AgentProcess]:
    """Run an agent while the block lasts."""
    notes = home / "notes.txt"
    command = [sys.executable, str(Path(__file__).with_name("observed_agent.py")), home, notes]
    with subprocess.Popen(command, env=os.environ | UNHURRIED | settings) as process:  # noqa: S603
        agent = AgentProcess(process, notes)
        try:
            wait_until(lambda: notes.exists() and agent.count("started"), agent)
            yield agent
        finally:
            process.send_signal(signal.SIGTERM)


def wait_until(
    condition: Callable[[], object], agent: AgentProcess, meanwhile: Callable[[], object] = bool
) -> None:
    """Wait until something is so, doing something meanwhile."""
    until = time.monotonic() + MOST_SECONDS
    while not condition():
        if agent.process.poll() is not None or time.monotonic() > until:
            sys.exit("the agent has ended by itself, or does not get on")
        meanwhile()
        time.sleep(OTHERS_EVERY_SECONDS)


def filed(home: Path) -> int:
    """Count the reports."""
    places = (home / root / kind for root in ("processed", "failed") for kind in HEADERS)
    return sum(each.endswith(".report.json") for place in places for each in os.listdir(place))  # noqa: PTH208 - quick


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
        begun = time.monotonic()
        last = yard.drop("contacts", contacts)
        by_then = len(yard.dropped_at)
        wait_until(lambda: agent.count("claimed") >= by_then, agent, drop_others)
        wait_until(lambda: filed(home) >= len(yard.dropped_at), agent)
        peak, cpu = agent.memory("VmHWM"), agent.cpu_seconds()
        facts = list(agent.facts())
    claimed = {
        (kind, name): at for at, (what, kind, name, *_) in padded(facts) if what == "claimed"
    }
    done = {(kind, name): at for at, (what, kind, name, *_) in padded(facts) if what == "filed"}
    known = [(at, *map(int, facts[1:])) for at, facts in facts if facts[0] == "known"]
    at_all = next((at for at, count, *_ in known if count >= by_then), float("nan"))
    ends = sorted(at for (kind, _), at in claimed.items() if kind == "contacts")
    table(
        ("files dropped at once", f"{files:,} contacts in {last - begun:.2f} s"),
        ("files of other kinds meanwhile", f"{len(yard.dropped_at) - files}"),
        ("claimed / filed", f"{len(claimed):,} / {len(done):,}"),
        ("all known after the last drop", f"{at_all - last:.2f} s"),
        ("first claim after the first drop", f"{ends[0] - begun:.2f} s"),
        ("last claim after the last drop", f"{ends[-1] - last:.1f} s"),
        ("claims a second", f"{files / (ends[-1] - ends[0]):.0f}"),
        ("last file filed after the last drop", f"{max(done.values()) - last:.1f} s"),
        ("most jobs in hand at once", f"{max(jobs for *_, jobs in known)}"),
        ("most files waiting in the inbox", f"{max(waiting for *_, waiting, _ in known):,}"),
        ("memory before / at most", f"{floor:.1f} / {peak:.1f} MB (+{peak - floor:.1f})"),
        ("CPU time", f"{cpu:.1f} s, {1000 * cpu / len(done):.1f} ms a file"),
        *delays(yard, claimed, done),
        *((what, str(count)) for what, count in yard.breaches().items()),
        ("troubles told", str(sum(facts[0] == "trouble" for _, facts in facts))),
    )
    return sum(yard.breaches().values())


def padded(facts: Iterable[tuple[float, list[str]]]) -> Iterator[tuple[float, list[str]]]:
    """Give every fact at least three words."""
    return ((at, [*words, "", ""]) for at, words in facts)


def delays(
    yard: Yard, claimed: Mapping[tuple[str, str], float], done: Mapping[tuple[str, str], float]
) -> Iterator[tuple[str, str]]:
    """Tell how long files of the other kinds took from their drop, without the settle time."""
    others = [each for each in yard.dropped_at if each[0] != "contacts"]
    for what, when in (("claimed", claimed), ("filed", done)):
        took = sorted(when[each] - yard.dropped_at[each] - SETTLE_SECONDS for each in others)
        middle, late = statistics.median(took), took[int(len(took) * 0.95)]
        times = f"p50 {middle:.2f} s, p95 {late:.2f} s, most {took[-1]:.2f} s"
        yield f"other kinds {what} after settling", times


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
            wait_until(lambda last=last: filed(home) >= last - 200, agent)  # type: ignore[misc]
            if last in marks:
                rows.append((f"memory after {last:,} files", f"{agent.memory():.1f} MB"))
        wait_until(lambda: filed(home) >= files, agent)
        rows.append(("memory at most", f"{agent.memory('VmHWM'):.1f} MB"))
        rows.append(("CPU time a file", f"{1000 * agent.cpu_seconds() / files:.1f} ms"))
    table(*rows, *((what, str(count)) for what, count in yard.breaches().items()))
    return sum(yard.breaches().values())


def waiting(home: Path, files: int, seconds: float, settings: Mapping[str, str]) -> int:
    """Measure what files cost that wait in the inbox, because the server does not answer."""
    yard = Yard(home)
    yard.drop("contacts", yard.make_ready("contacts", range(files)))
    patient = {"AGENT_BACKOFF_FLOOR_SECONDS": "300", **settings}
    with agent_at(home, patient) as agent:
        ahead = min(files, int(settings.get("AGENT_JOBS_AHEAD", "100")))
        wait_until(lambda: agent.count("claimed") >= ahead, agent)
        time.sleep(15.0)  # until all that could be done is done
        before = agent.cpu_seconds()
        time.sleep(seconds)
        share = (agent.cpu_seconds() - before) / seconds
        rows = [
            ("files waiting", f"{files - ahead:,}, and {ahead} jobs in hand"),
            (f"CPU share over {seconds:.0f} s", f"{100 * share:.3f} %"),
            ("memory", f"{agent.memory():.1f} MB"),
        ]
    table(*rows)
    return 0


def listing(home: Path, files: int) -> int:
    """Measure in this process what listing an inbox and remembering what is there takes."""
    yard = Yard(home)
    yard.drop("contacts", yard.make_ready("contacts", range(files)))
    inboxes, settling = Inboxes(home / "inbox", Disk()), Settling(SettleRules())
    took: dict[str, list[float]] = {"first": [], "again": []}
    for turn in range(6):
        begun = time.process_time()
        settling.look(inboxes.listing(Kind.CONTACTS).drops, float(turn))
        took["again" if turn else "first"].append(time.process_time() - begun)
    again = statistics.median(took["again"])
    table(
        ("files", f"{files:,}"),
        ("first look", f"{1000 * took['first'][0]:.0f} ms of CPU"),
        ("each further look", f"{1000 * again:.0f} ms, {1e6 * again / files:.2f} µs a file"),
    )
    return 0


def table(*rows: tuple[str, str]) -> None:
    """Print lines of two columns."""
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"  {name:<{width}}  {value}")


def machine() -> str:
    """Say where this was measured."""
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"{platform.python_implementation()} {platform.python_version()}, load {load:.1f}"
    )


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--through", type=int)
    parser.add_argument("--waiting", type=int)
    parser.add_argument(
        "--seconds", type=float, default=60.0, help="how long to watch waiting ones"
    )
    parser.add_argument("--listing", action="store_true")
    chosen = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="bursts-") as folder, instant_server() as server:
        home = Path(folder)
        if chosen.listing:
            breaches = listing(home / "small", 10_000) + listing(home / "large", 100_000)
        elif chosen.waiting is not None:
            server.is_closed_for_now = True
            breaches = waiting(home, chosen.waiting, chosen.seconds, server.settings)
        elif chosen.through:
            breaches = through(home, chosen.through, server.settings)
        else:
            breaches = burst(home, chosen.files, server.settings)
    print("nothing was lost" if not breaches else f"{breaches} breaches")
    sys.exit(1 if breaches else 0)


if __name__ == "__main__":
    main()
