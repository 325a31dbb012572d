"""When a drop has settled: a set of gates over what the inbox listing shows.

A drop is claimed when every gate is open. mtime is never taken as age: transfer tools preserve
it. Time is counted from the last change that we saw ourselves, on our own monotonic clock.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase

from dropbox_agent.core.kind import Kind

IGNORED_NAMES = (
    ".*", "~*", "*~", "*.tmp", "*.temp", "*.part", "*.partial", "*.filepart", "*.crdownload",
    "*.download", "*.writing", "*.inprogress", "*.uploading", "*.!sync", "*.camellock",
    "*.bts-wip", "*.swp", "thumbs.db", "desktop.ini",
)  # fmt: skip
"""Names that transfer tools, editors and desktops give to what is not (yet) a drop."""


LEAST_WRITER_SECONDS = 1.0
"""How long to wait at least before asking again whether a writer has gone."""


class Gate(StrEnum):
    """What a drop has to pass before it is claimed, in the order of asking."""

    NAME = "name"
    """It is called ``*.csv`` and not on the ignore list."""

    REGULAR = "regular"
    """It is a plain file, not a folder, link, pipe or device."""

    NOT_EMPTY = "not empty"
    """It has content; an empty file may be a placeholder for what is still coming."""

    QUIET = "quiet"
    """Nothing about it has changed for the settle time."""

    WRITER = "writer"
    """No program has it open for writing."""

    CLAIM = "claim"
    """The operating system lets us move it."""

    ROOM = "room"
    """Few enough jobs are under way."""


class Writer(StrEnum):
    """Whether a program has a file open for writing."""

    FREE = "free"
    BUSY = "busy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One entry of an inbox folder, as a listing showed it.

    Attributes:
        path: Path below the inbox, in the operating system's own spelling.
        kind: The kind whose folder it lies in.
        folder: Coupon set folder it lies in; None directly below the kind.
        name: Last element of the path.
        regular: Whether it is a plain file.
        size: Bytes.
        inode: The file's identity.
        mtime_ns: Evidence of change, never of age.
        ctime_ns: Likewise.
    """

    path: str
    kind: Kind
    folder: str | None
    name: str
    regular: bool
    size: int
    inode: int
    mtime_ns: int
    ctime_ns: int


