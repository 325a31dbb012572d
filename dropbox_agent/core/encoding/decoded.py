"""A text in another encoding, to be read like a file in UTF-8."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from dropbox_agent.core.encoding.transcoding import Transcoding

PIECE_BYTES = 65_536


def decoded(file: BinaryIO, encoding: str) -> BinaryIO:
    """Read a file as UTF-8 without a byte-order mark, from the front or from any place.

    Going back means converting again from the beginning.

    Args:
        file: Open and seekable; its place is of no importance.
        encoding: What it is in, as ``known`` spells it.
    """
    return io.BufferedReader(_Decoded(file, encoding))


class _Decoded(io.RawIOBase):
    """The same, a piece at a time."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file = file
        self._encoding = encoding
        self.seek(0)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        if whence != io.SEEK_SET:
            raise io.UnsupportedOperation("only places counted from the front can be found")
        self._file.seek(0)
        self._pieces = iter(Transcoding(_pieces(self._file), self._encoding))
        self._piece = b""
        self._at = 0
        while self._at < offset and self.read(min(offset - self._at, PIECE_BYTES)):
            pass
        return self._at

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]  # wider there
        while not self._piece:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._piece = piece
        taken = self._piece[: len(buffer)]
        buffer[: len(taken)] = taken
        self._piece = self._piece[len(taken) :]
        self._at += len(taken)
        return len(taken)


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece
