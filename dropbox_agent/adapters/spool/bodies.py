"""The bytes of one part, read from the claimed payload's content as they are sent."""

import errno
import io
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

CHUNK_BYTES = 256 * 1024
_OPEN_PLAINLY = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
)
"""With as many of the flags as the system knows."""


def open_plainly(path: Path) -> io.FileIO:
    """Open a plain file to read from, and nothing else that has come in its place.

    A symbolic link is not followed, wherever it leads; a pipe is not waited for.

    Raises:
        OSError: There is no such file, it is none, or it may not be read.
    """
    return io.FileIO(path, opener=_open_plainly)


def _open_plainly(path: str, _: int) -> int:
    opened = os.open(path, _OPEN_PLAINLY)
    if not stat.S_ISREG(os.fstat(opened).st_mode):
        os.close(opened)
        raise OSError(errno.EINVAL, "not a plain file", path)
    return opened


@dataclass(frozen=True, slots=True)
class PartBody:
    """A header, where the slice has none of its own, and a run of bytes of a file."""

    path: Path
    header: bytes
    start: int
    end: int
    stopping: Event

    @property
    def size(self) -> int:
        """Number of bytes that ``chunks`` yields."""
        return len(self.header) + self.end - self.start

    def chunks(self) -> Iterator[bytes]:
        """Read the bytes anew.

        Raises:
            OSError: The file cannot be read, is shorter than it was, or the agent is stopping.
        """
        if self.header:
            yield self.header
        with open_plainly(self.path) as file:
            file.seek(self.start)
            left = self.end - self.start
            while left:
                if self.stopping.is_set():
                    # An incomplete request is no import: the next start sends it from the start.
                    raise OSError(errno.ECANCELED, "the agent is stopping")
                chunk = file.read(min(CHUNK_BYTES, left))
                if not chunk:
                    raise OSError(errno.EIO, "the file became shorter", str(self.path))
                left -= len(chunk)
                yield chunk
