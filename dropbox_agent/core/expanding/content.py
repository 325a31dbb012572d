"""What is in a compressed file, as pieces or to be read like a file.

Whatever the bytes are, only a few pieces are in memory at a time, and no more is given out than
allowed.
"""

import io
from collections.abc import Iterator
from typing import BinaryIO

from dropbox_agent.core.checking.rules_file import EMPTY_FILE
from dropbox_agent.core.expanding.fault import NotExpandable, too_big
from dropbox_agent.core.expanding.gunzip import gunzip
from dropbox_agent.core.expanding.unzip import unzip
from dropbox_agent.core.naming import ZIP_ENDING, payload_ending

MAX_EXPANDED_BYTES = 2_000_000_000
"""What a compressed file may be expanded to unless another limit is set."""


def expand(file: BinaryIO, name: str, max_bytes: int) -> Iterator[bytes]:
    """Yield what is in a compressed file, in pieces, some of which may be empty.

    Args:
        file: Open at its beginning, and seekable.
        name: Its name, whose ending tells how it is compressed.
        max_bytes: The most to give out.

    Raises:
        NotExpandable: It cannot be expanded, or is larger than that.
        OSError: It cannot be read.
    """
    if not file.read(1):
        raise NotExpandable(EMPTY_FILE)
    file.seek(0)
    is_zip = payload_ending(name) == ZIP_ENDING
    left = max_bytes
    for piece in unzip(file, max_bytes) if is_zip else gunzip(file):
        left -= len(piece)
        if left < 0:
            raise too_big(max_bytes)
        yield piece


def as_file(pieces: Iterator[bytes]) -> BinaryIO:
    """Let pieces be read like a file, from front to back."""
    return io.BufferedReader(_Pieces(pieces))


class _Pieces(io.RawIOBase):
    """Pieces one behind the other."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # wider there
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._piece = piece
        taken = self._piece[: len(buffer)]
        buffer[: len(taken)] = taken
        self._piece = self._piece[len(taken) :]
        return len(taken)
