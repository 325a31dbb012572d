"""Claimed payloads: ours from the rename on, and seen by nobody else."""

import errno
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.adapters.spool.mark import InboxMark
from dropbox_agent.core.dropnames import is_wanted
from dropbox_agent.core.job import Fingerprint, JobId
from dropbox_agent.core.sighting import Sighting
from dropbox_agent.errors import TryLater

CLAIMED = ".claimed"


class Claims:
    """One folder for each job, with the payload under the sender's own name."""

    def __init__(self, inbox: Path, note: Path, disk: Disk) -> None:
        """Take the folder of the inboxes: a claim is a rename within one mount.

        Args:
            inbox: The folder of the inboxes.
            note: The file that tells by which mark to know it again.
            disk: Makes every change.
        """
        self._inbox = inbox
        self._root = inbox / CLAIMED
        self._disk = disk
        self._mark = InboxMark(self._root, note, disk)

    def prepare(self, under_way: Collection[JobId]) -> None:
        """Make the folder that claims go into, durably, and remove what dead claims left in it.

        The folder of a job under way stays, empty or not: its payload may have been moved out
        without that being durable yet.

        Args:
            under_way: The jobs whose payloads, or the places they had, are in the folder.

        Raises:
            TryLater: It must be there already, and is not: the inbox is probably a share that is
                not mounted.
        """
        if self._mark.is_expected:
            self._mark.need()
        elif under_way and not self._root.is_dir():
            raise TryLater(
                f"Files are under way, but their folder {self._root} is not there.",
                hint="If the inbox is on a share, mount it and start again. If the files are gone "
                "for good, make the folder by hand.",
                code="inbox-unavailable",
            )
        self.make()
        for claim in self._root.iterdir():
            if claim.is_dir() and claim.name not in under_way:
                self.clear(JobId(claim.name))

    def make(self) -> None:
        """Make the folder that claims go into, durably, and mark it as ours.

        Raises:
            BadConfiguration: It is another home's.
        """
        self._disk.make_folder(self._root, 0o700)
        self._disk.sync_folder(self._inbox)
        self._mark.leave()

    def need_ours(self) -> None:
        """See that the inbox is there, and is the one it was.

        Raises:
            TryLater: It is not.
        """
        self._mark.need()

    def take(self, source: Path, seen: Sighting, job_id: JobId, marker: Path | None = None) -> None:
        """Move a drop into the job's folder, durably; what marked it as complete is used up.

        Raises:
            FileNotFoundError: The drop is gone, or is not what was seen any more.
        """
        found = source.stat(follow_symlinks=False)
        if (found.st_ino, found.st_size) != (seen.inode, seen.size):
            raise FileNotFoundError(errno.ENOENT, "not the file that had settled", str(source))
        claim = self._root / job_id
        self._disk.make_folder(claim, 0o700)
        self._disk.move(source, claim / seen.name)
        self._need_what_settled(claim / seen.name, source, seen)
        # The new name first: a power cut between the two may leave both, but never none.
        self._disk.sync_folder(claim)
        self._disk.sync_folder(self._root)
        if marker:
            self._disk.remove(marker)
        self._disk.sync_folder(source.parent)

    def _need_what_settled(self, payload: Path, source: Path, seen: Sighting) -> None:
        """Put back what was moved if its sender replaced it in that instant: it has to settle.

        Some shares number a file anew when it is moved, so another number alone proves nothing.

        Raises:
            FileNotFoundError: It is not what was seen.
            OSError: It is not, and there is a newer one in its place already; it stays claimed.
        """
        found = payload.stat(follow_symlinks=False)
        is_the_same = found.st_ino == seen.inode or found.st_mtime_ns == seen.mtime_ns
        if found.st_size == seen.size and is_the_same:
            return
        self._disk.move(payload, source)
        raise FileNotFoundError(errno.ENOENT, "replaced while it was claimed", str(source))

    def secure(self, job_id: JobId) -> None:
        """Make a claim durable of which that is not known."""
        self._disk.sync_folder(self._root / job_id)
        self._disk.sync_folder(self._root)

    def all(self) -> list[JobId]:
        """List the jobs whose claimed payload is there, in the order of claiming.

        Raises:
            TryLater: The whole inbox is away, which says nothing about the payloads.
            OSError: It cannot be listed.
        """
        self._need_root()
        full = [each for each in self._root.iterdir() if each.is_dir() and _payloads_in(each)]
        self._need_root()  # still: it may have gone away meanwhile
        # Moving a file into a folder sets the folder's mtime, on our own clock.
        full.sort(key=lambda claim: claim.stat().st_mtime_ns)
        return [JobId(claim.name) for claim in full]

    def payload(self, job_id: JobId) -> Path:
        """Find a claimed payload.

        Raises:
            FileNotFoundError: It is not there.
            TryLater: The whole inbox is away, which says nothing about the payload.
        """
        with suppress(FileNotFoundError):
            if found := _payloads_in(self._root / job_id):
                return found[0]
        self._need_root()
        raise FileNotFoundError(errno.ENOENT, "no claimed payload", str(self._root / job_id))

    def _need_root(self) -> None:
        """See that the claims are there: what lies below a mount may have such a folder too."""
        if self._mark.is_expected:
            self._mark.need()
        elif not self._root.is_dir():
            raise OSError(errno.ENODEV, "the folder of claimed files is away", str(self._root))

    def fingerprint(self, job_id: JobId) -> Fingerprint:
        """Say what the file system knows of a claimed payload."""
        found = self.payload(job_id).stat(follow_symlinks=False)
        return Fingerprint(found.st_size, found.st_mtime_ns)

    def clear(self, job_id: JobId) -> None:
        """Remove what is left of a job's claim folder, if it is empty."""
        claim = self._root / job_id
        if claim.exists() and not any(claim.iterdir()):
            self._disk.remove_folder(claim)


def _payloads_in(claim: Path) -> list[Path]:
    """List drops only: desktops and network shares leave things of their own in any folder."""
    return sorted(each for each in claim.iterdir() if is_wanted(each.name))
