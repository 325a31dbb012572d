"""One agent at work, and parcels: files that real programs deliver to it.

A parcel's records are all 64 bytes long, and the header is such that a file cut off after any
multiple of 64 bytes - where transfers break off - ends in the middle of an e-mail address.
"""

import contextlib
import hashlib
import itertools
import os
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self, TypeVar

from dropbox_agent.sandbox import Sandbox
from tests.processes import UNHURRIED, Home, Program, Report, account
from tests.servers import Server

RECORD_BYTES: Final = 64
ROWS: Final = 200
LONG_AGO: Final = 1_000_000_000
WAIT_SECONDS: Final = 60.0
LOOK_SECONDS: Final = 0.05

SETTINGS: Final = {
    "AGENT_SETTLE_SECONDS": "2",
    "AGENT_EMPTY_HOLD_SECONDS": "60",
    "AGENT_TRUNCATED_HOLD_SECONDS": "60",
    "AGENT_REQUESTS_PER_MINUTE": "10000",
    "AGENT_POLL_FLOOR_SECONDS": "0.02",
    "AGENT_POLL_CEILING_SECONDS": "0.2",
}
"""Settling takes longer than any client needs from its last byte to its last command."""

AnyServer = TypeVar("AnyServer", bound=Server)


def records(name: str, rows: int = ROWS) -> bytes:
    """Write contacts whose addresses nobody else has."""
    word = sha256(name.encode())[:16]
    people = (f"{word}-{n}-".ljust(46, "x") for n in range(rows))
    lines = ("_email,_name", *(f"{each}@example.com,Ada" for each in people))
    return "".join(f"{line}\r\n" for line in lines).encode()


def sha256(content: bytes) -> str:
    """Compute the hash that reports and servers show."""
    return hashlib.sha256(content).hexdigest()


