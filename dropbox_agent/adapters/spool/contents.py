"""What is in a payload: the payload itself, or a file made from it where that is not UTF-8 CSV.

Such a file can be made from the payload again at any time, with the same bytes. So losing it
costs nothing but time; only a half of it must never be taken for all.
"""

import errno
import shutil
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import NamedTuple

from dropbox_agent.adapters.spool.bodies import open_plainly
from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.core.content import Content
from dropbox_agent.core.encoding import is_converted
from dropbox_agent.core.expanding import NotExpandable
from dropbox_agent.core.job import JobId
from dropbox_agent.core.naming import PLAIN_ENDING, is_compressed
from dropbox_agent.core.telling import size
from dropbox_agent.errors import TryLater

ROOM_EVERY_BYTES = 4_000_000
"""After so many bytes it is asked again whether there is still room."""


class NoRoom(TryLater, OSError):
    """There is less free space than has to be left: as if the disk were full, only said better."""

    def __init__(self, folder: Path, min_free_bytes: int) -> None:
        super().__init__(
            f"There is too little free space in {folder} to expand or convert a file:"
            f" {size(min_free_bytes)} have to stay free.",
            hint="Make room there, or lower AGENT_MIN_FREE. It goes on by itself.",
            code="disk-full",
        )
        self.errno = errno.ENOSPC


class Made(NamedTuple):
    """A content that was made to be checked.

    Attributes:
        path: Where it is.
        content: What was found out while it was made.
    """

    path: Path
    content: Content


class Contents:
    """The files made from payloads, one for each job that needs one."""

    def __init__(
        self, root: Path, disk: Disk, *, max_bytes: int, min_free_bytes: int, stopping: Event
    ) -> None:
        """Take the folder for them, which is made when it is needed.

        Args:
            root: The folder; its parent must exist.
            disk: Makes every change.
            max_bytes: The most that a payload may be expanded or converted to.
            min_free_bytes: How much space has to be left free.
            stopping: Breaks off what is being made.
        """
        self._root = root
        self._disk = disk
        self._max_bytes = max_bytes
        self._min_free_bytes = min_free_bytes
        self._stopping = stopping

    def prepare(self, under_way: Collection[JobId]) -> None:
        """Remove what earlier runs left of jobs that are done, or half done."""
        if self._root.is_dir():
            for each in self._root.iterdir():
                if each.suffix != PLAIN_ENDING or _job_of(each) not in under_way:
                    self._let_go(each)

    def make(self, job_id: JobId, payload: Path, encoding: str | None = None) -> Made:
        """Make the content of a payload anew, and say where it is.

        Args:
            job_id: Whose payload it is.
            payload: Where that is.
            encoding: What it is in unless a byte-order mark says otherwise; None for UTF-8.

        Raises:
            NotExpandable: The payload has a fault.
            FileNotFoundError: There is no payload.
            OSError: The payload cannot be read, there is no room, or the agent is stopping.
        """
        with open_plainly(payload) as file:
            content = Content(file, payload.name, encoding, self._max_bytes)
            if content.is_payload:
                return Made(payload, content)
            return Made(self.write(self._name(job_id), iter(content)), content)

    def find(self, job_id: JobId, payload: Path, encoding: str | None = None) -> Path:
        """Say where the content of a payload is that was made before; if it is gone, make it again.

        Args:
            job_id: Whose payload it is.
            payload: Where that is.
            encoding: What it was found to be in, whatever the settings say by now.

        Raises:
            OSError: Likewise, and when the payload is not any more what it was.
        """
        if not (is_compressed(payload.name) or is_converted(encoding)):
            return payload
        if (content := self.place(self._name(job_id))).is_file():
            return content
        try:
            return self.make(job_id, payload, encoding).path
        except NotExpandable as fault:
            raise OSError(errno.EIO, f"expanded before, but now: {fault}", str(payload)) from fault

    def remove(self, job_id: JobId) -> None:
        """Remove what was made for a job, if anything was.

        Raises:
            OSError: It cannot be removed.
        """
        self.discard(self._name(job_id))

    def discard(self, name: str) -> None:
        """Remove a file that was made, if it is there.

        Raises:
            OSError: It cannot be removed.
        """
        if (made := self.place(name)).is_file():
            self._disk.remove(made)

    def place(self, name: str) -> Path:
        """Say where a file of this name is, or would be."""
        return self._root / name

    def _name(self, job_id: JobId) -> str:
        return f"{job_id}{PLAIN_ENDING}"

    def write(self, name: str, pieces: Iterator[bytes]) -> Path:
        """Make a file that is seen whole or not at all, and say where it is.

        Args:
            name: Begins with the id of its job and a dot.
            pieces: What it consists of; whatever error comes out of them goes on to the caller.

        Raises:
            OSError: There is no room, or the agent is stopping.
        """
        content = self.place(name)
        halfway = content.with_suffix(".tmp")
        try:
            self._disk.make_folder(self._root, 0o700)
            self._disk.write(halfway, self._while_there_is_room(pieces, content), 0o600)
            self._disk.replace(halfway, content)
        except FileNotFoundError as error:
            # Never to be mixed up with a payload that somebody took away.
            raise OSError(errno.ENODEV, "the folder is away", str(self._root)) from error
        except Exception:
            self._let_go(halfway)
            raise
        return content

    def _while_there_is_room(self, pieces: Iterator[bytes], content: Path) -> Iterator[bytes]:
        unasked = ROOM_EVERY_BYTES
        for piece in pieces:
            if self._stopping.is_set():
                raise OSError(errno.ECANCELED, "the agent is stopping")
            unasked += len(piece)
            if unasked >= ROOM_EVERY_BYTES:
                unasked = 0
                self._need_room(content)
            yield piece

    def _need_room(self, content: Path) -> None:
        """Make room if need be: the contents of jobs that wait can be made again in their turn.

        Otherwise those that wait for this one could hold the room that it waits for.
        """
        if not self._has_room():
            for each in self._root.glob(f"*{PLAIN_ENDING}"):
                if _job_of(each) != _job_of(content):
                    self._let_go(each)
            if not self._has_room():
                raise NoRoom(self._root, self._min_free_bytes)

    def _has_room(self) -> bool:
        return shutil.disk_usage(self._root).free >= self._min_free_bytes

    def _let_go(self, path: Path) -> None:
        """Remove a file that nobody misses; what cannot be removed now is by the next start."""
        with suppress(OSError):
            self._disk.remove(path)


def _job_of(path: Path) -> str:
    return path.name.partition(".")[0]
