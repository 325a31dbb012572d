"""Coupon sets, and which of them a folder or a setting means: by id, or by a name people know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from dropbox_agent.core.checking.rule import quoted
from dropbox_agent.core.job import Reason

SET_UNKNOWN = "coupon-set-unknown"
SET_UNSUITABLE = "coupon-set-single"
SINGLE = "single"
"""The type of a set with one code for everybody (documented); codes go into ``multiple`` sets."""

MOST_NAMED = 5
"""How many sets a message names."""


@dataclass(frozen=True, slots=True)
class CouponSet:
    """One coupon set of the account.

    Attributes:
        id: What an import names it by.
        name: What people call it.
        type: The server's word: ``single`` or ``multiple``; empty when it does not tell.
    """

    id: str
    name: str
    type: str = ""

    @property
    def takes_codes(self) -> bool:
        """Whether codes can be imported into it."""
        return self.type != SINGLE

    def __str__(self) -> str:
        return f"{quoted(self.name)} ({self.id})"


def choose_set(wanted: str, sets: Sequence[CouponSet]) -> str | Reason:
    """Return the id of the set that is meant, or the reason why none can be.

    Args:
        wanted: An id or a name, as somebody wrote it. Capitals and spaces at the ends count for
            nothing where the name is unique without them.
        sets: All that the account has.
    """
    found = _meant(wanted, sets)
    if not found:
        return _unknown(wanted, sets)
    if len(found) > 1:
        return _ambiguous(wanted, found)
    (only,) = found
    return only.id if only.takes_codes else _unsuitable(only, sets)


def _meant(wanted: str, sets: Sequence[CouponSet]) -> list[CouponSet]:
    """List the sets that go by this id or name, by the strictest reading that fits any."""
    readings = (
        [each for each in sets if each.id == wanted],
        [each for each in sets if each.id == wanted.lower()],
        [each for each in sets if _composed(each.name) == _composed(wanted)],
        [each for each in sets if _folded(each.name) == _folded(wanted)],
    )
    return next(filter(None, readings), [])


def _composed(name: str) -> str:
    """Write letters with accents in one way: file systems and browsers differ in it."""
    return normalize("NFC", name)


def _folded(name: str) -> str:
    return " ".join(normalize("NFKC", name).casefold().split())


def _unknown(wanted: str, sets: Sequence[CouponSet]) -> Reason:
    from difflib import get_close_matches

    takers = {_folded(each.name): each for each in sets if each.takes_codes}
    near = get_close_matches(_folded(wanted), takers, n=MOST_NAMED, cutoff=0.5)
    if near:
        hint = f"Did you mean {_listed(takers[each] for each in near)}?"
    elif takers:
        hint = f"The account has {_listed(takers.values())}."
    else:
        hint = "The account has none that takes codes: make one in Connectif."
    return Reason(
        SET_UNKNOWN,
        f"The account has no coupon set with the name or id {quoted(wanted)}.",
        f"{hint} {_RENAME}",
    )


def _ambiguous(wanted: str, found: Sequence[CouponSet]) -> Reason:
    return Reason(
        "coupon-set-ambiguous",
        f"More than one coupon set goes by the name {quoted(wanted)}: {_listed(found)}.",
        "Use the id of the one that is meant in place of the name.",
    )


def _unsuitable(found: CouponSet, sets: Iterable[CouponSet]) -> Reason:
    takers = [each for each in sets if each.takes_codes]
    others = f"Choose one of type 'multiple': {_listed(takers)}." if takers else ""
    return Reason(
        SET_UNSUITABLE,
        f"The coupon set {found} is of type 'single': it has one code for everybody, and no codes "
        "can be imported into it.",
        f"{others or 'Make a set of type multiple in Connectif.'} {_RENAME}",
    )


def _listed(sets: Iterable[CouponSet]) -> str:
    words = list(map(str, sets))
    more = f" and {len(words) - MOST_NAMED} more" if len(words) > MOST_NAMED else ""
    return ", ".join(words[:MOST_NAMED]) + more


_RENAME = (
    "Name the folder inside inbox/vouchers, or VOUCHERS_COUPON_SET in agent.env, after the set: "
    "by its name or its id."
)
