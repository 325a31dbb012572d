"""Which filed jobs somebody wants to see, and what they come to."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase

from dropbox_agent.core.job import Job, Outcome
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.telling import count


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; all of it must be so.

    Attributes:
        kinds: One of these.
        outcomes: One of these.
        since: Filed then or later.
        until: Filed before then.
        name: A pattern for the sender's file name, in any case; ``*`` and ``?`` stand for others.
    """

    kinds: Collection[Kind] = tuple(Kind)
    outcomes: Collection[Outcome] = tuple(Outcome)
    since: datetime | None = None
    until: datetime | None = None
    name: str | None = None

    def covers(self, job: Job) -> bool:
        """Whether a filed job is asked for."""
        at = filed_at(job)
        return (
            job.kind in self.kinds
            and job.outcome in self.outcomes
            and (self.since is None or at >= self.since)
            and (self.until is None or at < self.until)
            and (self.name is None or _is_like(job.name, self.name))
        )


def _is_like(name: str, pattern: str) -> bool:
    """Whether a name is like a pattern; in ``prices[1].csv`` brackets are letters like others."""
    return fnmatchcase(name.casefold(), pattern.casefold().replace("[", "[[]"))


def filed_at(job: Job) -> datetime:
    """Say when a filed job was filed."""
    return job.timeline[-1].at


@dataclass(slots=True)
class Sum:
    """What some filed jobs come to.

    Attributes:
        outcomes: How many there are of each.
        rows: Rows in their files.
        success: Rows that went in.
        errors: Rows that were refused.
    """

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    rows: int = 0
    success: int = 0
    errors: int = 0

    def add(self, job: Job) -> None:
        """Count one more."""
        if job.outcome is not None:
            self.outcomes[job.outcome] += 1
        self.rows += job.rows
        self.success += job.success
        self.errors += job.errors

    @property
    def jobs(self) -> int:
        """How many jobs there are."""
        return self.outcomes.total()

    def __str__(self) -> str:
        """Write it for people: ``3 files: 2 imported, 1 failed; 12 rows: 8 in, 4 refused``."""
        each = ", ".join(f"{self.outcomes[one]:,} {one}" for one in Outcome if self.outcomes[one])
        rows = f"{count(self.rows, 'rows')}: {self.success:,} in, {self.errors:,} refused"
        return f"{count(self.jobs, 'files')}: {each}; {rows}"
