"""Which files are expected when, and which of them have not come.

Times of day are those of a place whose zone is handed in, also on the days its clocks change.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Final, Self

from dropbox_agent.core.job import Job
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import Json

TOLERANCE: Final = 0.1
"""How much longer than said a file may take, as a share: nothing comes to the second."""

LATE: Final = 0.25
"""A file that comes within this share of the time to the next one is a late one, not an early."""

A_DAY: Final = timedelta(days=1)
LONGEST_GAP: Final = timedelta(days=7)
LOOK_BACK: Final = timedelta(days=31)
"""How far back it is told since when a file is missing."""


@dataclass(frozen=True, slots=True)
class Every:
    """One file at least in each period of this length."""

    period: timedelta

    def missed(self, known: "Known", now: datetime, _zone: tzinfo) -> datetime | None:
        """Say when the file was due that has not come; None if all is well."""
        due = (known.last or known.since) + self.period
        return due if now > due + self.period * TOLERANCE else None


@dataclass(frozen=True, slots=True)
class By:
    """One file by each of these times of day.

    A file counts for the next time from the day of that time on, or earlier if it is too long
    after the time before to be a late one.

    Attributes:
        times: In order.
        weekdays: On which days, from 0 for Monday.
    """

    times: tuple[time, ...]
    weekdays: frozenset[int] = frozenset(range(7))

    def missed(self, known: "Known", now: datetime, zone: tzinfo) -> datetime | None:
        """Say when the file was due that has not come; None if all is well."""
        begin = max(known.last or known.since, now - LOOK_BACK)
        due = self._due(begin - LONGEST_GAP - A_DAY, now, zone)
        for before, at in pairwise(due):
            counts_from = at if known.last is None else _counts_from(before, at, zone)
            if begin < counts_from:
                return at
        return None

    def _due(self, begin: datetime, end: datetime, zone: tzinfo) -> Iterator[datetime]:
        """List the moments at which a file should have come."""
        day, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
        while day <= last:
            if day.weekday() in self.weekdays:
                moments = (_moment(day, each, zone) for each in self.times)
                yield from (moment for moment in moments if moment <= end)
            day += A_DAY


def _counts_from(before: datetime, at: datetime, zone: tzinfo) -> datetime:
    midnight = _moment(at.astimezone(zone).date(), time(), zone)
    return max(before, min(midnight, before + (at - before) * LATE))


def _moment(day: date, at: time, zone: tzinfo) -> datetime:
    """Tell when a clock on the wall shows a time; the later moment where the clocks change."""
    shown = datetime.combine(day, at, zone)
    return max(shown.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


@dataclass(frozen=True, slots=True)
class Expectation:
    """A file that should come again and again.

    Attributes:
        text: As somebody has written it.
        kind: Its kind.
        pattern: What its path below the kind's inbox is like; None for any.
        rhythm: How often.
    """

    text: str
    kind: Kind
    pattern: str | None
    rhythm: Every | By

    def covers(self, path: str) -> bool:
        """Whether a file at this path below the inbox is the one."""
        kind, _, below = path.replace("\\", "/").partition("/")
        if kind != self.kind or self.pattern is None:
            return kind == self.kind
        same_depth = below.count("/") == self.pattern.count("/")
        return same_depth and fnmatchcase(below.lower(), self.pattern.lower())


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the file that is expected.

    Attributes:
        since: Since when it has been waited for.
        last: When the last one came; None if none ever has.
        told: Whether people have been told that it is missing.
    """

    since: datetime
    last: datetime | None = None
    told: bool = False

    def up_to(self, now: datetime) -> "Known":
        """Return the same with nothing in the future, where a clock that was wrong has put it."""
        return replace(self, since=min(self.since, now), last=self.last and min(self.last, now))


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of the inboxes.

    Attributes:
        paths: Of drops: what is there has come, and only waits.
        crowded: The kinds with so many drops that not all of their paths are here: what is not
            seen of those may have come all the same.
    """

    paths: tuple[str, ...]
    crowded: frozenset[str] = frozenset()

    @classmethod
    def told_by(cls, status: Json) -> Self:
        """Return what a heartbeat tells of them."""
        told = Counter(each["kind"] for each in status["drops"])
        crowded = (each["kind"] for each in status["crowds"] if each["drops"] > told[each["kind"]])
        return cls(tuple(each["path"] for each in status["drops"]), frozenset(crowded))


@dataclass(frozen=True, slots=True)
class Missing:
    """A file that should have come.

    Attributes:
        expectation: Which.
        since: When it was due.
        last: When the last one came; None if none ever has.
    """

    expectation: Expectation
    since: datetime
    last: datetime | None

    def sentence(self, zone: tzinfo) -> str:
        """Tell it in one sentence."""
        last = f"the last one came at {clock(self.last, zone)}" if self.last else "none ever came"
        return f"It was due at {clock(self.since, zone)}; {last}."


def clock(at: datetime, zone: tzinfo) -> str:
    """Write a time for people, as their own clocks show it."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def all_known(
    expectations: Sequence[Expectation],
    kept: Mapping[str, Known],
    last_of: Callable[[Expectation], datetime | None],
    now: datetime,
) -> dict[str, Known]:
    """Put together what is known of each expected file, by the text of its expectation.

    Args:
        expectations: What should come.
        kept: What was known before.
        last_of: Says when the last one came, as far as the journal still has it.
        now: Since when those are waited for of which nothing is known.
    """
    found = {}
    for each in expectations:
        known = kept.get(each.text, Known(now)).up_to(now)
        recorded = last_of(each)
        if known.last and recorded and recorded > now:
            recorded = None  # or each start would take it for a file that comes just now
        moments = [at for at in (known.last, recorded) if at]
        found[each.text] = replace(known, last=max(moments, default=None)).up_to(now)
    return found


def missing(
    expectations: Sequence[Expectation],
    known: Mapping[str, Known],
    in_sight: Sight,
    now: datetime,
    zone: tzinfo,
) -> tuple[Missing, ...]:
    """Find the files that should have come and have not.

    Args:
        expectations: What should come.
        known: What is known of each, by its text; what is not in it is waited for from now on.
        in_sight: What is in the inboxes.
        now: The time of day.
        zone: The zone of times of day.
    """
    found = []
    for each in expectations:
        its = known.get(each.text, Known(now))
        due = each.rhythm.missed(its, now, zone)
        if due is not None and not any(map(each.covers, in_sight.paths)):
            found.append(Missing(each, due, its.last))
    return tuple(found)


def place_of(job: Job) -> str:
    """Say where below the inbox the file of a job lay."""
    return "/".join(filter(None, (job.kind, job.folder, job.name)))
