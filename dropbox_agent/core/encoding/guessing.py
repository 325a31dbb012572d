"""Guesses what text is encoded in that is not UTF-8.

``charset-normalizer`` knows how text looks in which encoding; but a file may hold no more than
one name with an umlaut. So its candidates are ranked once more by what a name never looks like,
and a guess is only called one where no other reading comes near.
"""

import unicodedata
from collections.abc import Sequence
from typing import Final, NamedTuple

from dropbox_agent.core.encoding.names import known
from dropbox_agent.core.encoding.place import ASCII_MAX, word_at

CANDIDATES: Final = (
    "cp1252",
    "cp1250",
    "cp1251",
    "mac_roman",
    "cp850",
    "shift_jis",
    "cp1254",
    "cp1253",
    "cp1257",
    "iso8859_2",
    "gb18030",
    "euc_kr",
    "big5",
    "euc_jp",
    "iso8859_15",
    "iso8859_9",
    "iso8859_7",
    "iso8859_5",
    "koi8_r",
    "cp852",
    "cp437",
    "cp866",
    "cp1255",
    "cp1256",
)
"""What exporters write, as Python calls it: the likelier, the further in front."""

COMMON_ONES: Final = 8
"""So many of them are common enough to be doubted about; the others come into question only where
none of these makes as much sense."""

SAMPLE_BYTES: Final = 16_384
MOST_OFFERED: Final = 4
ANY_MESS: Final = 2.0
"""charset-normalizer takes a price with its sign for a mess; what is one is decided here."""

MOST_ODD: Final = 0.5
CLEARLY_ODDER: Final = 0.2
CLEARLY_MESSIER: Final = 0.1
CLEARLY_STRANGER: Final = 0.15

_FOREIGN: Final = set("ƒ")
_COMMON: Final = set("€£¥§©®™°²³½¼¾ªº«»¿¡·•–—…‘’‚“”„‹›´×±\xa0、。・「」ー〜（）")  # noqa: RUF001 - meant
_APART: Final = set("©®™¼½¾±§¥")
_LATIN_END: Final = 0x24F
_JOINERS: Final = set("·’´ー・")  # noqa: RUF001 - likewise


class Reading(NamedTuple):
    """One way to read a text.

    Attributes:
        encoding: What it is taken for, as ``known`` spells it.
        word: A word of it as it reads then, or the middle of a long one.
    """

    encoding: str
    word: str


class Guess(NamedTuple):
    """What a text may be.

    Attributes:
        readings: The ways to read it that make sense, the likeliest first; perhaps none.
    """

    readings: tuple[Reading, ...]

    @property
    def is_sure(self) -> bool:
        """Whether no other reading comes near."""
        return len(self.readings) == 1


def guess(cells: Sequence[bytes]) -> Guess:
    """Guess what some cells are encoded in, and show by one of them what difference it makes.

    Args:
        cells: Some that hold characters beyond ASCII; one is enough, but more are better.
    """
    ranked = _ranked(b"\n".join(cells))
    if not ranked or ranked[0].oddness > MOST_ODD:
        return Guess(())
    near = [each.codec for each in ranked if not _is_behind(each, ranked[0])]
    readings: dict[str, Reading] = {}
    for codec, word in zip(near, _words(cells, near), strict=True):
        readings.setdefault(word, Reading(known(codec) or codec, word))
    return Guess(tuple(readings.values())[:MOST_OFFERED])


class _Candidate(NamedTuple):
    """An encoding in which the sample can be read.

    Attributes:
        oddness: Share of its characters beyond ASCII that stand where no such character stands.
        mess: How far from any text charset-normalizer finds it, from 0 to 1.
        strangeness: How far from any language it finds it, from 0 to 1.
        rank: Its place among the candidates.
        codec: Its name.
    """

    oddness: float
    mess: float
    strangeness: float
    rank: int
    codec: str


def _ranked(sample: bytes) -> Sequence[_Candidate]:
    """Bring the encodings in order in which the sample makes sense; one for each reading."""
    from charset_normalizer import from_bytes  # not before there is a file to guess about

    matches = from_bytes(sample, cp_isolation=list(CANDIDATES), threshold=ANY_MESS)
    found = []
    for match in matches:
        codec = min(match.could_be_from_charset, key=CANDIDATES.index)
        oddness = _oddness(str(match))
        found.append(
            _Candidate(oddness, match.chaos, 1 - match.coherence, CANDIDATES.index(codec), codec)
        )
    return sorted(found, key=lambda each: (*(round(value, 1) for value in each[:3]), each.rank))


def _is_behind(candidate: _Candidate, first: _Candidate) -> bool:
    return (
        (candidate.rank >= COMMON_ONES > first.rank)
        or candidate.oddness - first.oddness > CLEARLY_ODDER
        or candidate.mess - first.mess > CLEARLY_MESSIER
        or candidate.strangeness - first.strangeness > CLEARLY_STRANGER
    )


def _oddness(text: str) -> float:
    """Tell how many of the characters beyond ASCII stand where none does in a name or a price."""
    padded = f" {text} "
    beyond = [at for at, each in enumerate(padded) if not each.isascii()]
    odd = sum(_is_odd(*padded[at - 1 : at + 2]) for at in beyond)
    return odd / len(beyond) if beyond else 0.0


def _is_odd(before: str, char: str, behind: str) -> bool:
    if unicodedata.category(char)[0] in "LM" and char not in _FOREIGN:
        beside_ascii = any(each.isascii() and each.isalpha() for each in (before, behind))
        return _is_odd_capital(before, char, behind) or (ord(char) > _LATIN_END and beside_ascii)
    between_letters = before.isalpha() and behind.isalpha()
    misplaced = between_letters if char not in _APART else behind.isalpha()
    return char not in _COMMON or (misplaced and char not in _JOINERS)


def _is_odd_capital(before: str, char: str, behind: str) -> bool:
    """Whether a capital stands within a word, or by itself."""
    if not char.isupper() or before.isupper():
        return char.isupper() and behind.islower()
    return before.islower() or not behind.isalpha()


def _words(cells: Sequence[bytes], codecs: Sequence[str]) -> list[str]:
    """Show one word in several encodings: one that differs between the first two, if any does."""
    for cell in cells:
        texts = [cell.decode(codec, "replace") for codec in codecs[:2]]
        if len(set(texts)) > 1:
            at = _first_difference(*texts)
            break
    else:
        cell = cells[0]
        at = _first_beyond_ascii(cell)
    return [word_at(cell.decode(codec, "replace"), at) for codec in codecs]


def _first_difference(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (left, right) in pairs if left != right), 0)


def _first_beyond_ascii(cell: bytes) -> int:
    return next((at for at, byte in enumerate(cell) if byte > ASCII_MAX), 0)