@dataclass(frozen=True, slots=True)
class SettleRules:
    """How long the gates stay shut.

    Attributes:
        quiet_seconds: How long nothing may change; counts double where nobody can tell whether a
            writer is there.
        empty_hold_seconds: How long an empty file may be a placeholder.
        ignore: More name patterns to leave alone.
    """

    quiet_seconds: float = 5.0
    empty_hold_seconds: float = 60.0
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one drop stands.

    Attributes:
        seen: What the last listing showed.
        gate: The first gate that is shut; None when all that can be known without touching the
            file are open.
        since: When it last changed, on the monotonic clock.
        opens_at: When the gate opens if nothing changes; None when time alone does not open it.
        why: What keeps the gate shut, where its name does not say it.
    """

    seen: Sighting
    gate: Gate | None
    since: float
    opens_at: float | None = None
    why: str = ""


@dataclass(slots=True)
class _Drop:
    """What we remember of one drop between two looks."""

    seen: Sighting
    changed_at: float
    writer: Writer | None = None
    blocked_until: float = 0.0
    blocked_why: str = ""


def is_wanted(name: str, ignore: Iterable[str] = ()) -> bool:
    """Whether a name is that of a drop: ``*.csv`` in any case, and on no ignore list."""
    folded = name.lower()
    patterns = (*IGNORED_NAMES, *(pattern.lower() for pattern in ignore))
    return folded.endswith(".csv") and not any(fnmatchcase(folded, each) for each in patterns)


class Settling:
    """Remembers the drops in sight and says which of them have settled."""

    def __init__(self, rules: SettleRules) -> None:
        """Begin with nothing in sight."""
        self._rules = rules
        self._drops: dict[str, _Drop] = {}
        self._opens_at: float | None = None
        self._is_stale = False

    def look(
        self, sightings: Iterable[Sighting], now: float, unseen: Collection[Kind] = ()
    ) -> None:
        """Take in a listing of the inboxes.

        Args:
            sightings: What is there.
            now: On the monotonic clock.
            unseen: Kinds whose inbox could not be listed: their drops are not forgotten.
        """
        self._is_stale = True
        before = self._drops
        self._drops = {path: drop for path, drop in before.items() if drop.seen.kind in unseen}
        for seen in sightings:
            known = before.get(seen.path)
            if known is None:
                self._drops[seen.path] = _Drop(seen, changed_at=now)
                continue
            if known.seen != seen:
                known.seen, known.changed_at, known.writer = seen, now, None
            self._drops[seen.path] = known

    def ripe(self, now: float) -> list[Sighting]:
        """List the drops whose every gate but the writer's is open, the longest quiet first.

        Files found in the same look keep the order of their own times, then of their names: it is
        all there is to tell which of them was meant to come first.
        """
        open_ = [drop for drop in self._drops.values() if self._stand(drop, now).gate is None]
        open_.sort(key=lambda drop: (drop.changed_at, drop.seen.mtime_ns, drop.seen.path))
        return [drop.seen for drop in open_]

    def probed(self, seen: Sighting, writer: Writer, now: float) -> bool:
        """Take in what the writer probe said; True when the drop has settled."""
        self._is_stale = True
        drop = self._drops[seen.path]
        drop.writer = writer
        if writer is Writer.BUSY:
            drop.changed_at = now
        return writer is not Writer.BUSY and self._stand(drop, now).gate is None

    def blocked(self, seen: Sighting, why: str, now: float, retry_seconds: float) -> None:
        """Remember that a drop could not be claimed, and when to try again."""
        self._is_stale = True
        if drop := self._drops.get(seen.path):
            drop.blocked_until, drop.blocked_why = now + retry_seconds, why

    def taken(self, seen: Sighting) -> None:
        """Forget a drop that was claimed."""
        self._is_stale = True
        self._drops.pop(seen.path, None)

    def standings(self, now: float) -> Iterator[Standing]:
        """Tell where every drop in sight stands."""
        return (self._stand(drop, now) for drop in self._drops.values())

    def opens_at(self) -> float | None:
        """Tell when the next drop will have settled if nothing changes, on the monotonic clock.

        In the past when one has settled and was not claimed; None when there is none to come.
        """
        if self._is_stale:
            regular = (drop for drop in self._drops.values() if drop.seen.regular)
            times = (max(at for _, at, _ in self._timed_gates(drop)) for drop in regular)
            self._opens_at = min(times, default=None)
            self._is_stale = False
        return self._opens_at

    def _stand(self, drop: _Drop, now: float) -> Standing:
        standing = Standing(drop.seen, None, drop.changed_at)
        if not drop.seen.regular:
            return replace(
                standing,
                gate=Gate.REGULAR,
                why="not a plain file, or a folder that cannot be listed",
            )
        for gate, opens_at, why in self._timed_gates(drop):
            if now < opens_at:
                return replace(standing, gate=gate, opens_at=opens_at, why=why)
        return standing

    def _timed_gates(self, drop: _Drop) -> Iterator[tuple[Gate, float, str]]:
        """List the gates that time alone opens, with that time, in the order of asking."""
        quiet = self._rules.quiet_seconds * (2 if drop.writer is Writer.UNKNOWN else 1)
        if drop.seen.size == 0:
            hold = max(quiet, self._rules.empty_hold_seconds)
            yield Gate.NOT_EMPTY, drop.changed_at + hold, "empty so far"
        if drop.writer is Writer.BUSY:
            again = max(quiet, LEAST_WRITER_SECONDS)
            yield Gate.WRITER, drop.changed_at + again, "a program has it open for writing"
        yield Gate.QUIET, drop.changed_at + quiet, "it changed a moment ago"
        yield Gate.CLAIM, drop.blocked_until, drop.blocked_why
