"""The gates a drop has to pass before it is claimed: each one rule over what was observed of it.

A rule says whether its gate is shut, and why. mtime is never taken as age: transfer tools preserve
it. Time is counted from the last change that we saw ourselves, on our own monotonic clock.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import inf

from dropbox_agent.core.naming import shown
from dropbox_agent.core.sighting import Examined, Sighting, Writer

LEAST_WRITER_SECONDS = 1.0
"""How long to wait at least before asking again whether a writer has gone."""


class Gate(StrEnum):
    """What a drop has to pass before it is claimed, in the order of asking."""

    NAME = "name"
    """It is called ``*.csv``, ``*.csv.gz`` or ``*.zip``, and is on no ignore list."""

    REGULAR = "regular"
    """It is a plain file, not a folder, link, pipe or device."""

    NOT_EMPTY = "not empty"
    """It has content; an empty file may be a placeholder for what is still coming."""

    WRITER = "writer"
    """No program has it open for writing."""

    QUIET = "quiet"
    """Nothing about it has changed for the settle time."""

    DONE = "done"
    """Where senders put a marker beside a complete file: it is there, and agrees with the file."""

    WHOLE = "whole"
    """It does not end in the middle of a record."""

    CLAIM = "claim"
    """The operating system lets us move it."""

    ROOM = "room"
    """Few enough jobs are under way."""


@dataclass(frozen=True, slots=True)
class SettleRules:
    """How long the gates stay shut.

    Attributes:
        quiet_seconds: How long nothing may change; counts double where nobody can tell whether a
            writer is there.
        empty_hold_seconds: How long an empty file may be a placeholder.
        cut_hold_seconds: How long a file that ends in the middle of a record may still grow.
        done_suffix: What the names of markers end in; None where senders do not write any.
        stalled_seconds: After how long a drop that does not settle is worth a word.
    """

    quiet_seconds: float = 5.0
    empty_hold_seconds: float = 60.0
    cut_hold_seconds: float = 120.0
    done_suffix: str | None = None
    stalled_seconds: float = 3600.0


@dataclass(slots=True)
class Drop:
    """What we remember of one drop between two looks. All times are on the monotonic clock.

    Attributes:
        seen: What the last listing showed.
        found_at: When a listing showed it first.
        changed_at: When we saw it change last.
        writer: What the probe said since then; None if it was not asked.
        busy_since: When the probe first found the writer that is still there.
        examined: What a closer look found since the last change; None if there was none.
        blocked: Why it could not be moved, while that counts.
    """

    seen: Sighting
    found_at: float
    changed_at: float
    writer: Writer | None = None
    busy_since: float | None = None
    examined: Examined | None = None
    blocked: "Shut | None" = None

    def change(self, seen: Sighting, now: float) -> None:
        """Take in that it is not what it was; what was found out about it counts no more."""
        self.seen, self.changed_at = seen, now
        self.writer = self.examined = None

    def probe(self, writer: Writer, now: float) -> None:
        """Take in whether some program has it open for writing."""
        self.writer = writer
        if writer is not Writer.BUSY:
            self.busy_since = None
            return
        self.changed_at = now
        if self.busy_since is None:
            self.busy_since = now


@dataclass(frozen=True, slots=True)
class Shut:
    """A gate that is shut. All times are on the monotonic clock.

    Attributes:
        gate: Which one.
        why: What keeps it shut, in one clause.
        since: Since when.
        until: When time alone opens it; None if only a change does.
    """

    gate: Gate
    why: str
    since: float
    until: float | None = None


Rule = Callable[[Drop, SettleRules], Shut | None]


def _regular(drop: Drop, _: SettleRules) -> Shut | None:
    if drop.seen.regular:
        return None
    why = "not a plain file, or a folder that cannot be listed"
    return Shut(Gate.REGULAR, why, drop.found_at)


def _not_empty(drop: Drop, rules: SettleRules) -> Shut | None:
    if drop.seen.size:
        return None
    hold = max(_quiet_seconds(drop, rules), rules.empty_hold_seconds)
    return Shut(Gate.NOT_EMPTY, "empty so far", drop.changed_at, drop.changed_at + hold)


def _writer(drop: Drop, rules: SettleRules) -> Shut | None:
    if drop.busy_since is None:
        return None
    why = "a program has it open for writing"
    again = drop.changed_at + max(_quiet_seconds(drop, rules), LEAST_WRITER_SECONDS)
    return Shut(Gate.WRITER, why, drop.busy_since, again)


def _quiet(drop: Drop, rules: SettleRules) -> Shut | None:
    until = drop.changed_at + _quiet_seconds(drop, rules)
    return Shut(Gate.QUIET, "it changed a moment ago", drop.changed_at, until)


def _done(drop: Drop, rules: SettleRules) -> Shut | None:
    if rules.done_suffix is None:
        return None
    if drop.seen.marker is None:
        why = f"waits for the marker {shown(drop.seen.name)}{rules.done_suffix} beside it"
        return Shut(Gate.DONE, why, drop.changed_at)
    if drop.examined and (difference := drop.examined.unlike_marker):
        why = f"{shown(drop.seen.marker.name)} says otherwise: {difference}"
        return Shut(Gate.DONE, why, drop.changed_at)
    return None


def _whole(drop: Drop, rules: SettleRules) -> Shut | None:
    if drop.examined is None or drop.examined.cut is None:
        return None
    until = drop.changed_at + rules.cut_hold_seconds
    return Shut(Gate.WHOLE, drop.examined.cut, drop.changed_at, until)


def _claim(drop: Drop, _: SettleRules) -> Shut | None:
    return drop.blocked


RULES: tuple[Rule, ...] = (_regular, _not_empty, _writer, _quiet, _done, _whole, _claim)
"""In the order of asking."""


def first_shut(drop: Drop, rules: SettleRules, now: float) -> Shut | None:
    """Return the first gate that is shut for a drop; None when all are open."""
    return next(iter(shut_gates(drop, rules, now)), None)


def shut_gates(drop: Drop, rules: SettleRules, now: float) -> Iterator[Shut]:
    """List the gates that are shut for a drop, in the order of asking."""
    for rule in RULES:
        shut = rule(drop, rules)
        if shut and (shut.until is None or now < shut.until):
            yield shut


def opens_at(drop: Drop, rules: SettleRules) -> float:
    """Tell when the last gate opens if nothing changes; infinity if time alone is not enough."""
    shut = [each for rule in RULES if (each := rule(drop, rules))]
    if any(each.until is None for each in shut):
        return inf
    return max((each.until for each in shut if each.until is not None), default=drop.changed_at)


def _quiet_seconds(drop: Drop, rules: SettleRules) -> float:
    return rules.quiet_seconds * (2 if drop.writer is Writer.UNKNOWN else 1)
