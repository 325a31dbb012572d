"""When a drop has settled: remembers the drops in sight, and which of their gates are shut."""

from collections.abc import Iterable
from dataclasses import dataclass
from heapq import nsmallest
from math import inf

from dropbox_agent.core.gates import Drop, Gate, SettleRules, Shut, first_shut, opens_at
from dropbox_agent.core.sighting import Examined, Sighting, Writer


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one drop stands. All times are on the monotonic clock.

    Attributes:
        seen: What the last listing showed.
        gate: The first gate that is shut; None when all are open.
        since: Since when it is shut; since when all are open.
        opens_at: When that gate opens if nothing changes; None when time alone does not open it.
        why: What keeps the gate shut, or the drop from being claimed with all gates open.
        found_at: When the drop was seen first.
        stalled: Whether it has been on its way for longer than it should be.
    """

    seen: Sighting
    gate: Gate | None
    since: float
    opens_at: float | None = None
    why: str = ""
    found_at: float = 0.0
    stalled: bool = False


class Settling:
    """Remembers the drops of one inbox and says which of them have settled."""

    def __init__(self, rules: SettleRules) -> None:
        """Begin with nothing in sight."""
        self._rules = rules
        self._drops: dict[str, Drop] = {}
        self._opens_at: dict[str, float] = {}

    def __len__(self) -> int:
        """Count the drops in sight."""
        return len(self._drops)

    def look(self, sightings: Iterable[Sighting], now: float) -> list[str]:
        """Take in a listing; return the paths of drops that no listing has shown before.

        Args:
            sightings: All that is there.
            now: On the monotonic clock.
        """
        before, self._drops = self._drops, {}
        new = []
        for seen in sightings:
            drop = before.get(seen.path)
            if drop is None:
                drop = Drop(seen, found_at=now, changed_at=now)
                new.append(seen.path)
            elif drop.seen is seen or drop.seen == seen:  # comparing members takes its time
                self._drops[seen.path] = drop
                continue
            else:
                drop.change(seen, now)
            self._drops[seen.path] = drop
            self._reckon(drop)
        for gone in self._opens_at.keys() - self._drops.keys():
            del self._opens_at[gone]
        return new

    def ripe(self, now: float) -> list[Sighting]:
        """List the drops all of whose known gates are open, the longest quiet first.

        Files found in the same look keep the order of their own times, then of their names: it is
        all there is to tell which of them was meant to come first.
        """
        open_ = [self._drops[path] for path, at in self._opens_at.items() if at <= now]
        open_.sort(key=lambda drop: (drop.changed_at, drop.seen.mtime_ns, drop.seen.path))
        return [drop.seen for drop in open_]

    def looked_again(self, seen: Sighting, found: Sighting | None, now: float) -> bool:
        """Take in what became of a drop since it was seen; True if nothing did.

        Args:
            seen: The drop as it was.
            found: As it is; None if it is gone.
            now: On the monotonic clock.
        """
        if (drop := self._drops.get(seen.path)) is None:
            return False
        if found is None:
            self.taken(seen)
        elif found != drop.seen:
            drop.change(found, now)
            self._reckon(drop)
        return found == seen

    def probed(self, seen: Sighting, writer: Writer, now: float) -> bool:
        """Take in what the writer probe said; True when all known gates are open still."""
        drop = self._drops[seen.path]
        drop.probe(writer, now)
        return self._reckon(drop) <= now

    def needs_examining(self, seen: Sighting) -> bool:
        """Whether nobody has looked closely at a drop since it changed last."""
        return self._drops[seen.path].examined is None

    def examined(self, seen: Sighting, found: Examined, now: float) -> bool:
        """Take in what a closer look found; True when the drop has settled."""
        drop = self._drops[seen.path]
        drop.examined = found
        return self._reckon(drop) <= now

    def blocked(self, seen: Sighting, why: str, now: float, retry_seconds: float) -> None:
        """Remember that a drop could not be claimed, and when to try again."""
        if drop := self._drops.get(seen.path):
            since = drop.blocked.since if drop.blocked else now
            drop.blocked = Shut(Gate.CLAIM, why, since, now + retry_seconds)
            self._reckon(drop)

    def taken(self, seen: Sighting) -> None:
        """Forget a drop that is not in the inbox any more."""
        if self._drops.pop(seen.path, None):
            del self._opens_at[seen.path]

    def standings(self, now: float, most: int) -> list[Standing]:
        """Tell where the drops in sight stand, those that open first at the front.

        Args:
            now: On the monotonic clock.
            most: How many to tell of at most.
        """
        paths = nsmallest(most, self._opens_at, key=self._opens_at.__getitem__)
        return [self._stand(self._drops[path], now) for path in paths]

    def stalled(self, now: float) -> list[Standing]:
        """Tell of the drops that have been on their way for longer than they should be."""
        since = now - self._rules.stalled_seconds
        shut = (self._drops[path] for path, at in self._opens_at.items() if at > now)
        late = (drop for drop in shut if drop.found_at <= since)
        standings = (self._stand(drop, now) for drop in late)
        return [each for each in standings if each.stalled]

    def oldest_found_at(self) -> float | None:
        """Tell when the drop that has been in sight for longest was found; None without drops."""
        return min((drop.found_at for drop in self._drops.values()), default=None)

    def opens_at(self) -> float:
        """Tell when the next drop will have settled if nothing changes, on the monotonic clock.

        In the past when one has settled and was not claimed; infinity when there is none to come.
        """
        return min(self._opens_at.values(), default=inf)

    def _reckon(self, drop: Drop) -> float:
        at = opens_at(drop, self._rules)
        self._opens_at[drop.seen.path] = at
        return at

    def _stand(self, drop: Drop, now: float) -> Standing:
        shut = first_shut(drop, self._rules, now)
        if shut is None:
            since = self._opens_at[drop.seen.path]
            return Standing(drop.seen, None, since, found_at=drop.found_at)
        return Standing(
            seen=drop.seen,
            gate=shut.gate,
            since=shut.since,
            opens_at=shut.until,
            why=shut.why,
            found_at=drop.found_at,
            stalled=now >= drop.found_at + self._rules.stalled_seconds,
        )
