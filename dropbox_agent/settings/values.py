"""What can be written as the value of a setting, and what it becomes.

Each type reads text; defaults are text as well, so that what the documentation shows is what
the program uses.
"""

import ipaddress
import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, SecretStr

from dropbox_agent.core.encoding import known, nearest
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import PAYLOAD_ENDINGS
from dropbox_agent.core.ordering import Order
from dropbox_agent.settings.faults import Unusable, shown

LONGEST_SECONDS: Final = 366 * 24 * 3600.0

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")

SIZE: Final = re.compile(r"(\d{1,9}(?:\.\d{1,3})?) *([kMG]?)(i?)B?", re.IGNORECASE)
POWERS: Final = {"": 0, "k": 1, "m": 2, "g": 3}

KEY_EXAMPLE: Final = "<key id>:<key secret>"


def _seconds(*, zero: bool) -> Callable[[str], float]:
    allowed = "0 or more" if zero else "more than 0"

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0 <= number <= LONGEST_SECONDS or (number == 0 and not zero):
            raise Unusable(f"{shown(text)} is not a number of seconds, {allowed}, such as 2.5.")
        return number

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise Unusable(f"{shown(text)} is not a whole number from {least} to {most}.")
        return int(text)

    return read


def _kinds(text: str) -> frozenset[Kind]:
    if (word := text.lower()) in {"skip", "import"}:
        return frozenset(Kind if word == "skip" else ())
    named = {each.strip() for each in word.split(",")}
    if not named <= set(Kind):
        kinds = ", ".join(Kind)
        raise Unusable(f"{shown(text)} is neither skip nor import nor some of these: {kinds}.")
    return frozenset(map(Kind, named))


def _choice(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in words:
            raise Unusable(f"{shown(text)} is none of these: {', '.join(words)}.")
        return text.lower()

    return read


def _truth(text: str) -> bool:
    word = text.lower()
    if word in {"true", "yes", "on", "1"}:
        return True
    if word in {"false", "no", "off", "0"}:
        return False
    raise Unusable(f"{shown(text)} is neither true nor false.")


def _size(text: str) -> int:
    match = SIZE.fullmatch(text)
    if match is None:
        raise Unusable(f"{shown(text)} is not a size such as 500 kB, 10 MB or 1 GB.")
    number, prefix, binary = match.groups()
    size = int(float(number) * (1024 if binary else 1000) ** POWERS[prefix.lower()])
    if size == 0:
        raise Unusable("the size must be more than 0.")
    return size


def _row_faults(text: str) -> str | float:
    word = text.lower()
    if word in {"warn", "reject"}:
        return word
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) *%", word)
    if match is None or float(match[1]) > 100:  # noqa: PLR2004 - a share in percent
        raise Unusable(f"{shown(text)} is neither warn nor reject nor a share such as 5%.")
    return float(match[1]) / 100


def _share(text: str) -> float | None:
    if not text:
        return None
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?) *%", text)
    if match is None or float(match[1]) > 100:  # noqa: PLR2004 - a share in percent
        raise Unusable(f"{shown(text)} is not a share such as 5%.")
    return float(match[1]) / 100


def _patterns(text: str) -> tuple[str, ...]:
    patterns = tuple(each.strip() for each in text.split(",") if each.strip())
    for pattern in patterns:
        if "/" in pattern or "\\" in pattern:
            raise Unusable(
                f"{shown(pattern)} can match nothing: patterns are compared with file names only, "
                "without folders.",
                instead="*.bak, draft-*",
            )
    return patterns


def _suffix(text: str) -> str | None:
    if not text:
        return None
    if not re.fullmatch(r"\.[A-Za-z0-9_.-]*[A-Za-z0-9_-]", text):
        raise Unusable(
            f"{shown(text)} is not the ending of a name: a dot, then letters and digits.",
            instead=".done",
        )
    if text.lower().endswith(PAYLOAD_ENDINGS):
        raise Unusable(f"{shown(text)} is what the files themselves end in.", instead=".done")
    return text


