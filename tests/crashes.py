"""The outside world with a fuse: everything that lasts can fail or crash, before or after it.

A story is run once to count the points it passes, then once for each of them.
"""

import errno
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.spool import Disk, DiskSpool, Folders
from dropbox_agent.adapters.spool.spool import Probe
from dropbox_agent.core.decisions import Decision
from dropbox_agent.core.imports import (
    ApiUnavailable,
    Body,
    Import,
    ImportId,
    ImportOptions,
    SendAnswer,
)
from dropbox_agent.core.issue import Issue
from dropbox_agent.core.job import Fingerprint, Job, JobId, Part
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Examined, Listing, Sighting, Writer
from tests.clocks import SetClock
from tests.fakes import FakeImportApi


class Crash(BaseException):
    """The process is killed here: nothing may catch it."""


class Fuse:
    """Counts the points that are passed, and blows at one of them.

    Attributes:
        points: What was passed so far, such as ``disk.move done``.
    """

    def __init__(self) -> None:
        self.points: list[str] = []
        self._errors: dict[int, BaseException] = {}
        self._outage: Callable[[str], BaseException | None] = _no_outage

    def blow(self, at: int, error: BaseException) -> None:
        """Raise this error at the point with this number, counted from 0, once."""
        self._errors[at] = error

    def fail_while(self, outage: Callable[[str], BaseException | None]) -> None:
        """Raise at every point what this says for its name."""
        self._outage = outage

    def mend(self) -> None:
        """Raise nothing any more."""
        self._errors.clear()
        self._outage = _no_outage

    def point(self, name: str) -> None:
        """Pass a point."""
        at = len(self.points)
        self.points.append(name)
        if error := self._errors.get(at) or self._outage(name):
            raise error

    @contextmanager
    def around(self, name: str) -> Iterator[None]:
        """Pass one point before an effect, and another one behind it."""
        self.point(f"{name} to do")
        yield
        self.point(f"{name} done")


def _no_outage(_: str) -> None:
    """Nothing fails by itself."""


class QuickDisk(Disk):
    """The real disk, but folders are not synced: no test cuts the power.

    Attributes:
        mounts: Folders that no file can be moved into or out of.
    """

    mounts: tuple[Path, ...] = ()

    def move(self, source: Path, target: Path) -> None:
        """Rename a file, if that is possible."""
        if self._mount(source) != self._mount(target):
            raise OSError(errno.EXDEV, "they lie on different mounts", str(target))
        super().move(source, target)

    def _mount(self, path: Path) -> Path | None:
        return next((each for each in self.mounts if each in path.parents), None)

    def sync_folder(self, path: Path) -> None:
        """Only see that it is a folder."""
        if not path.is_dir():
            raise NotADirectoryError(str(path))


class FusedDisk(QuickDisk):
    """A disk on which every change can fail."""

    def __init__(self, fuse: Fuse) -> None:
        self._fuse = fuse

    def make_folder(self, path: Path, mode: int = 0o777) -> None:
        """Make a folder."""
        with self._fuse.around("disk.make_folder"):
            super().make_folder(path, mode)

    def move(self, source: Path, target: Path) -> None:
        """Rename a file to a new name."""
        with self._fuse.around("disk.move"):
            super().move(source, target)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file; half of it is there before all of it."""
        self._fuse.point("disk.copy to do")
        whole = source.read_bytes()
        with target.open("xb") as file:
            file.write(whole[: len(whole) // 2])
        self._fuse.point("disk.copy half done")
        target.write_bytes(whole)
        self._fuse.point("disk.copy done")

    def write(self, path: Path, chunks: Iterable[bytes], mode: int = 0o644) -> None:
        """Write a file; half of it is there before all of it."""
        self._fuse.point("disk.write to do")
        path.unlink(missing_ok=True)
        whole = b"".join(chunks)
        path.write_bytes(whole[: len(whole) // 2])
        self._fuse.point("disk.write half done")
        path.write_bytes(whole)
        path.chmod(mode)
        self._fuse.point("disk.write done")

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file over another one."""
        with self._fuse.around("disk.replace"):
            super().replace(source, target)

    def remove(self, path: Path) -> None:
        """Remove a file."""
        with self._fuse.around("disk.remove"):
            super().remove(path)

    def remove_folder(self, path: Path) -> None:
        """Remove a folder."""
        with self._fuse.around("disk.remove_folder"):
            super().remove_folder(path)

    def sync_folder(self, path: Path) -> None:
        """Sync a folder."""
        self._fuse.point("disk.sync_folder")
        super().sync_folder(path)


class QuickJournal(SqliteJournal):
    """The real journal, but commits are not synced: no test cuts the power."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_empty_journal())
        super().__init__(path)
        self._db.execute("PRAGMA synchronous=OFF")


@cache
def _empty_journal() -> bytes:
    """Make the file once: most of the time a short test takes is for its tables."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal"
        SqliteJournal(path).close()
        return path.read_bytes()


class FusedJournal(QuickJournal):
    """A journal in which every entry can fail."""

    def __init__(self, path: Path, fuse: Fuse) -> None:
        super().__init__(path)
        self._fuse = fuse

    def add(self, job: Job) -> Job:
        """Record a new job."""
        with self._fuse.around("journal.add"):
            return super().add(job)

    def save(self, job: Job, issues: Sequence[Issue] | None = None) -> None:
        """Record a job as it stands now."""
        with self._fuse.around(f"journal.save {job.stage}"):
            super().save(job, issues)

    def forget(self, job_id: JobId) -> None:
        """Remove a job."""
        with self._fuse.around("journal.forget"):
            super().forget(job_id)

    def drop_decision(self, decision: Decision) -> None:
        """Forget a decision."""
        with self._fuse.around("journal.drop_decision"):
            super().drop_decision(decision)


class FusedSpool(DiskSpool):
    """Folders of which every look can fail; changes to them are for the disk to fail."""

    def __init__(
        self,
        folders: Folders,
        disk: Disk,
        probe: Probe,
        *,
        fuse: Fuse,
        ignore: tuple[str, ...],
        done_suffix: str | None,
    ) -> None:
        super().__init__(folders, disk, probe, ignore=ignore, done_suffix=done_suffix)
        self._fuse = fuse

    def listing(self, kind: Kind) -> Listing:
        """List what is in an inbox."""
        self._fuse.point("spool.listing")
        return super().listing(kind)

    def examine(self, seen: Sighting) -> Examined:
        """Read a drop."""
        self._fuse.point("spool.examine")
        return super().examine(seen)

    def writer(self, seen: Sighting) -> Writer:
        """Say whether some program has the drop open for writing."""
        self._fuse.point("spool.writer")
        return super().writer(seen)

    def lacks_room(self, seen: Sighting) -> str | None:
        """Say which folder has too little free space."""
        self._fuse.point("spool.lacks_room")
        return super().lacks_room(seen)

    def claimed(self) -> list[JobId]:
        """List the jobs whose claimed payload is there."""
        self._fuse.point("spool.claimed")
        return super().claimed()

    def payload(self, job_id: JobId) -> Path:
        """Find a claimed payload to read from."""
        self._fuse.point("spool.payload")
        return super().payload(job_id)

    def fingerprint(self, job_id: JobId) -> Fingerprint:
        """Say what the file system knows of a claimed payload."""
        self._fuse.point("spool.fingerprint")
        return super().fingerprint(job_id)

    def is_being_written(self, job_id: JobId) -> bool:
        """Whether some program has a claimed payload open for writing."""
        self._fuse.point("spool.is_being_written")
        return super().is_being_written(job_id)

    def body(self, job: Job, part: Part) -> Body:
        """Give the bytes to send for one part."""
        return _FusedBody(super().body(job, part), self._fuse)

    def is_archived(self, job: Job) -> bool:
        """Whether the payload lies at its final place."""
        self._fuse.point("spool.is_archived")
        return super().is_archived(job)


@dataclass(frozen=True)
class _FusedBody:
    """Bytes to send that cannot be read any more at one point."""

    body: Body
    fuse: Fuse

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self.body.size

    def chunks(self) -> Iterator[bytes]:
        """Read the bytes anew."""
        self.fuse.point("spool.read")
        yield from self.body.chunks()
        self.fuse.point("spool.read")


class FusedApi(FakeImportApi):
    """A server that can be cut off at every call, heard or unheard.

    Attributes:
        refused: Its file of refused rows; None when it has none.
    """

    refused: bytes | None = None

    def __init__(self, clock: SetClock, fuse: Fuse) -> None:
        super().__init__(clock)
        self._fuse = fuse
        self._shown_at: dict[ImportId, float] = {}

    def hide_for(self, import_id: ImportId, seconds: float) -> None:
        """Leave an import out of the list for a while, as a server that lags."""
        self._shown_at[import_id] = self._clock.monotonic() + seconds

    def recent(self) -> tuple[Import, ...]:
        """Tell of all imports that are shown, newest first."""
        now = self._clock.monotonic()
        return tuple(each for each in super().recent() if self._shown_at.get(each.id, 0) <= now)

    def error_report(self, url: str) -> bytes:
        """Give the file of refused rows."""
        if self.refused is None:
            raise ApiUnavailable(f"no report at {url}", hint="none", code="no-error-report")
        return self.refused

    def _accept_last(self) -> Import:
        made = super()._accept_last()
        if self.refused is not None:
            self.claim(made.id, error_report_url="https://files.example.com/refused.csv")
        return made

    def create(self, kind: Kind, options: ImportOptions, body: Body) -> SendAnswer:
        """Take one CSV."""
        with self._fuse.around("api.create"):
            return super().create(kind, options, body)
