"""How channels, topics and expected files are written."""

import re
from collections.abc import Iterator
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Annotated, Final

from pydantic import BeforeValidator, SecretStr

from dropbox_agent.core.channel import SCHEME, scheme_of
from dropbox_agent.core.digest import Topic
from dropbox_agent.core.expecting import By, Every, Expectation
from dropbox_agent.core.kind import Kind
from dropbox_agent.settings.faults import Unusable, shown

BETWEEN_CHANNELS: Final = re.compile(r"[\s,]+(?=[A-Za-z][A-Za-z0-9_]*://)")
CHANNEL_EXAMPLE: Final = "mailtos://user:password@mail.example.com?to=ops@example.com"

EXPECT_EXAMPLE: Final = "products every 24h; contacts/crm-*.csv by 07:00 mon-fri"
RHYTHM: Final = re.compile(r"(?P<what>.+)\s+(?P<word>every|by)\b\s*(?P<when>[^/]*)", re.IGNORECASE)
PERIOD: Final = re.compile(r"(\d{1,4}) *([mhd])", re.IGNORECASE)
TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
UNITS: Final = {"m": "minutes", "h": "hours", "d": "days"}
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DEEPEST: Final = {Kind.CONTACTS: 1, Kind.PRODUCTS: 1, Kind.VOUCHERS: 2}
"""How many names a path below the kind's inbox has at most."""


def _channels(text: str) -> tuple[SecretStr, ...]:
    """Never shows more of an address than its scheme."""
    channels = tuple(each.strip(" ,") for each in BETWEEN_CHANNELS.split(text) if each.strip(" ,"))
    for number, channel in enumerate(channels, 1):
        which = f"address {number}" if len(channels) > 1 else "the address"
        if not SCHEME.match(channel):
            raise Unusable(
                f"{which} does not begin with a scheme and ://.", instead=CHANNEL_EXAMPLE
            )
        which = f"{which} ({scheme_of(channel)}://)"
        if re.search(r"\s", channel):
            raise Unusable(
                f"there is a space in {which}; write it as %20.", instead=CHANNEL_EXAMPLE
            )
        if not channel.isprintable():
            raise Unusable(f"there is a control character in {which}.", instead=CHANNEL_EXAMPLE)
    return tuple(map(SecretStr, channels))


def _topics(text: str) -> frozenset[Topic]:
    words = re.split(r"[\s,]+", text.lower().strip(" ,"))
    if wrong := [each for each in words if each not in set(Topic)]:
        known = ", ".join(Topic)
        raise Unusable(f"{', '.join(map(shown, wrong))}: there is no such word; there are {known}.")
    return frozenset(map(Topic, words))


def _expectations(text: str) -> tuple[Expectation, ...]:
    """Read all that is expected, and tell all that is wrong with it at once."""
    found: dict[str, Expectation] = {}
    wrong = []
    for each in filter(None, (" ".join(part.split()) for part in text.split(";"))):
        try:
            found[each] = _expectation(each)
        except Unusable as fault:
            wrong.append(f"{shown(each)}: {fault.what}")
    if wrong:
        raise Unusable(" ".join(wrong), instead=EXPECT_EXAMPLE)
    return tuple(found.values())


def _expectation(text: str) -> Expectation:
    rhythm = RHYTHM.fullmatch(text)
    if rhythm is None:
        raise Unusable("it does not say every how long, or by when, such as every 24h.")
    kind, pattern = _what(rhythm["what"])
    if rhythm["word"].lower() == "every":
        return Expectation(text, kind, pattern, _every(rhythm["when"]))
    return Expectation(text, kind, pattern, _by(rhythm["when"]))


def _what(text: str) -> tuple[Kind, str | None]:
    word, slash, pattern = text.replace("\\", "/").partition("/")
    if word.lower() not in set(Kind):
        near = get_close_matches(word.lower(), list(Kind), n=1)
        meant = f"; {near[0]} perhaps?" if near else f"; there are {', '.join(Kind)}."
        raise Unusable(f"{shown(word)} is no inbox{meant}")
    kind = Kind(word.lower())
    names = pattern.split("/")
    if slash and not all(names):
        raise Unusable(f"there is no file name behind {word}/, such as {word}/*.csv.")
    if len(names) > DEEPEST[kind]:
        raise Unusable("only inbox/vouchers has folders, one for each coupon set.")
    return kind, pattern or None


def _every(text: str) -> Every:
    period = PERIOD.fullmatch(text)
    if period is None or int(period[1]) == 0:
        raise Unusable(f"{shown(text)} is no length of time such as 30m, 24h or 7d.")
    return Every(timedelta(**{UNITS[period[2].lower()]: int(period[1])}))


def _by(text: str) -> By:
    times, _, days = text.replace(", ", ",").partition(" ")
    found = [TIME.fullmatch(each) for each in times.split(",")]
    if not all(found):
        raise Unusable(f"{shown(times)} is no time of day such as 07:00, or 07:00,19:00.")
    moments = {time(int(each[1]), int(each[2])) for each in found if each}
    return By(tuple(sorted(moments)), frozenset(_days(days)) if days else frozenset(range(7)))


def _days(text: str) -> Iterator[int]:
    """Read ``mon-fri`` or ``mon,wed,sat-sun``; weeks may end anywhere."""
    for each in re.split(r"[\s,]+", text.lower()):
        first, dash, last = each.partition("-")
        if first not in DAYS or (dash and last not in DAYS):
            raise Unusable(f"{shown(each)} is no day such as mon, or mon-fri.")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        yield from (day % 7 for day in range(begin, end + 1 + (7 if end < begin else 0)))


Channels = Annotated[tuple[SecretStr, ...], BeforeValidator(_channels)]
Topics = Annotated[frozenset[Topic], BeforeValidator(_topics)]
Expectations = Annotated[tuple[Expectation, ...], BeforeValidator(_expectations)]