def _path(text: str) -> Path | None:
    if CONTROL.search(text):
        raise Unusable("there is a line end or another control character in the path.")
    return Path(os.path.expanduser(text)) if text else None  # noqa: PTH111 - "~nobody" may stay


def _key(text: str) -> SecretStr | None:
    """Never shows any of the text: it may be the key with a mistake in it."""
    if not text:
        return None
    if re.match(r"(apikey|authorization)[\s:=]", text, re.IGNORECASE):
        raise Unusable("the word apiKey is put before the key by us.", instead=KEY_EXAMPLE)
    if text[0] in "\"'" or text[-1] in "\"'":
        raise Unusable("there are quotation marks around the key.", instead=KEY_EXAMPLE)
    if not text.isprintable() or " " in text:
        raise Unusable("there is a space in the key.", instead=KEY_EXAMPLE)
    key_id, _, secret = text.partition(":")
    if not (key_id and secret and text.isascii()):
        raise Unusable("a key is two parts with a colon between them.", instead=KEY_EXAMPLE)
    return SecretStr(text)


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    if not host or re.search(r"\s", text) or parts.scheme not in {"http", "https"}:
        raise Unusable("this is not a web address that begins with https://.")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise Unusable("the address may have no user, password, ? or #.")
    if parts.scheme == "http" and not _is_loopback(host):
        raise Unusable(
            "with http:// everybody on the way could read the key; it is for this machine only.",
            instead=f"https://{parts.netloc}{parts.path}",
        )
    return text.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _coupon_set(text: str) -> str | None:
    """Any name may be one; whether there is such a set is for the account to tell."""
    if CONTROL.search(text):
        raise Unusable("there is a line end or another control character in the name.")
    return text or None


def _encoding(text: str) -> str | None:
    if text and known(text) is None:
        meant = nearest(text)
        hint = f"; {meant} perhaps?" if meant else ", such as windows-1252."
        raise Unusable(f"{shown(text)} is no encoding of text files{hint}", instead=meant or "")
    return known(text)


Seconds = Annotated[float, BeforeValidator(_seconds(zero=False))]
SecondsOrZero = Annotated[float, BeforeValidator(_seconds(zero=True))]
OneToTen = Annotated[int, BeforeValidator(_whole(1, 10))]
Count = Annotated[int, BeforeValidator(_whole(1, 10_000))]
Kinds = Annotated[frozenset[Kind], BeforeValidator(_kinds)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Size = Annotated[int, BeforeValidator(_size)]
RowFaults = Annotated[Literal["warn", "reject"] | float, BeforeValidator(_row_faults)]
ShareOrNone = Annotated[float | None, BeforeValidator(_share)]
Patterns = Annotated[tuple[str, ...], BeforeValidator(_patterns)]
SuffixOrNone = Annotated[str | None, BeforeValidator(_suffix)]
PathText = Annotated[Path, BeforeValidator(_path)]
PathOrNone = Annotated[Path | None, BeforeValidator(_path)]
ApiKey = Annotated[SecretStr | None, BeforeValidator(_key)]
Url = Annotated[str, BeforeValidator(_url)]
CouponSet = Annotated[str | None, BeforeValidator(_coupon_set)]
FieldsWord = Annotated[
    Literal["live", "documented"], BeforeValidator(_choice("live", "documented"))
]
Encoding = Annotated[str | None, BeforeValidator(_encoding)]
OrderWord = Annotated[Order, BeforeValidator(_choice("ordered", "relaxed"))]
LogLevel = Annotated[
    Literal["debug", "info", "warning", "error"],
    BeforeValidator(_choice("debug", "info", "warning", "error")),
]
LogForm = Annotated[Literal["text", "json"], BeforeValidator(_choice("text", "json"))]
RowValuesWord = Annotated[Literal["keep", "strip"], BeforeValidator(_choice("keep", "strip"))]
