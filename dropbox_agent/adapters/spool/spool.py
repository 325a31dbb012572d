"""Inboxes, claimed payloads and the archive.

inbox/<kind>/                       senders write here
inbox/vouchers/<set>/               vouchers for one coupon set
inbox/.claimed/<job>/<file>         ours; on the inbox's own mount, so that claiming is a rename
processed/<kind>/, failed/<kind>/   payload and report
state/contents/<job>.csv            what is in a compressed payload
state/contents/<job>.send.csv       what is sent of it, where its rows are written anew
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from dropbox_agent.adapters.spool.archive import Archive
from dropbox_agent.adapters.spool.bodies import PartBody, open_plainly
from dropbox_agent.adapters.spool.claims import Claims
from dropbox_agent.adapters.spool.columns_files import ColumnsText, find_columns_text
from dropbox_agent.adapters.spool.contents import Contents, Made
from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.adapters.spool.inboxes import Inboxes
from dropbox_agent.adapters.spool.sendables import Sendables
from dropbox_agent.core.expanding import MAX_EXPANDED_BYTES
from dropbox_agent.core.imports import Body
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.job import Fingerprint, Job, JobId, Part
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.marker import MOST_BYTES, decoded, difference
from dropbox_agent.core.mending import Refused
from dropbox_agent.core.naming import is_compressed
from dropbox_agent.core.report import Json
from dropbox_agent.core.sighting import Examined, Listing, Sighting, Writer
from dropbox_agent.core.wholeness import cut_short

Probe = Callable[[Path], Writer]
"""Says whether some program has a file open for writing."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where everything lies. ``inbox`` may be a share; the others may be elsewhere."""

    inbox: Path
    processed: Path
    failed: Path
    state: Path

    def all(self) -> Iterator[Path]:
        """List every folder that people look into, parents first."""
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
        done_suffix: str | None = None,
        min_free_bytes: int = 0,
        max_expanded_bytes: int = MAX_EXPANDED_BYTES,
    ) -> None:
        """Take the folders, which must exist, but for that of the contents.

        Args:
            folders: Where everything lies.
            disk: Makes every change.
            probe: Says whether a file is being written.
            ignore: The user's own patterns of names to leave alone.
            done_suffix: What the names of markers end in; None where senders write none.
            min_free_bytes: How much space a claim has to leave free.
            max_expanded_bytes: The most that a compressed payload may be expanded to.
        """
        self._folders = folders
        self._disk = disk
        self._probe = probe
        self._min_free_bytes = min_free_bytes
        self._max_expanded_bytes = max_expanded_bytes
        self._inboxes = Inboxes(folders.inbox, disk, ignore=ignore, done_suffix=done_suffix)
        self._claims = Claims(folders.inbox, folders.state / "inbox.json", disk)
        self._archive = Archive(folders.processed, folders.failed, disk)
        self._stopping = Event()
        self._contents = Contents(
            folders.state / "contents",
            disk,
            max_bytes=max_expanded_bytes,
            min_free_bytes=min_free_bytes,
            stopping=self._stopping,
        )
        self._sendables = Sendables(self._contents)

    def prepare(self, under_way: Collection[JobId] = ()) -> None:
        """Make the folder that claims go into, durably, and remove what dead claims left in it.

        Args:
            under_way: The jobs whose payloads, or the places they had, are in the folder.

        Raises:
            TryLater: It must be there already, and is not.
        """
        self._claims.prepare(under_way)
        self._contents.prepare(under_way)

    def make_ours(self) -> None:
        """Take the inbox for ours as it is now, whatever was there before.

        Raises:
            BadConfiguration: It is another home's.
        """
        self._claims.make()

    def listing(self, kind: Kind) -> Listing:
        """List what is in the inbox of one kind.

        Raises:
            TryLater: The inbox is away, or another one than it was.
            OSError: The folder cannot be listed.
        """
        self._claims.need_ours()
        return self._inboxes.listing(kind)

    def glance(self, kind: Kind) -> Listing:
        """List what is new in the inbox of one kind, with the rest as the last listing showed it.

        Raises:
            TryLater: The inbox is away, or another one than it was.
            OSError: The folder cannot be listed.
        """
        self._claims.need_ours()
        return self._inboxes.listing(kind, closely=False)

    def look_again(self, seen: Sighting) -> Sighting | None:
        """Look at one drop again; None if it is gone.

        Raises:
            TryLater: The inbox is away, or another one than it was.
        """
        self._claims.need_ours()
        return self._inboxes.look_again(seen)

    def writer(self, seen: Sighting) -> Writer:
        """Say whether some program has the drop open for writing."""
        return self._probe(self._inboxes.path(seen))

    def examine(self, seen: Sighting) -> Examined:
        """Read a drop: how it ends, and whether it is what its marker says.

        Raises:
            OSError: It, or its marker, cannot be read.
        """
        with open_plainly(self._inboxes.path(seen)) as file:
            cut = cut_short(file, seen.name, self._max_expanded_bytes)
            if says := self._marker_text(seen):
                is_table = not is_compressed(seen.name)
                return Examined(cut, difference(says, file, is_table=is_table))
            return Examined(cut)

    def _marker_text(self, seen: Sighting) -> str:
        """Read what a drop's marker says; nothing if it has none."""
        if (marker := self._inboxes.marker(seen)) is None:
            return ""
        try:
            with open_plainly(marker) as file:
                return decoded(file.read(MOST_BYTES + 1))
        except OSError as error:
            why = f"its marker cannot be read: {error.strerror}"
            raise OSError(error.errno, why, str(marker)) from error

    def is_readable(self, seen: Sighting) -> bool:
        """Whether the agent's user may read a drop."""
        effective = os.access in os.supports_effective_ids
        return os.access(self._inboxes.path(seen), os.R_OK, effective_ids=effective)

    def lacks_room(self, seen: Sighting) -> str | None:
        """Say which folder has too little free space to take on a drop; None when all have.

        Raises:
            OSError: A folder cannot be asked.
        """
        for folder, size in self._room_taken(seen):
            if shutil.disk_usage(folder).free < size + self._min_free_bytes:
                return str(folder)
        return None

    def _room_taken(self, seen: Sighting) -> Iterator[tuple[Path, int]]:
        """List the folders a drop takes room in, with how much it certainly is."""
        inbox = self._folders.inbox.stat().st_dev
        for folder in (self._folders.processed, self._folders.failed):
            yield folder, seen.size if folder.stat().st_dev != inbox else 0
        yield self._folders.inbox, 0
        # The journal is there, and what is in a compressed drop, which is hardly ever smaller.
        yield self._folders.state, seen.size if is_compressed(seen.name) else 0

    def claim(self, seen: Sighting, job_id: JobId) -> None:
        """Move a drop into the job's folder, durably.

        Raises:
            FileNotFoundError: The drop is gone, or is not what was seen any more.
        """
        marker = self._inboxes.marker(seen)
        self._claims.take(self._inboxes.path(seen), seen, job_id, marker)

    def finish_claims(self, jobs: Sequence[Job]) -> None:
        """Make claims whole and durable that were interrupted.

        A power cut may have left a payload a second name, in its inbox. All claims are secured
        before any inbox is: jobs of one kind come from the same folder.
        """
        for job in jobs:
            self._claims.secure(job.id)
        for job in jobs:
            payload = self._claims.payload(job.id)
            origin = self._inboxes.origin(job.kind, job.folder)
            if origin is None:
                continue  # somebody has removed the folder, with all that was in it
            if twin := self._inboxes.twin_of(payload, origin):
                self._disk.remove(twin)
            for marker in self._inboxes.markers_left_by(payload, origin):
                with suppress(PermissionError):  # the listing tells of it from then on
                    self._disk.remove(marker)
        for kind in {job.kind for job in jobs}:
            for folder in self._inboxes.folders(kind):
                with suppress(PermissionError):  # nothing is taken from a folder that is forbidden
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

    def columns_text(self, kind: Kind, folder: str | None) -> ColumnsText | None:
        """Read the ``columns.toml`` that counts for an inbox folder; None if there is none.

        Raises:
            TryLater: The inbox is away, or another one than it was; or there is one that is not a
                plain file.
            OSError: There is one, and it cannot be read.
        """
        self._claims.need_ours()
        return find_columns_text(self._folders.inbox, kind, folder)

    def make_content(self, job_id: JobId, encoding: str | None = None) -> Made:
        """Give what is in a claimed payload: the payload itself if it is UTF-8, not compressed.

        Args:
            job_id: Whose payload it is.
            encoding: What it is in unless a byte-order mark says otherwise; None for UTF-8.

        Raises:
            NotExpandable: The payload has a fault.
            FileNotFoundError: The payload is not there.
            OSError: It cannot be expanded or converted now.
        """
        return self._contents.make(job_id, self.payload(job_id), encoding)

    def make_sendable(self, job_id: JobId, verdict: Verdict, max_slice_bytes: int) -> Verdict:
        """Make what is sent of a content that cannot go out as it is, and say how it is cut.

        Raises:
            OSError: It cannot be made now.
        """
        return self._sendables.make(job_id, self.payload(job_id), verdict, max_slice_bytes)

    def measure(self, job_id: JobId) -> tuple[int, str]:
        """Tell the size of a claimed payload, and its SHA-256 in hexadecimal."""
        with open_plainly(self.payload(job_id)) as file:
            return os.fstat(file.fileno()).st_size, hashlib.file_digest(file, "sha256").hexdigest()

    def fingerprint(self, job_id: JobId) -> Fingerprint:
        """Say what the file system knows of a claimed payload."""
        return self._claims.fingerprint(job_id)

    def is_being_written(self, job_id: JobId) -> bool:
        """Whether some program certainly has a claimed payload open for writing."""
        return self._probe(self._claims.payload(job_id)) is Writer.BUSY

    def body(self, job: Job, part: Part) -> Body:
        """Give the bytes to send for one part."""
        content = self._contents.find(job.id, self.payload(job.id), _encoding(job))
        sendable = self._sendables.find(job, content)
        header = _header_in_front(job, part)
        return PartBody(sendable, header, part.slice.start, part.slice.end, self._stopping)

    def stop(self) -> None:
        """Break off bodies that are being sent, and contents that are being made."""
        self._stopping.set()

    def archive(self, job: Job) -> None:
        """Bring the payload to its final place; the report makes that durable. May be repeated."""
        try:
            payload = self._claims.payload(job.id)
        except FileNotFoundError:
            return  # archived already, or taken away by somebody
        self._archive.bring(job, payload)

    def is_archived(self, job: Job) -> bool:
        """Whether the payload lies at its final place."""
        return self._archive.has(job)

    def write_rows_to_fix(self, job: Job, refused: Refused) -> None:
        """Put the refused rows of an archived payload beside it. May be repeated."""
        content = self._contents.find(job.id, self._archive.payload(job), _encoding(job))
        self._archive.write_rows_to_fix(job, content, refused)

    def write_report(self, job: Job, report: Json) -> None:
        """Put the report beside the payload, whole, and all of that durably. May be repeated.

        It is the last to be written: what was made of the payload is needed no more.
        """
        self._contents.remove(job.id)
        self._sendables.remove(job.id)
        self._archive.write_report(job, report)

    def name_follower(self, job: Job, follower: Json) -> None:
        """Name a later job in the report of a filed one, if that is still there. Repeatable."""
        self._archive.name_follower(job, follower)

    def name_payload(self, job: Job) -> None:
        """Name an archived payload in its report, which was written without it. May be repeated."""
        self._archive.name_payload(job)

    def clear(self, job_id: JobId) -> None:
        """Remove what is left of a job's claim folder, if it is empty."""
        self._claims.clear(job_id)


def _header_in_front(job: Job, part: Part) -> bytes:
    """Give the header of a slice that does not begin with one."""
    checked = job.checked
    if checked is None or (checked.plan is None and part.slice == job.parts[0].slice):
        return b""
    return checked.header.encode()


def _encoding(job: Job) -> str | None:
    """Say what a payload was found to be in."""
    return job.checked.facts.encoding if job.checked else None
