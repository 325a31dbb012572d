"""How soon a file is taken that has settled: alone, beside a long check, among many thousand."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.agents import ObservedAgent, agent_at
from benchmarks.bursts import Seen, seen
from benchmarks.data import FULL_BYTES, QUICK_BYTES, file_of
from benchmarks.instant_server import InstantServer, instant_server
from benchmarks.measuring import Scale, Table, at_most, number, spread
from benchmarks.yard import Yard
from dropbox_agent.adapters.spool import Disk
from dropbox_agent.adapters.spool.inboxes import Inboxes
from dropbox_agent.core.gates import SettleRules
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.settling import Settling

TITLE = "Arrival"

SETTLE_SECONDS = 0.25
REST_SECONDS = 0.6
"""Longer than anything in the agent holds back an event."""

EVERY_SECONDS = 0.06
"""How often a small file comes beside a large one: so seldom that each finds the agent free."""

MOST_BESIDE_A_CHECK = 1_000


_LIMIT_BESIDE = (
    "The large file is read once before it is claimed, to see that it is whole: 40 ms in which its "
    "kind takes nothing else, and others share the interpreter. Then come claims and requests."
)


def measure(scale: Scale) -> Iterator[Table]:
    """Measure arrivals."""
    yield _one_at_a_time(scale)
    yield _beside_a_check(scale)
    yield _bursts(scale)
    yield _listings(scale)


@dataclass(slots=True)
class _Scene:
    """An agent and its server, and files that go from one to the other."""

    yard: Yard
    agent: ObservedAgent
    server: InstantServer
    files: int = 0

    def make_ready(self, kind: str) -> str:
        """Write a file that is like no other."""
        self.files += 1
        (name,) = self.yard.make_ready(kind, [self.files])
        return name

    def rename_in(self) -> tuple[str, float]:
        """Move a new file in; return its name, and when it was there."""
        name = self.make_ready("contacts")
        return name, self.yard.drop("contacts", [name])

    def write_in(self) -> tuple[str, float]:
        """Write a new file in place; return its name, and when it was closed."""
        name = self.make_ready("contacts")
        content = (self.yard.home / "ready" / "contacts" / name).read_bytes()
        return name, self.yard.write("contacts", name, content)

    def wait_for(self, stage: str, kind: str, name: str) -> float:
        """Wait until a file has come to a stage; return when that was."""
        self.agent.wait_until(lambda: (kind, name) in self.agent.moments(stage), bool, 0.005)
        return self.agent.moments(stage)[kind, name]


_Drop = Callable[[], tuple[str, float]]


@contextmanager
def _scene() -> Iterator[_Scene]:
    with tempfile.TemporaryDirectory(prefix="arrival-") as folder, instant_server() as server:
        yard = Yard(Path(folder))
        settings = {**server.settings, "AGENT_SETTLE_SECONDS": str(SETTLE_SECONDS)}
        with agent_at(yard.home, settings) as agent:
            yield _Scene(yard, agent, server)


@dataclass(slots=True)
class _Delays:
    """Milliseconds from the moment a file had settled."""

    claim: list[float]
    first_byte: list[float]
    report: list[float]

    def row(self, way: str) -> tuple[str, ...]:
        """Write them as a row of the table."""
        cells = (str(spread(each)) for each in (self.claim, self.first_byte, self.report))
        return (way, *cells)


def _one_at_a_time(scale: Scale) -> Table:
    rounds = scale.pick(full=15, quick=1)
    with _scene() as scene:
        _delays(scene, scene.rename_in, 1, REST_SECONDS)  # the first one asks the account things
        ways = {
            "renamed in, agent idle": (scene.rename_in, REST_SECONDS),
            "written in place, agent idle": (scene.write_in, REST_SECONDS),
            "renamed in, agent has just filed another": (scene.rename_in, 0.0),
        }
        found = {way: _delays(scene, drop, rounds, rest) for way, (drop, rest) in ways.items()}
    idle, busy = found["renamed in, agent idle"], list(found.values())[-1]
    return Table(
        "One small file: milliseconds after it has settled",
        ("way", "claimed", "first byte at the server", "filed"),
        [delays.row(way) for way, delays in found.items()],
        notes=[f"{rounds} files each; settled is {SETTLE_SECONDS} s after the rename or close."],
        targets=[
            at_most("drop to first byte, agent idle", spread(idle.first_byte), 10, unit="ms"),
            at_most("drop to first byte after own moves, worst", max(busy.first_byte), 250,
                    unit="ms"),
        ],
    )  # fmt: skip


def _delays(scene: _Scene, drop: _Drop, rounds: int, rest_seconds: float) -> _Delays:
    delays = _Delays([], [], [])
    for _ in range(rounds):
        time.sleep(rest_seconds)
        name, dropped_at = drop()
        done_at = scene.wait_for("filed", "contacts", name)
        settled_at = dropped_at + SETTLE_SECONDS
        claimed_at = scene.agent.moments("claimed")["contacts", name]
        delays.claim.append(1000 * (claimed_at - settled_at))
        delays.first_byte.append(1000 * (scene.server.first_byte_at - settled_at))
        delays.report.append(1000 * (done_at - settled_at))
    return delays


def _beside_a_check(scale: Scale) -> Table:
    rounds = scale.pick(full=6, quick=1)
    size = scale.pick(full=FULL_BYTES, quick=QUICK_BYTES)
    found: dict[str, list[float]] = {"contacts": [], "products": []}
    with _scene() as scene:
        for turn in range(rounds):
            for kind, delays in _round_beside_a_check(scene, size, turn).items():
                found[kind] += delays
    ways = {"of another kind": found["contacts"], "of the same kind": found["products"]}
    return Table(
        f"Small files while one of {size / 1e6:.1f} MB is checked: milliseconds from settling "
        "to claim",
        ("file", "claims", "median and spread", "p95"),
        [(way, str(len(delays)), *_claims(delays)) for way, delays in ways.items()],
        targets=[
            at_most(
                f"event to claim beside a check, {way}, p95",
                _late(delays),
                5,
                unit="ms",
                limited_by=_LIMIT_BESIDE,
            )
            for way, delays in ways.items()
            if delays
        ],
    )


def _round_beside_a_check(scene: _Scene, size: int, turn: int) -> dict[str, list[float]]:
    """Drop small files all the time while a large one is checked."""
    large = "products", f"large-{turn}.csv"
    content = file_of("products", size).read_bytes().replace(b"SKU-0", b"SKU-%d" % turn, 1)
    (scene.yard.home / "ready" / Path(*large)).write_bytes(content)
    dropped: list[tuple[str, str]] = []
    scene.yard.drop(large[0], [large[1]])
    while large not in scene.agent.moments("checked"):
        kind = ("contacts", "products")[len(dropped) % 2]
        dropped.append((kind, scene.make_ready(kind)))
        scene.yard.drop(kind, [dropped[-1][1]])
        if len(dropped) > MOST_BESIDE_A_CHECK:
            raise RuntimeError("the check does not end")
        time.sleep(EVERY_SECONDS)
    scene.agent.wait_until(lambda: scene.yard.filed() >= len(scene.yard.dropped_at))
    claimed = scene.agent.moments("claimed")
    begun, ended = claimed[large], scene.agent.moments("checked")[large]
    delays: dict[str, list[float]] = {"contacts": [], "products": []}
    for each in dropped:
        settled_at = scene.yard.dropped_at[each] + SETTLE_SECONDS
        if begun <= settled_at <= ended:
            delays[each[0]].append(1000 * (claimed[each] - settled_at))
    return delays


def _claims(delays: Sequence[float]) -> tuple[str, str]:
    """Write down how long claims took; a tiny file is checked before there is any."""
    return (str(spread(delays)), number(_late(delays))) if delays else ("", "")


def _late(samples: Sequence[float]) -> float:
    """Return what 19 of 20 samples do not exceed."""
    return statistics.quantiles(samples, n=20)[-1] if len(samples) > 1 else samples[0]


def _bursts(scale: Scale) -> Table:
    rounds = scale.pick(full=6, quick=1)
    sizes = (20_000, 60_000) if scale.thorough else (scale.pick(full=20_000, quick=50),)
    found = {files: [_burst(files) for _ in range(rounds)] for files in sizes}
    targets = []
    for files, seconds_wanted in ((20_000, 1.5), (60_000, 3.0)):
        if bursts := found.get(files):
            known = spread([each.known_seconds for each in bursts])
            memory = spread([each.extra_memory for each in bursts])
            what = f"burst of {files:,}"
            targets += [
                at_most(f"{what}, all known", known, seconds_wanted, unit="s"),
                at_most(f"{what}, extra memory", memory, 50, unit="MB"),
            ]
    return Table(
        "Bursts of renames",
        ("files", "seconds to drop them", "known", "seconds until all are known", "extra MB"),
        [
            (
                f"{files:,}",
                str(spread([each.drop_seconds for each in bursts])),
                f"{min(each.known for each in bursts):,}",
                str(spread([each.known_seconds for each in bursts])),
                str(spread([each.extra_memory for each in bursts])),
            )
            for files, bursts in found.items()
        ],
        notes=[
            "Until all are known, counted from the last rename.",
            "That none is lost on the whole way is shown by `python -m benchmarks.bursts`.",
        ],
        targets=targets,
    )


def _burst(files: int) -> Seen:
    with tempfile.TemporaryDirectory(prefix="burst-") as folder, instant_server() as server:
        return seen(Path(folder), files, server.settings)


def _listings(scale: Scale) -> Table:
    sizes = scale.pick(full=(10_000, 100_000), quick=(100,))
    looks = scale.pick(full=6, quick=2)
    return Table(
        "Listing an inbox: milliseconds of CPU",
        ("files", "first", "each further one", "names only"),
        [(f"{files:,}", *_listing(files, looks)) for files in sizes],
        notes=[
            "Further ones look at each file for changes; names only, while arrivals are announced."
        ],
    )


def _listing(files: int, looks: int) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory(prefix="listing-") as folder:
        yard = Yard(Path(folder))
        yard.drop("contacts", yard.make_ready("contacts", range(files)))
        inboxes, settling = Inboxes(yard.home / "inbox", Disk()), Settling(SettleRules())

        def look(*, closely: bool) -> float:
            begun = time.process_time()
            settling.look(inboxes.listing(Kind.CONTACTS, closely=closely).drops, begun)
            return 1000 * (time.process_time() - begun)

        first = look(closely=True)
        again = spread([look(closely=True) for _ in range(looks)])
        names = spread([look(closely=False) for _ in range(looks)])
        return number(first), str(again), str(names)
