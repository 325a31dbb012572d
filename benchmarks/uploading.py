"""Uploading: what sending one file of 50 MB takes, from here to a sink on this machine."""

from collections.abc import Iterator
from functools import partial

from benchmarks import data
from benchmarks.children import Ran, run
from benchmarks.measuring import (
    MEGABYTE,
    Scale,
    Table,
    at_least,
    at_most,
    gathered,
    number,
    ratio,
    spread,
)
from benchmarks.sink import sink

TITLE = "Uploading"

WAYS = {
    "our adapter": "ours",
    "requests with files=": "files",
    "bare socket, in pieces": "raw",
    "bare socket, all in memory before": "raw_in_memory",
}


def measure(scale: Scale) -> Iterator[Table]:
    """Send the file in all ways."""
    size = scale.pick(full=data.FULL_BYTES, quick=data.QUICK_BYTES)
    small, large = (str(data.file_of("contacts", each)) for each in (data.QUICK_BYTES, size))
    with sink() as port:
        ways = {
            way: partial(_sent, f"benchmarks.uploads:{function}", port, small, large)
            for way, function in WAYS.items()
        }
        ran = gathered(ways, scale.pick(full=9, quick=1))
    yield _table(ran, size)


def _sent(function: str, port: int, small: str, large: str) -> Ran:
    return Ran(**run(function, port, small, large).result)


def _table(ran: dict[str, list[Ran]], size: int) -> Table:
    seconds = {way: [each.seconds for each in runs] for way, runs in ran.items()}
    ours = seconds["our adapter"]
    rows = [
        (
            way,
            str(spread(seconds[way]).times(1000)),
            str(spread([each.cpu_seconds for each in runs]).times(1000)),
            str(spread([each.extra_bytes / MEGABYTE for each in runs])),
            str(ratio(seconds[way], ours)),
        )
        for way, runs in ran.items()
    ]
    extra = spread([each.extra_bytes / MEGABYTE for each in ran["our adapter"]])
    raw, files = seconds["bare socket, in pieces"], seconds["requests with files="]
    targets = [
        at_most("upload, time", ratio(ours, raw), 2, unit="x a bare socket"),
        at_least("upload, speed", ratio(files, ours), 3, unit="x requests with files="),
        at_most("upload, extra memory", extra, 2, unit="MB"),
    ]
    columns = ("way", "ms", "ms of processor", "extra MB", "its time, by ours")
    title = f"One import of {number(size / MEGABYTE)} MB"
    return Table(title, columns, rows, (), targets)
