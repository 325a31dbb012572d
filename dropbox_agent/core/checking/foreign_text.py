"""Tells of a file that is not UTF-8: where it first shows, what it may be, what would help."""

import re
from typing import Final

from dropbox_agent.core.checking.rules_encoding import NOT_UTF8
from dropbox_agent.core.checking.tally import Tally
from dropbox_agent.core.encoding.guessing import SAMPLE_BYTES, Guess, guess
from dropbox_agent.core.encoding.place import told
from dropbox_agent.core.kind import Kind

LONGEST_CELL: Final = 2_048
CLEARLY_MORE: Final = 2
"""By this factor the cells that are UTF-8 must outnumber the others for a file to be damaged."""

ENOUGH_CELLS: Final = 2_000
"""So many cells in UTF-8 show that a file is meant to be, however many more there are."""

_BETWEEN_CELLS: Final = re.compile(rb"[\r\n\t,;|\"]+")


class ForeignText:
    """Text that is not UTF-8, met while a file is read.

    Args:
        bad: What was wrong with the first block that is not UTF-8.
        offset: Where that block begins in the file.
        line: The line of the bad byte.
        good: How many cells before that block are UTF-8 beyond ASCII.
    """

    def __init__(self, bad: UnicodeDecodeError, offset: int, line: int, *, good: int) -> None:
        self._line = line
        self._what = _place(bad, offset, line)
        self._at_end = bad.reason == "unexpected end of data"
        self._good = good
        self._room = SAMPLE_BYTES
        self._cells: list[bytes] = []

    def take(self, raw: bytes) -> None:
        """Look at a block that is not UTF-8; only the first few tell something new."""
        if self._room <= 0:
            return
        for cell in _BETWEEN_CELLS.split(raw):
            if cell.isascii() or self._room <= 0:
                continue
            if _is_utf8(cell):
                self._good += 1
            else:
                self._cells.append(cell[:LONGEST_CELL])
                self._room -= len(cell)

    def take_good(self, raw: bytes) -> None:
        """Look at a block in between that is UTF-8."""
        if self._room > 0 and self._good < ENOUGH_CELLS:
            self._good += cells_beyond_ascii(raw)

    def tell(self, tally: Tally, kind: Kind) -> str | None:
        """Put the fault on the tally; return the encoding if it is certain enough.

        Args:
            tally: For the fault.
            kind: Of the file, whose setting is named.
        """
        found = guess(self._cells)
        is_damaged = min(self._good, ENOUGH_CELLS) > CLEARLY_MORE * len(self._cells)
        looks = self._looks(found, is_damaged=is_damaged)
        instead = "" if is_damaged else setting_instead(found, kind)
        tally.add(NOT_UTF8, line=self._line, what=self._what, looks=looks, instead=instead)
        if is_damaged:
            return "utf-8"
        return found.readings[0].encoding if found.is_sure else None

    def _looks(self, found: Guess, *, is_damaged: bool) -> str:
        if self._at_end and (is_damaged or self._good):
            return "The file ends in the middle of a character, as if it had been cut off"
        if is_damaged:
            return (
                "Most of the text is UTF-8, so this place is damaged, or was put in by a program"
                " that writes another encoding"
            )
        end = "The file ends with it, so it may have been cut off. " if self._at_end else ""
        return end + _told_guess(found)


def cells_beyond_ascii(raw: bytes) -> int:
    """Count the cells of a block in UTF-8 that hold characters beyond ASCII."""
    return sum(not cell.isascii() for cell in _BETWEEN_CELLS.split(raw))


def tell_wide(encoding: str, tally: Tally, kind: Kind) -> None:
    """Put on the tally that a file is UTF-16 or UTF-32 without saying so."""
    what = f"it is {encoding}, two or four bytes a character, without a byte-order mark"
    instead = _instead(kind, encoding)
    tally.add(NOT_UTF8, what=what, looks="With a mark it is accepted", instead=instead)


def setting_instead(found: Guess, kind: Kind) -> str:
    """Say which setting would accept files in the likeliest encoding."""
    if not found.readings:
        return ""
    unsure = "" if found.is_sure else " If one of these readings is right, that can be declared."
    return unsure + _instead(kind, found.readings[0].encoding)


def _instead(kind: Kind, encoding: str) -> str:
    return (
        f" If all files for {kind} are {encoding}, you may instead write"
        f" {kind.upper()}_ENCODING={encoding} into agent.env."
    )


def _told_guess(found: Guess) -> str:
    if not found.readings:
        return "It does not look like text in another common encoding either"
    first, *others = found.readings
    if found.is_sure:
        return f"Most likely it is {first.encoding}, with words such as {first.word}"
    rest = " or ".join(f"{each.encoding} ({each.word})" for each in others)
    return f"What it is cannot be told for sure: {first.encoding} ({first.word}) or {rest}"


def _place(bad: UnicodeDecodeError, offset: int, line: int) -> str:
    before = bad.object[: bad.start]
    start = max(before.rfind(b"\n"), before.rfind(b"\r")) + 1
    character = len(before[start:].decode()) + 1
    return (
        f"{told(bad.object[bad.start : bad.start + 1])} in line {line:,}, character"
        f" {character:,} (byte {offset + bad.start:,} of the file) does not belong"
    )


def _is_utf8(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError:
        return False
    return True
