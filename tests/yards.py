"""Inboxes that can be looked at one by one, on a disk that fails as a test says."""

import itertools
from collections.abc import Callable
from pathlib import Path

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.spool import CLAIMED, DiskSpool, Folders
from dropbox_agent.core.job import JobId
from dropbox_agent.core.reception import Reception
from dropbox_agent.core.settling import Gate, SettleRules, Settling, Sighting, Writer
from tests.clocks import SetClock
from tests.crashes import QuickDisk
from tests.witnesses import RecordingWitness

QUIET = 5.0
CONTENT = b"_email\r\nada@example.com\r\n"


class StubbornDisk(QuickDisk):
    """A disk that fails as the test says.

    Attributes:
        move_error: What moving a file ends with, before anything has moved.
        sync_error: What syncing a folder ends with.
    """

    move_error: OSError | None = None
    sync_error: OSError | None = None

    def move(self, source: Path, target: Path) -> None:
        """Rename a file, or fail."""
        if self.move_error:
            raise self.move_error
        super().move(source, target)

    def sync_folder(self, path: Path) -> None:
        """Succeed or fail."""
        if self.sync_error:
            raise self.sync_error
        super().sync_folder(path)


class TightSpool(DiskSpool):
    """Folders with as much room as the test says.

    Attributes:
        room: How many more drops they can take on.
    """

    room = 100

    def claim(self, seen: Sighting, job_id: JobId) -> None:
        """Take on a drop."""
        super().claim(seen, job_id)
        self.room -= 1

    def lacks_room(self, seen: Sighting) -> str | None:
        """Say which folder is full."""
        return None if self.room else f"/full/{seen.kind}"


class Yard:
    """The inboxes of one home, and who receives what is dropped there.

    Attributes:
        probe: Says whether a program has a file open for writing.
    """

    def __init__(self, root: Path, journal: SqliteJournal) -> None:
        self.inbox = root / "inbox"
        folders = Folders(self.inbox, root / "processed", root / "failed")
        for folder in folders.all():
            folder.mkdir(exist_ok=True)
        self.disk = StubbornDisk()
        self.probe: Callable[[Path], Writer] = lambda _: Writer.FREE
        self.spool = TightSpool(folders, self.disk, self._probe)
        self.spool.prepare()
        self.clock = SetClock()
        self.journal = journal
        self.witness = RecordingWitness()
        numbers = itertools.count(1)
        self.reception = Reception(
            spool=self.spool,
            journal=journal,
            settling=Settling(SettleRules(quiet_seconds=QUIET)),
            clock=self.clock,
            witness=self.witness,
            new_id=lambda kind: JobId(f"{kind.value[0]}{next(numbers)}"),
        )

    def _probe(self, path: Path) -> Writer:
        return self.probe(path)

    def drop(self, path: str, content: bytes = CONTENT) -> Path:
        """Put a file into an inbox."""
        target = self.inbox / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        return target

    def look(self, *, after_seconds: float = 0.0, room: int = 100) -> list[str]:
        """Let time pass and look; return the names of what was claimed."""
        self.clock.advance(after_seconds)
        return [job.name for job in self.reception.look(room)]

    def stray(self, job_id: str, name: str = "customers.csv") -> JobId:
        """Put a payload into the claims folder that the journal knows nothing of."""
        claim = self.inbox / CLAIMED / job_id
        claim.mkdir()
        (claim / name).write_bytes(CONTENT)
        return JobId(job_id)

    def gate(self) -> Gate | None:
        """Say which gate is shut before the only drop in sight."""
        (standing,) = self.reception.standings()
        return standing.gate

    def claims(self) -> list[str]:
        """List what lies in the claims folder, job by job."""
        claims = self.inbox / CLAIMED
        return sorted(path.relative_to(claims).as_posix() for path in claims.rglob("*"))
