"""Which marker belongs to which drop: ``x.csv.done``, or ``x.done`` where only one can be meant."""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from dropbox_agent.core.naming import payload_ending

NO_FILE = "a marker whose file is not there"
UNCLEAR = "a marker for more than one file: let it begin with the whole name of its file"


class Pairing(NamedTuple):
    """What markers there are for drops. Markers are called by their names without the suffix.

    Attributes:
        markers: The marker of each drop that has one.
        left_over: Why the others mark nothing.
    """

    markers: dict[str, str]
    left_over: dict[str, str]


def marked_by(name: str) -> tuple[str, str]:
    """Name the markers that a drop may have, without the suffix: ``x.csv`` and ``x``."""
    return name, name[: -len(payload_ending(name))]


def pair(drops: Iterable[str], markers: Collection[str]) -> Pairing:
    """Find the marker of each drop.

    Args:
        drops: The names of all drops in a folder.
        markers: The names of all markers in it, without the suffix.
    """
    found = {name: name for name in drops if name in markers}
    shorts = {name: marked_by(name)[1] for name in drops if name not in found}
    wanted = Counter(short for short in shorts.values() if short in markers and short not in found)
    found.update((name, short) for name, short in shorts.items() if wanted[short] == 1)
    used = set(found.values())
    left_over = {
        marker: UNCLEAR if wanted[marker] else NO_FILE for marker in markers if marker not in used
    }
    return Pairing(found, left_over)
