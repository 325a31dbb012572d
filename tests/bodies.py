"""Bodies to send that need no file."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class BytesBody:
    """A CSV in memory, given out in pieces."""

    content: bytes
    piece: int = 256 * 1024

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """Hash of the bytes in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """Read the bytes anew."""
        for start in range(0, len(self.content), self.piece):
            yield self.content[start : start + self.piece]


@dataclass(frozen=True)
class BrokenBody:
    """A file on a disk that fails after some bytes."""

    error: OSError
    size: int = 1000

    def chunks(self) -> Iterator[bytes]:
        """Give half of the bytes, then fail."""
        yield b"x" * (self.size // 2)
        raise self.error


@dataclass(frozen=True)
class ResizedBody:
    """A file that is no longer as long as it was said to be."""

    size: int
    content: bytes

    def chunks(self) -> Iterator[bytes]:
        """Give what is there now."""
        yield self.content
