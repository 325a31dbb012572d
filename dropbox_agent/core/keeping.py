"""What is kept for how long: which things of filed jobs are to go, the oldest first."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from dropbox_agent.core.job import JobId, Outcome
from dropbox_agent.core.kind import Kind


class Thing(StrEnum):
    """What there is of a filed job, in the order in which it goes."""

    FILES = "files"
    """The payload, and the rows to fix beside it."""

    REPORT = "report"
    """The report."""

    ENTRY = "entry"
    """What the journal remembers of it."""

    @property
    def setting(self) -> str:
        """The setting that says for how long it is kept."""
        return _SETTINGS[self]


_SETTINGS = {
    Thing.FILES: "AGENT_KEEP_FILES",
    Thing.REPORT: "AGENT_KEEP_REPORTS",
    Thing.ENTRY: "AGENT_KEEP_JOURNAL",
}


@dataclass(frozen=True, slots=True)
class Clause:
    """How much is kept of what has some outcomes; whichever bound is met first counts.

    Attributes:
        outcomes: Of which jobs.
        age: For how long after it was filed; None for ever.
        most_bytes: How much of it all together, the newest; None for any amount.
    """

    outcomes: frozenset[Outcome]
    age: timedelta | None = None
    most_bytes: int | None = None

    @property
    def is_for_ever(self) -> bool:
        """Whether it lets nothing go."""
        return self.age is None and self.most_bytes is None


@dataclass(frozen=True, slots=True)
class Keeping:
    """How much is kept of one thing. What no clause speaks of is kept for ever.

    Attributes:
        clauses: One for some outcomes each; no outcome is in two of them.
    """

    clauses: tuple[Clause, ...] = ()

    @property
    def is_for_ever(self) -> bool:
        """Whether nothing ever goes."""
        return all(clause.is_for_ever for clause in self.clauses)

    def clause_for(self, outcome: Outcome) -> Clause:
        """Say how much is kept of what has an outcome."""
        found = (clause for clause in self.clauses if outcome in clause.outcomes)
        return next(found, Clause(frozenset([outcome])))


class Entry(NamedTuple):
    """A filed job, as far as it matters here.

    Attributes:
        step: Its place in the order of filing.
        job_id: The job.
        kind: What its rows are.
        outcome: What became of it.
        name: The sender's file name.
        stem: The archive's names without their endings.
        since: From when on its age counts; None while that is not known.
        bytes: How large the thing of it is that it is about; 0 while nobody has asked.
    """

    step: int
    job_id: JobId
    kind: Kind
    outcome: Outcome
    name: str
    stem: str
    since: datetime | None
    bytes: int = 0


@dataclass(slots=True)
class Sizes:
    """Finds out from where on things are too much, told of them from the newest to the oldest.

    The newest one stays, however large it is.

    Attributes:
        keeping: How much is kept.
        too_much: For each clause the step of the newest entry that is too much.
    """

    keeping: Keeping
    too_much: dict[Clause, int] = field(default_factory=dict)
    _sums: dict[Clause, int] = field(default_factory=dict)

    @property
    def is_settled(self) -> bool:
        """Whether no older entry can change anything."""
        limited = {each for each in self.keeping.clauses if each.most_bytes is not None}
        return limited <= self.too_much.keys()

    def take(self, entry: Entry) -> None:
        """Count the next older entry."""
        clause = self.keeping.clause_for(entry.outcome)
        if clause.most_bytes is None or clause in self.too_much:
            return
        is_newest = clause not in self._sums
        self._sums[clause] = self._sums.get(clause, 0) + entry.bytes
        if self._sums[clause] > clause.most_bytes and not is_newest:
            self.too_much[clause] = entry.step

    def is_too_much(self, entry: Entry) -> bool:
        """Whether an entry is, or comes before, the first one that is too much of its clause."""
        bound = self.too_much.get(self.keeping.clause_for(entry.outcome))
        return bound is not None and entry.step <= bound


def may_follow(entries: Iterable[Entry], keeping: Keeping, sizes: Sizes, now: datetime) -> bool:
    """Whether behind some entries, in the order of filing, there can be one that is to go.

    Not if all of them are too young for any clause: those behind them are younger.
    """
    age = min((each.age for each in keeping.clauses if each.age is not None), default=None)
    last = max(sizes.too_much.values(), default=0)
    return any(each.step <= last or _is_old(each, age, now) for each in entries)


def is_due(entry: Entry, keeping: Keeping, sizes: Sizes, now: datetime) -> bool:
    """Whether a thing is to go.

    Args:
        entry: The job it belongs to.
        keeping: How much of such things is kept.
        sizes: Told of all entries there are, if sizes matter.
        now: The time of day.
    """
    age = keeping.clause_for(entry.outcome).age
    return _is_old(entry, age, now) or sizes.is_too_much(entry)


def _is_old(entry: Entry, age: timedelta | None, now: datetime) -> bool:
    return age is not None and entry.since is not None and now - entry.since > age


def due(entries: Iterable[Entry], keeping: Keeping, now: datetime) -> list[Entry]:
    """List which of all entries are to go, the oldest first."""
    known = sorted(entries)
    sizes = Sizes(keeping)
    for entry in reversed(known):
        sizes.take(entry)
    return [entry for entry in known if is_due(entry, keeping, sizes, now)]
