"""Reads a file once, from front to back: blocks of whole lines, their text, and the hash."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import BinaryIO

from dropbox_agent.core.checking.foreign_text import (
    ENOUGH_CELLS,
    ForeignText,
    cells_beyond_ascii,
)
from dropbox_agent.core.checking.rules_file import LINE_TOO_LONG, NUL_BYTE
from dropbox_agent.core.checking.tally import Tally

HEAD_BYTES = 65_536
_LONGEST_LINE = 16_777_216
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Block:
    """A run of whole physical lines.

    Attributes:
        raw: The bytes.
        text: The same, decoded.
        offset: Where the block begins in the file, in bytes.
        line: Number of its first physical line.
        line_count: How many physical lines it has.
    """

    raw: bytes
    text: str
    offset: int
    line: int
    line_count: int

    @property
    def end(self) -> int:
        """Offset behind the block."""
        return self.offset + len(self.raw)

    @property
    def next_line(self) -> int:
        """Number of the line behind the block."""
        return self.line + self.line_count

    @property
    def unfinished(self) -> bool:
        """Whether the last line has no line end: so ends a file, never a block before its end."""
        return not self.text.endswith(("\n", "\r"))

    def plain(self) -> str | None:
        """Return the text with every line ended by one newline; None when that is not enough.

        It is not when there are quotes, or carriage returns that end a line by themselves.
        """
        text = self.text
        if '"' in text:
            return None
        if "\r" in text:
            text = text.replace("\r\n", "\n")
            if "\r" in text:
                return None
        return text if text.endswith("\n") else text + "\n"

    def lines(self) -> Iterator[str]:
        """Yield the physical lines with their ends: LF, CRLF and lone CR."""
        return io.StringIO(self.text, newline="")

    def line_offsets(self) -> list[int]:
        """Return the offset of each line, and at last the one behind the block."""
        sizes = map(len, self.raw.splitlines(keepends=True))
        return list(accumulate(sizes, initial=self.offset))


class Source:
    """A file being read once, in blocks of whole lines.

    What is wrong with its bytes (NUL, endless lines) goes to the tally, and what is not UTF-8 is
    kept until all is read; reading goes on as well as it can.

    Attributes:
        encoding: ``utf-8``, or ``utf-8-sig`` with a byte-order mark.
        foreign: The text that is not UTF-8; None while there is none.
        head: The first whole lines, without a byte-order mark, to look at beforehand.
        head_is_all: Whether the file has nothing behind them.
        size: Number of bytes read so far.
        gave_up: Whether a line without an end kept the rest from being looked at.
    """

    def __init__(self, file: BinaryIO, tally: Tally, *, block_bytes: int) -> None:
        self._file = file
        self._tally = tally
        self._block_bytes = block_bytes
        self._digest = hashlib.sha256()
        self._ahead = b""
        self._line = 1
        self._nul_seen = False
        self.size = 0
        self.gave_up = False
        self.encoding: str | None = "utf-8"
        self.foreign: ForeignText | None = None
        self._good_cells = 0
        while len(self._ahead) < HEAD_BYTES and self._read(HEAD_BYTES):
            pass
        if self._ahead.startswith(_BOM):
            self.encoding = "utf-8-sig"
            self._ahead = self._ahead[len(_BOM) :]
        self.head_is_all = len(self._ahead) < HEAD_BYTES
        self.head = self._ahead
        if not self.head_is_all:
            end = _behind_last_line_end(self._ahead, HEAD_BYTES)
            self.head = self._ahead[: end or HEAD_BYTES]

    @property
    def offset(self) -> int:
        """Offset of the first byte that no block has held yet."""
        return self.size - len(self._ahead)

    def take_lines(self, count: int) -> Block:
        """Return the next few lines, all of which ``head`` must hold."""
        lines = self._ahead.splitlines(keepends=True)[:count]
        return self._take(len(b"".join(lines)))

    def __iter__(self) -> Iterator[Block]:
        """Yield the rest of the file."""
        while block := self.next_block():
            yield block

    def next_block(self) -> Block | None:
        """Return the next block; None at the end of the file."""
        while len(self._ahead) < self._block_bytes and self._read(self._block_bytes):
            pass
        end = _behind_last_line_end(self._ahead, self._block_bytes)
        while not end and self._read(len(self._ahead) + self._block_bytes):
            if len(self._ahead) > _LONGEST_LINE:
                self._tally.add(LINE_TOO_LONG, line=self._line, limit=_LONGEST_LINE)
                self.gave_up = True
                self.drain()
                return None
            end = _behind_last_line_end(self._ahead, len(self._ahead))
        end = end or len(self._ahead)
        return self._take(end) if end else None

    def drain(self) -> str:
        """Read the rest without looking at it; return the hash of the whole file."""
        while self._read(self._block_bytes):
            self._ahead = b""
        self._ahead = b""
        return self._digest.hexdigest()

    def _read(self, size: int) -> int:
        chunk = self._file.read(size)
        self._digest.update(chunk)
        self._ahead += chunk
        self.size += len(chunk)
        return len(chunk)

    def _take(self, size: int) -> Block:
        offset = self.offset
        raw, self._ahead = self._ahead[:size], self._ahead[size:]
        line, count = self._line, count_lines(raw)
        self._line += count
        text = self._decode(raw, offset, line)
        return Block(raw=raw, text=text, offset=offset, line=line, line_count=count)

    def _decode(self, raw: bytes, offset: int, line: int) -> str:
        if b"\0" in raw and not self._nul_seen:
            self._nul_seen = True
            place = raw.index(b"\0")
            self._tally.add(NUL_BYTE, line=line + line_ends(raw[:place]), offset=offset + place)
        try:
            text = raw.decode()
        except UnicodeDecodeError as bad:
            if self.foreign is None:
                bad_line = line + line_ends(raw[: bad.start])
                self.foreign = ForeignText(bad, offset, bad_line, good=self._good_cells)
            self.foreign.take(raw)
            # Bad bytes stand for themselves, so that the other checks can go on.
            return raw.decode(errors="surrogateescape")
        if not text.isascii():
            self._note_good(raw)
        return text

    def _note_good(self, raw: bytes) -> None:
        if self.foreign:
            self.foreign.take_good(raw)
        elif self._good_cells < ENOUGH_CELLS:
            self._good_cells += cells_beyond_ascii(raw)


def count_lines(raw: bytes) -> int:
    """Count physical lines; a last one without an end counts too."""
    return line_ends(raw) + (bool(raw) and not raw.endswith((b"\n", b"\r")))


def line_ends(raw: bytes) -> int:
    """Count line ends: LF, CRLF and lone CR."""
    count = raw.count(b"\n")
    if b"\r" in raw:
        count += raw.count(b"\r") - raw.count(b"\r\n")
    return count


def _behind_last_line_end(raw: bytes, limit: int) -> int:
    """Return the offset behind the last line end; 0 when there is none.

    A CR at the very end does not count yet: the LF that belongs to it may be still to come.
    """
    newline = raw.rfind(b"\n", 0, limit)
    return max(newline, raw.rfind(b"\r", newline + 1, min(limit, len(raw)) - 1)) + 1
