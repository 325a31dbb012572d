"""Inboxes, claimed payloads and the archive.

inbox/<kind>/                       senders write here
inbox/vouchers/<set>/               vouchers for one coupon set
inbox/.claimed/<job>/<file>         ours; on the inbox's own mount, so that claiming is a rename
processed/<kind>/, failed/<kind>/   payload and report
"""

import os
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from dropbox_agent.adapters.spool.archive import Archive
from dropbox_agent.adapters.spool.bodies import PartBody
from dropbox_agent.adapters.spool.claims import Claims
from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.adapters.spool.inboxes import Inboxes
from dropbox_agent.core.imports import Body
from dropbox_agent.core.job import Fingerprint, Job, JobId, Part
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.mending import Refusals
from dropbox_agent.core.report import Json
from dropbox_agent.core.settling import Sighting, Writer

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
        self._inboxes = Inboxes(folders.inbox, ignore)
        self._claims = Claims(folders.inbox, disk)
        self._archive = Archive(folders.processed, folders.failed, disk)
        self._stopping = Event()

    def prepare(self, under_way: Collection[JobId] = ()) -> None:
        """Make the folder that claims go into, durably, and remove what dead claims left in it.

        Args:
            under_way: The jobs whose payloads, or the places they had, are in the folder.

        Raises:
            TryLater: It must be there already, and is not.
        """
        self._claims.prepare(under_way)

    def sightings(self, kind: Kind) -> list[Sighting]:
        """List the drops in the inbox of one kind.

        Raises:
            OSError: The folder cannot be listed.
        """
        return self._inboxes.sightings(kind)

    def writer(self, seen: Sighting) -> Writer:
        """Say whether some program has the drop open for writing."""
        return self._probe(self._inboxes.path(seen))

    def is_readable(self, seen: Sighting) -> bool:
        """Whether the agent's user may read a drop."""
        effective = os.access in os.supports_effective_ids
        return os.access(self._inboxes.path(seen), os.R_OK, effective_ids=effective)

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

    def claim(self, seen: Sighting, job_id: JobId) -> None:
        """Move a drop into the job's folder, durably.

        Raises:
            FileNotFoundError: The drop is gone, or is not what was seen any more.
        """
        self._claims.take(self._inboxes.path(seen), seen, job_id)

    def finish_claims(self, jobs: Sequence[Job]) -> None:
        """Make claims whole and durable that were interrupted.

        A power cut may have left a payload a second name, in its inbox. All claims are secured
        before any inbox is: jobs of one kind come from the same folder.
        """
        for job in jobs:
            self._claims.secure(job.id)
        for job in jobs:
            twin = self._inboxes.twin_of(self._claims.payload(job.id), job.kind)
            if twin is not None:
                self._disk.remove(twin)
        for kind in {job.kind for job in jobs}:
            for folder in self._inboxes.folders(kind):
                self._disk.sync_folder(folder)

    def claimed(self) -> list[JobId]:
        """List the jobs whose claimed payload is there, in the order of claiming."""
        return self._claims.all()

    def claimed_name(self, job_id: JobId) -> str:
        """Tell the sender's name of a claimed payload."""
        return self._claims.payload(job_id).name

    def payload(self, job_id: JobId) -> Path:
        """Find a claimed payload.

        Raises:
            FileNotFoundError: It is not there.
        """
        return self._claims.payload(job_id)

    def fingerprint(self, job_id: JobId) -> Fingerprint:
        """Say what the file system knows of a claimed payload."""
        return self._claims.fingerprint(job_id)

    def is_being_written(self, job_id: JobId) -> bool:
        """Whether some program certainly has a claimed payload open for writing."""
        return self._probe(self._claims.payload(job_id)) is Writer.BUSY

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

    def archive(self, job: Job) -> None:
        """Bring the payload to its final place, durably. May be repeated."""
        try:
            payload = self._claims.payload(job.id)
        except FileNotFoundError:
            self._archive.secure(job)  # archived already, or taken away by somebody
            self._claims.secure(job.id)
            return
        self._archive.bring(job, payload)

    def is_archived(self, job: Job) -> bool:
        """Whether the payload lies at its final place."""
        return self._archive.has(job)

    def write_rows_to_fix(self, job: Job, refusals: Sequence[Refusals]) -> None:
        """Put the refused rows of an archived payload beside it, durably. May be repeated."""
        self._archive.write_rows_to_fix(job, refusals)

    def write_report(self, job: Job, report: Json) -> None:
        """Put the report beside the payload, durably and whole. May be repeated."""
        self._archive.write_report(job, report)

    def clear(self, job_id: JobId) -> None:
        """Remove what is left of a job's claim folder, if it is empty."""
        self._claims.clear(job_id)
