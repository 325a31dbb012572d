"""Inboxes, claimed payloads and the archive.

inbox/<kind>/                       senders write here
inbox/vouchers/<set>/               vouchers for one coupon set
inbox/.claimed/<job>/<file>         ours; on the inbox's own mount, so that claiming is a rename
processed/<kind>/, failed/<kind>/   payload and report
"""

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from dropbox_agent.adapters.spool.bodies import PartBody
from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.core.imports import Body
from dropbox_agent.core.job import Fingerprint, Job, JobId, Part
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.mending import Refusals, csv_lines, rows_to_fix
from dropbox_agent.core.naming import ERRORS_ENDING, REPORT_ENDING
from dropbox_agent.core.report import Json
from dropbox_agent.core.settling import Sighting, Writer, is_wanted

CLAIMED = ".claimed"

Probe = Callable[[Path], Writer]
"""Says whether some program has a file open for writing."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where everything lies. ``inbox`` may be a share; the others may be elsewhere."""

    inbox: Path
    processed: Path
    failed: Path

    def all(self) -> Iterator[Path]:
        """List every folder the agent needs, parents first."""
        for root in (self.inbox, self.processed, self.failed):
            yield root
            yield from (root / kind for kind in Kind)


class DiskSpool:
    """The folders of one home."""

    def __init__(
        self,
        folders: Folders,
        disk: Disk,
        probe: Probe,
        *,
        ignore: tuple[str, ...] = (),
        min_free_bytes: int = 0,
    ) -> None:
        """Take the folders, which must exist.

        Args:
            folders: Where everything lies.
            disk: Makes every change.
            probe: Says whether a file is being written.
            ignore: The user's own patterns of names to leave alone.
            min_free_bytes: How much space a claim has to leave free.
        """
        self._folders = folders
        self._disk = disk
        self._probe = probe
        self._min_free_bytes = min_free_bytes
        self._ignore = ignore
        self._claims = folders.inbox / CLAIMED
        self._stopping = Event()

    def prepare(self) -> None:
        """Make the folder that claims go into, durably."""
        self._disk.make_folder(self._claims, 0o700)
        self._disk.sync_folder(self._folders.inbox)

    # Arrival

    def sightings(self) -> list[Sighting]:
        """List the drops in all inboxes.

        Raises:
            OSError: An inbox folder cannot be listed.
        """
        found: list[Sighting] = []
        for kind in Kind:
            found.extend(self._list(self._folders.inbox / kind, kind, None))
        return found

    def _list(self, folder: Path, kind: Kind, coupon_set: str | None) -> Iterator[Sighting]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_wanted(entry.name, self._ignore):
                    if seen := self._see(entry, kind, coupon_set):
                        yield seen
                elif kind is Kind.VOUCHERS and coupon_set is None and _is_set_folder(entry):
                    yield from self._list(Path(entry.path), kind, entry.name)

    def _see(self, entry: os.DirEntry[str], kind: Kind, coupon_set: str | None) -> Sighting | None:
        try:
            # Not entry.stat: on Windows it has no inode and a stale size. Not Path.stat: it
            # would double the cost of listing many thousand names.
            seen = os.stat(entry.path, follow_symlinks=False)  # noqa: PTH116
        except FileNotFoundError:
            return None  # moved away since the listing began
        return Sighting(
            path=os.path.relpath(entry.path, self._folders.inbox),
            kind=kind,
            folder=coupon_set,
            name=entry.name,
            regular=stat.S_ISREG(seen.st_mode),
            size=seen.st_size,
            inode=seen.st_ino,
            mtime_ns=seen.st_mtime_ns,
            ctime_ns=seen.st_ctime_ns,
        )

    def writer(self, seen: Sighting) -> Writer:
        """Say whether some program has the drop open for writing."""
        return self._probe(self._folders.inbox / seen.path)

    def claim(self, seen: Sighting, job_id: JobId) -> None:
        """Move a drop into the job's folder, durably.

        Raises:
            FileNotFoundError: The drop is gone, or is not what was seen any more.
        """
        source = self._folders.inbox / seen.path
        found = source.stat(follow_symlinks=False)
        if (found.st_ino, found.st_size) != (seen.inode, seen.size):
            raise FileNotFoundError(errno.ENOENT, "not the file that had settled", str(source))
        claim = self._claims / job_id
        self._disk.make_folder(claim, 0o700)
        self._disk.move(source, claim / seen.name)
        # The new name first: a power cut between the two may leave both, but never none.
        self._disk.sync_folder(claim)
        self._disk.sync_folder(self._claims)
        self._disk.sync_folder(source.parent)

    def lacks_room(self, seen: Sighting) -> str | None:
        """Say which folder has too little free space to take on a drop; None when all have.

        Raises:
            OSError: A folder cannot be asked.
        """
        inbox = self._folders.inbox.stat().st_dev
        for folder in (self._folders.processed, self._folders.failed, self._folders.inbox):
            copied = seen.size if folder.stat().st_dev != inbox else 0
            if shutil.disk_usage(folder).free < copied + self._min_free_bytes:
                return str(folder)
        return None

    # Claimed payloads

    def claimed(self) -> list[JobId]:
        """List the jobs whose claimed payload is there, in the order of claiming."""
        if not self._claims.exists():
            return []
        full = [each for each in self._claims.iterdir() if each.is_dir() and any(each.iterdir())]
        # Moving a file into a folder sets the folder's mtime, on our own clock.
        full.sort(key=lambda claim: claim.stat().st_mtime_ns)
        return [JobId(claim.name) for claim in full]

    def claimed_name(self, job_id: JobId) -> str:
        """Tell the sender's name of a claimed payload."""
        return self.payload(job_id).name

    def payload(self, job_id: JobId) -> Path:
        """Find a claimed payload.

        Raises:
            FileNotFoundError: It is not there.
        """
        try:
            return next((self._claims / job_id).iterdir())
        except (StopIteration, NotADirectoryError):
            pass
        raise FileNotFoundError(errno.ENOENT, "no claimed payload", str(self._claims / job_id))

    def fingerprint(self, job_id: JobId) -> Fingerprint:
        """Say what the file system knows of a claimed payload."""
        found = self.payload(job_id).stat(follow_symlinks=False)
        return Fingerprint(found.st_size, found.st_mtime_ns)

    def is_being_written(self, job_id: JobId) -> bool:
        """Whether some program certainly has a claimed payload open for writing."""
        return self._probe(self.payload(job_id)) is Writer.BUSY

    def body(self, job: Job, part: Part) -> Body:
        """Give the bytes to send for one part."""
        is_first = part.slice == job.parts[0].slice
        header = b"" if is_first or job.checked is None else job.checked.header.encode()
        return PartBody(
            self.payload(job.id), header, part.slice.start, part.slice.end, self._stopping
        )

    def stop(self) -> None:
        """Break off bodies that are being sent."""
        self._stopping.set()

    # Archive

    def archive(self, job: Job) -> None:
        """Bring the payload to its final place, durably. May be repeated."""
        target = self._final(job, ".csv")
        try:
            source = self.payload(job.id)
        except FileNotFoundError:
            return
        if target.exists():
            self._remove_twin(source, target)
            return
        try:
            self._disk.move(source, target)
        except OSError as error:
            if error.errno != errno.EXDEV:
                raise
            self._move_across(source, target, self._halfway(job, target))
        self._disk.sync_folder(target.parent)
        self._disk.sync_folder(source.parent)

    def _remove_twin(self, source: Path, target: Path) -> None:
        """Remove the claimed payload of which a crash has left a second one in the archive.

        What is in the archive appeared there whole. Anything else among the claims is not ours.
        """
        if _sha256(source) == _sha256(target):
            self._disk.sync_folder(target.parent)
            self._disk.remove(source)
            self._disk.sync_folder(source.parent)

    def _move_across(self, source: Path, target: Path, halfway: Path) -> None:
        """Bring a file to another mount: copy, compare, rename, then remove the source."""
        self._disk.remove(halfway)
        self._disk.copy(source, halfway)
        if _sha256(source) != _sha256(halfway):
            self._disk.remove(halfway)
            raise OSError(errno.EIO, "the copy differs from the file", str(target))
        self._disk.replace(halfway, target)
        self._disk.sync_folder(target.parent)
        self._disk.remove(source)

    def is_archived(self, job: Job) -> bool:
        """Whether the payload lies at its final place."""
        return self._final(job, ".csv").exists()

    def write_rows_to_fix(self, job: Job, refusals: Sequence[Refusals]) -> None:
        """Put the refused rows of an archived payload beside it, durably. May be repeated."""
        delimiter = (job.checked.facts.delimiter if job.checked else None) or ","
        with self._final(job, ".csv").open(encoding="utf-8-sig", newline="") as payload:
            rows = rows_to_fix(payload, delimiter, refusals)
            self._write_whole(job, ERRORS_ENDING, csv_lines(rows, delimiter))

    def write_report(self, job: Job, report: Json) -> None:
        """Put the report beside the payload, durably and whole. May be repeated."""
        text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
        self._write_whole(job, REPORT_ENDING, [text.encode()])

    def _write_whole(self, job: Job, ending: str, chunks: Iterable[bytes]) -> None:
        """Write a file beside the payload, so that it is seen whole or not at all."""
        target = self._final(job, ending)
        halfway = self._halfway(job, target)
        self._disk.write(halfway, chunks)
        self._disk.replace(halfway, target)
        self._disk.sync_folder(target.parent)

    def _halfway(self, job: Job, target: Path) -> Path:
        """Name a file in the making: hidden, short, and the same at the next try."""
        return target.with_name(f".{job.id}.tmp")

    def final_path(self, job: Job) -> Path:
        """Say where a judged job's report lies or will lie."""
        return self._final(job, REPORT_ENDING)

    def _final(self, job: Job, ending: str) -> Path:
        if job.outcome is None or job.stem is None:
            raise ValueError(f"job {job.id} is not judged yet")
        root = self._folders.failed if job.outcome.is_failure else self._folders.processed
        return root / job.kind / f"{job.stem}{ending}"

    def clear(self, job_id: JobId) -> None:
        """Remove what is left of a job's claim folder, if it is empty."""
        claim = self._claims / job_id
        if claim.exists() and not any(claim.iterdir()):
            self._disk.remove_folder(claim)


def _is_set_folder(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith((".", "@", "#", "$")) and entry.is_dir(follow_symlinks=False)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
