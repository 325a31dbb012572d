"""Finding our import on the server after an answer was lost.

Nothing that we send carries a name the server would give back. So before each send we note which
imports it lists, and afterwards ours is the one that was not there, is of our type, options and
number of rows, came over the API, and belongs to no other job.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dropbox_agent.core.imports import Import, ImportId
from dropbox_agent.core.job import Part
from dropbox_agent.core.kind import Kind


@dataclass(frozen=True, slots=True)
class Found:
    """Exactly one import can be ours."""

    imported: Import


@dataclass(frozen=True, slots=True)
class NotThere:
    """No import can be ours. The list may lag, so this is final only after a grace period."""


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Several imports could be ours, or one could that the server counts other rows in."""

    candidates: tuple[ImportId, ...]


Finding = Found | NotThere | CannotTell


def find_ours(
    part: Part, kind: Kind, listed: Iterable[Import], owned: frozenset[ImportId]
) -> Finding:
    """Look for the import that a send with unknown outcome may have made.

    Args:
        part: What was sent, with the ids known before.
        kind: What its rows are.
        listed: The server's imports as it shows them now.
        owned: Ids that belong to other jobs.
    """
    like_ours = [
        each
        for each in listed
        if _is_new(each, part) and each.id not in owned and _is_like(each, part, kind)
    ]
    ours = [each for each in like_ours if each.total in {None, 0, part.slice.rows}]
    if len(ours) == 1:
        return Found(ours[0])
    if like_ours:
        return CannotTell(tuple(each.id for each in like_ours))
    return NotThere()


def _is_new(listed: Import, part: Part) -> bool:
    """Whether an import was made after we looked last.

    Ids alone do not tell: when imports are deleted on the server, older ones take their place in
    the list. Times are compared with each other only, never with our own clock.
    """
    is_older = (
        listed.created_at is not None
        and part.newest_known_at is not None
        and listed.created_at < part.newest_known_at
    )
    return listed.id not in part.known and not is_older


def _is_like(listed: Import, part: Part, kind: Kind) -> bool:
    """Whether type, origin and options are those of the part; what is not told speaks for it."""
    return (
        listed.kind is kind
        and listed.origin in {"", "api"}
        and listed.options in {None, part.options}
    )
