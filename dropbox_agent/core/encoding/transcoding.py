"""Converts text to UTF-8 piece by piece, and tells what does not belong into it.

Physical lines stay what they are, whatever the text was in. What cannot be read becomes U+FFFD,
so that everything else that is wrong with the file is found in the same go.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from dropbox_agent.core.encoding.place import ASCII_MAX, Place, told, word_at

BYTE_ORDER_MARK = "\ufeff"
AROUND_BYTES = 64

_CUT = ("end of data", "incomplete", "truncated")
"""What codecs say of a text that ends within a character."""


class Misfit(NamedTuple):
    """The first bytes that mean nothing in the encoding.

    Attributes:
        line: Their physical line.
        what: What they are and where, for people.
    """

    line: int
    what: str


class Lookalike(NamedTuple):
    """Text beyond ASCII that is valid UTF-8 as well.

    Attributes:
        line: The physical line of its first character beyond ASCII.
        read: A few characters there, as they were read.
        utf8: The same in UTF-8.
    """

    line: int
    read: str
    utf8: str


class Transcoding:
    """Some text on its way from one encoding to UTF-8 without a byte-order mark.

    Attributes:
        misfit: The first bytes that could not be read, once they were met.
    """

    def __init__(self, pieces: Iterable[bytes], encoding: str) -> None:
        """Take the text.

        Args:
            pieces: Its bytes; memory is needed for a few pieces, not for all.
            encoding: What it is in, as ``known`` spells it.
        """
        self._pieces = pieces
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._place = Place()
        self._begun = False
        self._taken = 0
        self._twin = _Twin(encoding)
        self.misfit: Misfit | None = None

    def __iter__(self) -> Iterator[bytes]:
        """Yield the text in UTF-8; once only.

        Raises:
            OSError: The bytes cannot be read.
        """
        for piece in self._pieces:
            yield self._converted(piece, is_last=False)
        yield self._converted(b"", is_last=True)

    @property
    def lookalike(self) -> Lookalike | None:
        """Where the text, all of which was read, might be meant as UTF-8; None if nowhere."""
        return self._twin.lookalike

    def _converted(self, piece: bytes, *, is_last: bool) -> bytes:
        text = self._decoded(piece, is_last=is_last)
        self._twin.take(piece, self._place, is_last=is_last)
        self._taken += len(piece)
        if not self._begun and text:
            self._begun = True
            text = text.removeprefix(BYTE_ORDER_MARK)
        self._place.advance(text)
        return text.encode()

    def _decoded(self, piece: bytes, *, is_last: bool) -> str:
        before = self._decoder.getstate()
        try:
            return self._decoder.decode(piece, is_last)
        except UnicodeDecodeError as bad:
            self._decoder.setstate(before)
            self._note(bad, len(piece), before)
        self._decoder.errors = "replace"
        return self._decoder.decode(piece, is_last)

    def _note(self, bad: UnicodeDecodeError, piece_bytes: int, state: tuple[bytes, int]) -> None:
        """Say where bytes are that cannot be read, and leave the decoder as it was."""
        held_over = len(bad.object) - piece_bytes
        text = self._decoder.decode(bad.object[held_over : max(bad.start, held_over)])
        self._decoder.setstate(state)
        place = replace(self._place)
        place.advance(text if self._begun else text.removeprefix(BYTE_ORDER_MARK))
        offset = self._taken - held_over + bad.start
        strange = bad.object[bad.start : bad.end]
        one = len(strange) == 1
        fault = f"mean{'s' if one else ''} nothing in it"
        if any(each in bad.reason for each in _CUT):
            fault = f"{'is' if one else 'are'} only half a character"
        self.misfit = Misfit(
            place.line,
            f"{told(strange)} in line {place.line:,}, character {place.character:,}"
            f" (byte {offset:,} of the file) {fault}",
        )


class _Twin:
    """Reads the same bytes as UTF-8, for as long as they can be that."""

    def __init__(self, encoding: str) -> None:
        self._encoding = encoding
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._first: Lookalike | None = None
        self._fits = True

    @property
    def lookalike(self) -> Lookalike | None:
        return self._first if self._fits else None

    def take(self, piece: bytes, place: Place, *, is_last: bool) -> None:
        """Read on; ``place`` is where the piece begins."""
        if b"\0" in piece:
            self._fits = False  # so is UTF-16, which can be read as UTF-8 only by chance
        if not self._fits or (self._first is None and piece.isascii()):
            return
        try:
            self._decoder.decode(piece, is_last)
        except UnicodeDecodeError:
            self._fits = False
        self._first = self._first or self._look(piece, replace(place))

    def _look(self, piece: bytes, place: Place) -> Lookalike:
        """Read the surroundings of the first byte beyond ASCII in both ways."""
        at = next(index for index, byte in enumerate(piece) if byte > ASCII_MAX)
        start = max(0, at - AROUND_BYTES)
        around = piece[start : at + AROUND_BYTES]
        place.advance(piece[:at].decode("ascii"))
        read, utf8 = (
            word_at(around.decode(each, "replace"), at - start)
            for each in (self._encoding, "utf-8")
        )
        return Lookalike(place.line, read, utf8)
