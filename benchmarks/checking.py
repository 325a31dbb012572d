"""Checking: how quick it is, what memory it takes, and whether it finds what a plain loop finds."""

import csv
import gc
import io
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from benchmarks import children, data
from benchmarks.agreement import compare
from benchmarks.checks import installed
from benchmarks.children import Ran
from benchmarks.measuring import (
    MEGABYTE,
    Scale,
    Spread,
    Table,
    Target,
    at_least,
    at_most,
    gathered,
    number,
    ratio,
    spread,
)
from dropbox_agent.core.checking import CheckPolicy, ContactField, check
from dropbox_agent.core.kind import Kind

TITLE = "Checking"

ENGINES = ("polars", "pyarrow", "duckdb")
WAYS = {
    "our check": "ours",
    "our check, with the start of its process": "ours_started",
    "csv.reader, counting only": "counting",
    "row loop": "loop",
    "DictReader and rule objects": "objects",
    **{f"{engine}, reading only": engine for engine in ENGINES},
}
LEAST_TIMES = {
    ("contacts", "row loop"): 2.0,
    ("contacts", "DictReader and rule objects"): 4.0,
    ("products", "row loop"): 0.85,
    ("vouchers", "row loop"): 1.5,
}
MOST_TIMES_LOOP_WITH_FAULTS = 1.2
MOST_NANOSECONDS_A_RULE = 150
MOST_BYTES = 20 * MEGABYTE
MOST_BYTES_A_ROW = 12
SEED = 20_240_701

_RULES = {
    "text of at most 20 characters": ("_surname", ContactField("_field", "text", max_length=20)),
    "one of two options": (
        "loyaltyTier",
        ContactField("_field", "radio", options=("gold", "silver")),
    ),
    "date": ("_birthdate", ContactField("_field", "date")),
    "whole number": ("_points", ContactField("_field", "integer")),
    "phone": ("_mobilePhone", ContactField("_field", "phone")),
}
_LIMITS = {
    "speed": "Most of our time goes into the keys (of each, a hash and a line, so that memory stays"
    " small) and into the one pattern that whole rows are matched with.",
    "rule": "Cells in quotes are taken out of their rows first, and joined anew for the rule.",
    "faults": "The csv module's own part: after a broken record, a new reader has to be made.",
    "memory": "Each key column takes 12 bytes a row, so that lines can be told; this file has two.",
}
_SPEED_NOTE = """\
Speeds are of the time on the wall or that of the processor, whichever is less: other programs
lengthen the one, several threads the other. The memory is that of the whole process, with the
interpreter, but without that of a child."""
_RULE_NOTE = """\
In a file with a key and one other column: what the same file takes with a rule for that column
above what it takes without, in time of the processor, each the least of some runs."""
_NO_RULE = ContactField("_field", "text")


def measure(scale: Scale) -> Iterator[Table]:
    """Measure everything about checking."""
    rounds = scale.pick(full=3, quick=1)
    size = scale.pick(full=data.FULL_BYTES, quick=data.QUICK_BYTES)
    memory: dict[str, list[Ran]] = {}
    for kind in data.HEADERS:
        ran = _ran_all_ways(data.file_of(kind, size), kind, rounds)
        memory[kind] = ran["our check"]
        yield _speeds(kind, size, ran)
    yield _one_more_rule(scale.pick(full=20 * MEGABYTE, quick=data.QUICK_BYTES), rounds)
    faulty = _ran_on_faults(scale.pick(full=10 * MEGABYTE, quick=data.QUICK_BYTES), rounds)
    yield _faults(faulty)
    memory |= {what: ran["our check"] for what, ran in faulty.items()}
    for kind, name, path in _other_sizes(size):
        memory[name] = [children.run("benchmarks.checks:ours", str(path), kind)]
    yield _memory(memory)
    yield _agreement(20_000 if not scale.thorough else 100_000, scale)


def _ran_all_ways(path: Path, kind: str, rounds: int) -> dict[str, list[Ran]]:
    ways = {
        way: partial(children.run, f"benchmarks.checks:{function}", str(path), kind)
        for way, function in WAYS.items()
        if function not in ENGINES or installed(function)
    }
    return gathered(ways, rounds)


def _speeds(kind: str, size: int, ran: dict[str, list[Ran]]) -> Table:
    rows = []
    for way, runs in ran.items():
        speed = spread([size / MEGABYTE / each.busy_seconds for each in runs])
        peak = spread([each.peak_bytes / MEGABYTE for each in runs])
        rows.append((way, str(speed), number(peak.median), str(_times(ran, way))))
    targets = [
        at_least(
            f"check, {kind}",
            _times(ran, way),
            least,
            unit=f"x {way}",
            limited_by=_LIMITS["speed"],
        )
        for (of_kind, way), least in LEAST_TIMES.items()
        if of_kind == kind
    ]
    row_count = ran["our check"][0].result["rows"]
    title = f"{kind.capitalize()}, {size / MEGABYTE:g} MB, {row_count:,} rows"
    columns = ("way", "MB/s", "peak MB", "ours is so many times as fast")
    return Table(title, columns, rows, [_SPEED_NOTE], targets)


def _times(ran: dict[str, list[Ran]], way: str) -> Spread:
    """Say how many times as fast our check is as another way."""
    return ratio(
        [each.busy_seconds for each in ran[way]], [each.busy_seconds for each in ran["our check"]]
    )


def _one_more_rule(size: int, rounds: int) -> Table:
    rows, targets = [], []
    with data.file_of("contacts", size).open(newline="") as file:
        contacts = list(csv.DictReader(file))
    for what, (column, rule) in _RULES.items():
        for written, quote in (("plain", ""), ("in quotes", '"')):
            content = _with_two_columns([contact[column] for contact in contacts], quote)
            cost = _cost(content, rule, rounds) / len(contacts) * 1e9
            rows.append((what, written, number(cost)))
            name = f"one more rule: {what}, {written}"
            targets.append(
                at_most(
                    name, cost, MOST_NANOSECONDS_A_RULE, unit="ns a row", limited_by=_LIMITS["rule"]
                )
            )
    return Table("One more column rule", ("rule", "cells", "ns a row"), rows, [_RULE_NOTE], targets)


def _with_two_columns(cells: Iterable[str], quote: str) -> bytes:
    lines = (f"{quote}{n}{quote},{quote}{cell}{quote}\n" for n, cell in enumerate(cells))
    return ("_externalId,_field\n" + "".join(lines)).encode()


def _cost(content: bytes, rule: ContactField, rounds: int) -> float:
    ways = {
        way: partial(_check, content, CheckPolicy(contact_fields=(field,)))
        for way, field in (("with", rule), ("without", _NO_RULE))
    }
    seconds = gathered(ways, 2 * rounds)
    return min(seconds["with"]) - min(seconds["without"])


def _check(content: bytes, policy: CheckPolicy) -> float:
    """Return the seconds of the processor that a check takes."""
    gc.disable()
    try:
        start = time.process_time()
        check(io.BytesIO(content), Kind.CONTACTS, policy)
        return time.process_time() - start
    finally:
        gc.enable()


def _ran_on_faults(size: int, rounds: int) -> dict[str, dict[str, list[Ran]]]:
    found = {}
    for what, (kind, path) in data.faulty_files(size).items():
        ways = {
            way: partial(children.run, f"benchmarks.checks:{WAYS[way]}", str(path), kind)
            for way in ("our check", "row loop")
        }
        found[what] = gathered(ways, rounds)
    return found


def _faults(faulty: dict[str, dict[str, list[Ran]]]) -> Table:
    rows, targets = [], []
    for what, ran in faulty.items():
        ours, theirs = (
            [each.busy_seconds for each in ran[way]] for way in ("our check", "row loop")
        )
        slower = ratio(ours, theirs)
        found, expected = (ran[way][0].result for way in ("our check", "row loop"))
        rows.append(
            (
                what,
                str(spread(ours)),
                str(spread(theirs)),
                str(slower),
                f"{found['faults']:,}",
                f"{expected['faults']:,}",
                f"{found['listed']:,}",
            )
        )
        targets.append(
            at_most(
                what,
                slower,
                MOST_TIMES_LOOP_WITH_FAULTS,
                unit="x the row loop's time",
                limited_by=_LIMITS["faults"],
            )
        )
        targets.append(_same(f"{what}: faults counted", expected["faults"], found["faults"]))
    columns = ("file", "our seconds", "row loop's", "ratio", "faults", "by the row loop", "listed")
    return Table("Files full of faults, 10 MB", columns, rows, (), targets)


def _same(what: str, wanted: int, got: int) -> Target:
    return Target(what, f"{wanted:,}", f"{got:,}", wanted == got)


def _other_sizes(size: int) -> Iterator[tuple[str, str, Path]]:
    for kind in data.HEADERS:
        for share in (10, 2):
            part = size // share
            yield kind, f"{kind}, {part / MEGABYTE:g} MB", data.file_of(kind, part)
    yield "contacts", "contacts with two keys and nothing else", data.file_of_keys(size)


def _memory(memory: Mapping[str, Sequence[Ran]]) -> Table:
    rows, targets = [], []
    for name, ran in memory.items():
        extra = spread([each.extra_bytes / MEGABYTE for each in ran])
        row_count = ran[0].result["rows"]
        most = (MOST_BYTES + MOST_BYTES_A_ROW * row_count) / MEGABYTE
        rows.append((name, f"{row_count:,}", str(extra), number(most)))
        targets.append(
            at_most(f"memory, {name}", extra, most, unit="MB", limited_by=_LIMITS["memory"])
        )
    columns = ("file", "rows", "MB above idle", "at most")
    return Table("Memory of a check", columns, rows, (), targets)


def _agreement(files: int, scale: Scale) -> Table:
    found = compare(scale.pick(full=files, quick=100), SEED)
    row = (
        f"{found.files:,}",
        f"{found.issues:,}",
        str(len(found.codes)),
        str(len(found.differing)),
    )
    target = Target(
        "agreement with the row loop",
        "no file differs",
        f"{len(found.differing)} of {found.files:,} files differ",
        not found.differing,
    )
    columns = ("random files", "issues", "of so many kinds", "files that differ")
    return Table("Agreement with the row loop", columns, [row], (), [target])
