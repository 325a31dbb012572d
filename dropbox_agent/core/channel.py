"""The address of a channel for messages: what of it may be shown, and what must not."""

import re
from typing import Final

SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?=://)")
DELIMITERS: Final = re.compile(r"[/?&#@:=,;]")
PASSWORD: Final = re.compile(r"://[^/?#:@]*:([^/?#]*)@")
NAMED_SECRET: Final = re.compile(
    r"[?&][^=&]*(?:pass|token|key|secret|sig|auth)[^=&]*=([^&]+)", re.IGNORECASE
)
ESCAPED: Final = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
HOST: Final = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
IPV6: Final = re.compile(r"\[?[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*\]?")

SHORTEST: Final = 8
"""From how many letters on a piece of an address may be a secret by itself."""


def scheme_of(address: str) -> str:
    """Return what stands before ``://``, which is never a secret; a dash if nothing does."""
    found = SCHEME.match(address)
    return found[0].lower() if found else "-"


def is_host(text: str) -> bool:
    """Whether what stands where a host should is one: ``localhost``, an IP, a name with a dot.

    Many services have a token, a key or a topic there, which nobody else may know.
    """
    return bool(text.lower() == "localhost" or HOST.fullmatch(text.lower()) or IPV6.fullmatch(text))


def secrets_in(address: str) -> set[str]:
    """List the texts in an address that must never be shown: all of it, and what looks secret."""
    _, _, rest = address.partition("://")
    pieces = {piece for piece in DELIMITERS.split(rest) if _looks_secret(piece)}
    given = {*PASSWORD.findall(address), *NAMED_SECRET.findall(address)}
    found = {address, rest, *pieces, *given}
    return {text for text in found | {_unescaped(each) for each in found} if text}


def _looks_secret(piece: str) -> bool:
    """Guess whether a piece is random: mail.example.com and contacts are not, T1JJ3T3L2 is."""
    if len(piece) < SHORTEST or HOST.fullmatch(piece):
        return False
    return any(each.isdigit() for each in piece) or piece.lower() != piece != piece.upper()


def _unescaped(text: str) -> str:
    return ESCAPED.sub(_as_text, text)


def _as_text(found: re.Match[str]) -> str:
    return bytes.fromhex(found[0].replace("%", "")).decode(errors="replace")
