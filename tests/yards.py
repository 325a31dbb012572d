"""Inboxes that can be looked at one by one, on a disk that fails as a test says."""

import itertools
from collections.abc import Callable, Sequence
from pathlib import Path

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.spool import CLAIMED, DiskSpool, Folders
from dropbox_agent.adapters.spool.mark import MARK_NAME
from dropbox_agent.core.adopting import adopt
from dropbox_agent.core.gates import Gate, SettleRules
from dropbox_agent.core.job import Job, JobId
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.reception import Look, Reception, View
from dropbox_agent.core.settling import Settling
from dropbox_agent.core.sighting import Sighting, Writer
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
        folders = Folders(self.inbox, root / "processed", root / "failed", root / "state")
        for folder in (*folders.all(), folders.state):
            folder.mkdir(exist_ok=True)
        self.disk = StubbornDisk()
        self.probe: Callable[[Path], Writer] = lambda _: Writer.FREE
        self.spool = TightSpool(folders, self.disk, self._probe)
        self.spool.prepare()
        self.clock = SetClock()
        self.journal = journal
        self.witness = RecordingWitness()
        self.view = View()
        self.trouble: Exception | None = None
        numbers = itertools.count(1)
        self.receptions = {
            kind: Reception(
                kind,
                spool=self.spool,
                journal=journal,
                settling=Settling(SettleRules(quiet_seconds=QUIET)),
                clock=self.clock,
                witness=self.witness,
                new_id=lambda kind: JobId(f"{kind.value[0]}{next(numbers)}"),
            )
            for kind in Kind
        }

    def _probe(self, path: Path) -> Writer:
        return self.probe(path)

    def drop(self, path: str, content: bytes = CONTENT) -> Path:
        """Put a file into an inbox."""
        target = self.inbox / path
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        return target

    def look(
        self, *, after_seconds: float = 0.0, room: int = 100, closely: bool = True
    ) -> list[str]:
        """Let time pass and look; return the names of what was claimed."""
        self.clock.advance(after_seconds)
        return self._took([each.look(room, closely=closely) for each in self.receptions.values()])

    def claim(self, *, after_seconds: float = 0.0, room: int = 100) -> list[str]:
        """Let time pass and claim without a listing; return the names of what was claimed."""
        self.clock.advance(after_seconds)
        return self._took([each.claim(room) for each in self.receptions.values()])

    def _took(self, looks: list[Look]) -> list[str]:
        self.view = looks[0].view
        self.trouble = next((look.trouble for look in looks if look.trouble), None)
        return [job.name for look in looks for job in look.claimed]

    def adopt(self, strays: Sequence[JobId]) -> list[Job]:
        """Begin anew with payloads that the journal does not know."""
        return adopt(
            strays,
            spool=self.spool,
            journal=self.journal,
            clock=self.clock,
            witness=self.witness,
        )

    def stray(self, job_id: str, name: str = "customers.csv") -> JobId:
        """Put a payload into the claims folder that the journal knows nothing of."""
        claim = self.inbox / CLAIMED / job_id
        claim.mkdir()
        (claim / name).write_bytes(CONTENT)
        return JobId(job_id)

    def gate(self) -> Gate | None:
        """Say which gate is shut before the only drop in sight."""
        (standing,) = self.view.drops
        return standing.gate

    def claims(self) -> list[str]:
        """List what lies in the claims folder, job by job."""
        claims = self.inbox / CLAIMED
        return sorted(
            path.relative_to(claims).as_posix()
            for path in claims.rglob("*")
            if path.name != MARK_NAME
        )
