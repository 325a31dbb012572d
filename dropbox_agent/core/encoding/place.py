"""Places in a text that is read piece by piece: lines and characters as an editor counts them."""

from dataclasses import dataclass
from typing import Final

ASCII_MAX: Final = 0x7F
FEW: Final = 8
"""How many characters around a place are shown: enough to recognise a word by."""

_BOUNDS: Final = " ,;|\t\r\n\"'"


@dataclass(slots=True)
class Place:
    """Where a text has been read to.

    Attributes:
        line: Number of the physical line.
        character: Number of the next character within the line.
    """

    line: int = 1
    character: int = 1
    _after_return: bool = False

    def advance(self, text: str) -> None:
        """Go on behind some text."""
        if not text:
            return
        ends = text.count("\n") + text.count("\r") - text.count("\r\n")
        self.line += ends - (self._after_return and text[0] == "\n")
        end = max(text.rfind("\n"), text.rfind("\r")) + 1
        self.character = len(text) - end + (1 if end else self.character)
        self._after_return = text[-1] == "\r"


def word_at(text: str, place: int) -> str:
    """Show a few characters around a place in a text, none of them of another cell."""
    start = max((text.rfind(each, 0, place) + 1 for each in _BOUNDS), default=0)
    ends = [end for each in _BOUNDS if (end := text.find(each, place)) >= 0]
    start, end = max(start, place - FEW), min([*ends, place + FEW + 1])
    return f"'{''.join(each if each.isprintable() else '?' for each in text[start:end])}'"


def told(bad: bytes) -> str:
    """Name some bytes."""
    shown = " ".join(f"0x{byte:02X}" for byte in bad[:4])
    return f"byte {shown}" if len(bad) == 1 else f"bytes {shown}"