class Site:
    """An agent that runs while the ``with`` block lasts, and servers for its inbox.

    Args:
        folder: Where everything lies.
        settings: Settings of the agent besides the usual ones.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.settings = SETTINGS | dict(settings or {})
        self.home = Home.made(folder / "home")
        self.inbox = self.home.path / "inbox"
        self.outbox = folder / "outbox"
        self.outbox.mkdir(parents=True)
        self._running = ExitStack()
        self._over = threading.Event()
        self._reported = threading.Condition()
        self._reports: defaultdict[str, dict[Path, Report]] = defaultdict(dict)
        self._awaited: set[str] = set()
        self._numbers = itertools.count(1)
        self._servers: dict[type[Server], Server] = {}
        self._siblings: dict[str, Site] = {}
        self._starting = threading.Lock()

    def __enter__(self) -> Self:
        with ExitStack() as running:
            self.sandbox = running.enter_context(Sandbox(UNHURRIED))
            settings = account(self.sandbox) | self.settings
            self.agent = running.enter_context(Program(self.home, "run", settings=settings))
            self.agent.until_watching()
            gathering = threading.Thread(target=self._gather)
            gathering.start()
            running.callback(gathering.join)
            running.callback(self._over.set)
            self._running = running.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._running.close()

    def server(self, kind: type[AnyServer]) -> AnyServer:
        """Give a server for the inbox; the first to ask for it starts it."""
        with self._starting:
            if kind not in self._servers:
                server = kind(self.folder / kind.__name__, self.inbox)
                self._servers[kind] = self._running.enter_context(server)
            found = self._servers[kind]
        assert isinstance(found, kind)
        return found

    def sibling(self, name: str, **settings: str) -> "Site":
        """Give a site with other settings; the first to ask for it starts it."""
        with self._starting:
            if name not in self._siblings:
                sibling = Site(self.folder / name, settings)
                self._siblings[name] = self._running.enter_context(sibling)
            return self._siblings[name]

    def parcel(self, name: str, rows: int = ROWS) -> "Parcel":
        """Make a file that is to be delivered; each needs a name of its own."""
        parcel = Parcel(self, f"{name}.csv", records(name, rows))
        parcel.source.parent.mkdir(parents=True)
        parcel.source.write_bytes(parcel.content)
        return parcel

    def import_another(self) -> None:
        """Drop a file as good senders do, and wait for its import.

        Whatever was complete in the inbox before is claimed by then, as it was quiet for longer.
        """
        name = f"another-{next(self._numbers)}.csv"
        content = records(name, rows=1)
        self.home.drop("contacts", name, content)
        if marker := self.settings.get("AGENT_DONE_SUFFIX"):
            self.home.drop("contacts", name + marker, b"")
        self.until_reported(name, content)

    def strangers(self) -> list[Report]:
        """List the reports on imports that no test has asked for, such as those of fragments."""
        reports = (each for found in self._reports.values() for each in found.values())
        ours = [each for each in reports if each.content["file"]["sha256"] not in self._awaited]
        return ours + [each for sibling in self._siblings.values() for each in sibling.strangers()]

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so; it is a failure when it is not so in time."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not condition():
            assert time.monotonic() < deadline, f"it did not happen in time:\n{self.agent.log}"
            self.wait(LOOK_SECONDS)

    def wait(self, seconds: float) -> None:
        """Let some time pass."""
        self._over.wait(seconds)

    def reports(self, name: str) -> list[Report]:
        """List the reports so far on files of this name, in the order of their claims."""
        found = list(self._reports[name].values())
        return sorted(found, key=lambda each: str(each.content["file"]["received_at"]))

    def until_reported(self, name: str, content: bytes) -> Report:
        """Wait for the report on a file of this name and content."""
        wanted = sha256(content)
        self._awaited.add(wanted)

        def found() -> Report | None:
            reports = self.reports(name)
            return next(
                (each for each in reports if each.content["file"]["sha256"] == wanted), None
            )

        with self._reported:
            self._reported.wait_for(found, WAIT_SECONDS)
        report = found()
        there = [each.path.name for each in self.reports(name)]
        assert report, f"{name} is not imported; there is {there}:\n{self.agent.log}"
        return report

    def times_received(self, content: bytes) -> int:
        """Count the imports in which the server received exactly these bytes."""
        wanted = sha256(content)
        return sum(each.sha256 == wanted for each in self.sandbox.imports)

    def _gather(self) -> None:
        """Read each report once, when it appears."""
        read: set[Path] = set()
        while not self._over.wait(LOOK_SECONDS):
            # Other tests give up the rights of the whole process for a moment.
            with contextlib.suppress(PermissionError):
                self._take_in(read)

    def _take_in(self, read: set[Path]) -> None:
        for path in set(self.home.path.glob("*/*/*.report.json")) - read:
            report = Report.read(path)
            with self._reported:
                self._reports[report.content["file"]["name"]][path] = report
                self._reported.notify_all()
            read.add(path)


@dataclass(frozen=True, eq=False)
class Parcel:
    """One file that is to be delivered.

    Attributes:
        site: Where to.
        name: What it is called.
        content: All of it.
    """

    site: Site
    name: str
    content: bytes

    @property
    def source(self) -> Path:
        """The file at its sender's."""
        return self.site.outbox / self.name / self.name

    @property
    def path(self) -> str:
        """Where it goes, seen from the inbox, as servers see it."""
        return f"contacts/{self.name}"

    @property
    def target(self) -> Path:
        """Where it goes."""
        return self.site.inbox / self.path

    @property
    def fragment(self) -> bytes:
        """The first half or so of its content, which ends within a record."""
        return self.content[: len(self.content) // 2 // RECORD_BYTES * RECORD_BYTES]

    @property
    def half(self) -> bytes:
        """The first half or so of its content, which ends with a record and so looks complete."""
        return b"".join(self.content.splitlines(keepends=True)[: self.content.count(b"\n") // 2])

    def after(self, beginning: bytes) -> bytes:
        """Give what comes after the beginning of its content."""
        assert self.content.startswith(beginning)
        return self.content[len(beginning) :]

    def has_begun(self, path: Path | None = None) -> bool:
        """Tell whether something of it is in the inbox, perhaps under another name."""
        path = path or self.target
        return path.exists() and path.stat().st_size > 0

    def make_old(self) -> None:
        """Give the sender's file times of years ago."""
        os.utime(self.source, (LONG_AGO, LONG_AGO))

    def is_imported_once(self, content: bytes | None = None) -> None:
        """See that it, and nothing else of this name, is imported, byte for byte and once.

        Args:
            content: What was really delivered, where that is not what the sender has.
        """
        content = self.content if content is None else content
        report = self.site.until_reported(self.name, content)
        assert self.site.reports(self.name) == [report]
        self.agrees(report, content)
        assert not self.target.exists()

    def agrees(self, report: Report, content: bytes) -> None:
        """See that a report, the file beside it and the server all tell of this content."""
        rows = content.count(b"\n") - 1
        assert report.outcome == "imported", report.content["reason"]
        assert report.content["totals"]["success"] == rows
        assert report.payload == content
        assert self.site.times_received(content) == 1

    def is_left_alone(self, path: Path | None = None) -> None:
        """See that it stays in the inbox, although a file that came later has been imported.

        Args:
            path: The file that is meant, where it is another one for now.
        """
        path = path or self.target
        before = path.stat().st_ino
        self.site.import_another()
        assert path.exists(), f"{path.name} was taken:\n{self.site.agent.log}"
        assert path.stat().st_ino == before
        assert not self.site.reports(self.name)
