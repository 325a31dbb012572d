"""Names of encodings: which of them can be declared, and how they are written for people."""

import codecs
import re
from difflib import get_close_matches
from encodings.aliases import aliases
from typing import Final

UTF_8: Final = "utf-8"
WIDE: Final = ("utf-16", "utf-32")

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:-]{0,39}")
_NO_EXPORTS: Final = {
    "idna",
    "mbcs",
    "oem",
    "punycode",
    "raw-unicode-escape",
    "undefined",
    "unicode-escape",
    "utf-7",
}
"""What no program exports, or means another thing on another machine."""

_OF_MAIL: Final = "iso2022"
"""Encodings of old e-mail, in which damaged text makes decoders fail in ways of their own."""

_ASCII: Final = b"ABC xyz 0189 @._-,;\"'\t\r\n"
_WINDOWS: Final = re.compile(r"cp(125\d)")
_ISO: Final = re.compile(r"iso8859-(\d+)")
_COLLOQUIAL: Final = {
    "ansi": "windows-1252",
    "excel": "windows-1252",
    "mac": "mac-roman",
    "unicode": "utf-16",
    "western": "windows-1252",
}


def known(name: str) -> str | None:
    """Return the name by which an encoding is called everywhere here; None if it cannot be used.

    It can be if Python knows it, and if it writes plain letters and line ends as ASCII does (or is
    UTF-16 or UTF-32): otherwise there is nothing that one could call a line of a CSV.

    Args:
        name: As somebody writes it, such as ``Latin1`` or ``cp1252``.
    """
    if not _NAME.fullmatch(name.strip()):
        return None
    try:
        codec = codecs.lookup(name.strip())
    except LookupError:
        return None
    spelt = _spelt(codec.name)
    if spelt in _NO_EXPORTS or spelt.startswith(_OF_MAIL) or codec.incrementaldecoder is None:
        return None
    return spelt if spelt.startswith(WIDE) or _keeps_ascii(spelt) else None


def nearest(name: str) -> str | None:
    """Return the encoding that was probably meant by a name that is none."""
    said = _squeezed(name)
    if meant := _COLLOQUIAL.get(said):
        return meant
    names = {_squeezed(each): each for each in _names()}
    found = get_close_matches(said, names, n=1, cutoff=0.7)
    return names[found[0]] if found else None


def _spelt(name: str) -> str:
    """Spell a name of Python's as the rest of the world does; Python knows it so as well."""
    name = name.lower().replace("_", "-")
    if name == "utf-8-sig":
        return UTF_8  # whether there is a byte-order mark, the file itself tells
    if found := _WINDOWS.fullmatch(name):
        return f"windows-{found[1]}"
    if found := _ISO.fullmatch(name):
        return f"iso-8859-{found[1]}"
    return name


def _keeps_ascii(name: str) -> bool:
    """Whether plain text is read as itself; codecs such as zlib and rot13 have names as well."""
    try:
        return _ASCII.decode(name) == _ASCII.decode()
    except (LookupError, UnicodeError):
        return False


def _names() -> list[str]:
    found = {known(each) for each in (*aliases, *aliases.values())}
    return sorted(each for each in found if each)


def _squeezed(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower().replace("win-", "windows-"))
