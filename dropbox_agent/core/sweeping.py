"""Lets go of what need not be kept any longer, in small bites.

Only what the journal says the agent itself has filed, only plain files, nothing that a job under
way refers to, and nothing at all while the clock is doubted. What goes is written down first; of
one job the files go before the report, and the journal's entry last.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol, TypeVar

from dropbox_agent.core.clock import Clock
from dropbox_agent.core.clock_trust import ClockTrust
from dropbox_agent.core.job import JobId, Outcome
from dropbox_agent.core.keeping import Clause, Entry, Keeping, Sizes, Thing, is_due, may_follow
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.ports import Witness
from dropbox_agent.core.trouble import as_trouble
from dropbox_agent.errors import AgentError

T = TypeVar("T")

ENTRIES_AT_ONCE = 200
"""How many entries are looked at, and at most let go of, in one bite."""

MOST_IN_VAIN = 2_000
"""How many entries of a rule are looked at in a sweep that are not to go; the next one looks on
from there. What stays, such as the entries of files kept for ever, would cost more each year."""

REMEMBERED = timedelta(days=30)
"""For how long the journal's entries are kept in any case: lists of imports, and mended files that
come back, lead to them."""

MOST_TOLD = 20
"""How many deletions of a sweep have a line each; then comes the sum."""

WHAT = {Thing.FILES: "the file", Thing.REPORT: "the report", Thing.ENTRY: "the journal's entry"}


class Records(Protocol):
    """What the journal knows about keeping. Every method may raise AgentError."""

    def trust(self) -> ClockTrust | None:
        """Return what was found about the clock; None before the first time."""
        ...

    def note_clock(self, trust: ClockTrust) -> None:
        """Write down what was found about the clock; what is filed by now counts from now on."""
        ...

    def entries(
        self, thing: Thing, outcomes: Collection[Outcome], *, after: int, limit: int
    ) -> list[Entry]:
        """List filed jobs of some outcomes whose thing is not gone, as filed, behind a step."""
        ...

    def entries_before(
        self, thing: Thing, outcomes: Collection[Outcome], *, before: int | None, limit: int
    ) -> list[Entry]:
        """List them from the newest to the oldest, before a step."""
        ...

    def left_off(self, thing: Thing, outcomes: Collection[Outcome]) -> int:
        """Return the step behind which to look on; 0 if the last look came to the end."""
        ...

    def leave_off(self, thing: Thing, outcomes: Collection[Outcome], step: int) -> None:
        """Write down the step behind which to look on the next time."""
        ...

    def is_needed(self, job_id: JobId) -> bool:
        """Whether a job under way refers to this one."""
        ...

    def memorable(self) -> frozenset[JobId]:
        """List the latest imports of each kind, folder and coupon set."""
        ...

    def begin(self, thing: Thing, entries: Sequence[Entry], at: datetime) -> None:
        """Write down that these go, before they do."""
        ...

    def end(self, thing: Thing, gone: Sequence[Entry]) -> None:
        """Write down that these are gone; all others that were begun are not."""
        ...

    def begun(self, thing: Thing) -> list[Entry]:
        """List what was begun and neither ended nor given up: by a run that was interrupted."""
        ...

    def forget(self, entries: Sequence[Entry]) -> None:
        """Delete the journal's entries of these jobs."""
        ...


class Filed(Protocol):
    """The agent's own files in the archive. Every method may raise OSError."""

    def bytes_of(self, thing: Thing, entry: Entry) -> int:
        """Tell how large a thing is; 0 if it is not there."""
        ...

    def is_there(self, thing: Thing, entry: Entry) -> bool:
        """Whether something of it is there that may be removed."""
        ...

    def has_begun(self, thing: Thing, entry: Entry) -> bool:
        """Whether the archive is there, and what goes first of it not any more."""
        ...

    def is_left_behind(self, entry: Entry) -> bool:
        """Whether the archive is there, and nothing of this job in it any more."""
        ...

    def remove(self, thing: Thing, entry: Entry) -> None:
        """Remove it. May be repeated."""
        ...

    def secure(self, entries: Sequence[Entry]) -> None:
        """Make durable that things of these jobs were removed."""
        ...


class Sweeper:
    """Goes through all that was filed, again and again."""

    def __init__(
        self,
        keepings: Mapping[Thing, Keeping],
        *,
        records: Records,
        filed: Filed,
        clock: Clock,
        witness: Witness,
        tell: Callable[[str], None],
    ) -> None:
        """Take the rules and the outside world.

        Args:
            keepings: How much is kept of each thing.
            records: What the journal knows about it.
            filed: The files.
            clock: The time.
            witness: Told what goes wrong.
            tell: Told what is deleted, a line each.
        """
        self._keepings = keepings
        self._records = records
        self._filed = filed
        self._clock = clock
        self._witness = witness
        self._tell = tell
        self._swept_at: float | None = None
        self._sweep: Iterator[None] = iter(())
        self._count = 0
        self._troubles: list[AgentError] = []
        self._out_of_reach: set[tuple[Kind, bool]] = set()
        self._memorable: frozenset[JobId] | None = None

    def begin(self) -> None:
        """Begin a sweep."""
        self._sweep = self._swept()

    def bite(self) -> bool:
        """Do a little of the sweep; say whether there is more to do.

        Raises:
            AgentError: The journal cannot be used; begin anew.
            OSError: That something was removed cannot be made durable; likewise.
        """
        return next(self._sweep, self) is None

    def _swept(self) -> Iterator[None]:
        self._count, self._troubles = 0, []
        self._out_of_reach, self._memorable = set(), None
        self._finish()
        if (now := self._believed_now()) is None:
            return
        for thing in Thing:
            for clause in self._keepings[thing].clauses:
                if not clause.is_for_ever:
                    yield from self._keep_to(thing, clause, now)
        if (more := self._count - MOST_TOLD) > 0:
            self._tell(f"deleted {more:,} more, {self._count:,} in all")
        if self._troubles:
            self._witness.troubled(self._troubles[0])

    def _finish(self) -> None:
        """Bring to its end what an earlier run had begun: what is half gone goes."""
        for thing in (Thing.FILES, Thing.REPORT):
            if begun := self._records.begun(thing):
                has_begun = partial(self._filed.has_begun, thing)
                self._remove(thing, [each for each in begun if self._asked(has_begun, each)])

    def _believed_now(self) -> datetime | None:
        """Look at the clock; None while it is not to be believed."""
        now, monotonic = self._clock.now(), self._clock.monotonic()
        lived = None if self._swept_at is None else timedelta(seconds=monotonic - self._swept_at)
        self._swept_at = monotonic
        before = self._records.trust()
        trust = before.after(now, lived) if before else ClockTrust.begun(now)
        self._records.note_clock(trust)
        if before and before.is_trusted and not trust.is_trusted:
            self._witness.noticed(
                f"The clock has leapt from {before.at:%Y-%m-%d %H:%M} to {now:%Y-%m-%d %H:%M} UTC. "
                "Nothing old is deleted until it is back, or has gone on evenly for a week."
            )
        return now if trust.is_trusted else None

    def _keep_to(self, thing: Thing, clause: Clause, now: datetime) -> Iterator[None]:
        """Let go of all things that one rule speaks of and does not keep."""
        sizes = Sizes(Keeping((clause,)))
        yield from self._measure(thing, clause, sizes)
        yield from self._let_go(thing, clause, sizes, now)

    def _measure(self, thing: Thing, clause: Clause, sizes: Sizes) -> Iterator[None]:
        """Find out from where on things are too much, if that matters."""
        before: int | None = None
        while not sizes.is_settled:
            entries = self._records.entries_before(
                thing, clause.outcomes, before=before, limit=ENTRIES_AT_ONCE
            )
            for each in entries:
                sizes.take(self._sized(thing, each))
            if not entries:
                return
            before = entries[-1].step
            yield

    def _sized(self, thing: Thing, entry: Entry) -> Entry:
        if thing is Thing.ENTRY:
            return entry
        return entry._replace(bytes=self._asked(partial(self._filed.bytes_of, thing), entry) or 0)

    def _let_go(self, thing: Thing, clause: Clause, sizes: Sizes, now: datetime) -> Iterator[None]:
        after = began = self._records.left_off(thing, clause.outcomes)
        in_vain = 0
        while in_vain < MOST_IN_VAIN:
            entries = self._records.entries(
                thing, clause.outcomes, after=after, limit=ENTRIES_AT_ONCE
            )
            due = [each for each in entries if is_due(each, sizes.keeping, sizes, now)]
            due = [each for each in due if self._may_go(thing, each, now)]
            gone = self._begin(thing, due, now) if due else 0
            if not may_follow(entries, sizes.keeping, sizes, now):
                after = 0
                break
            in_vain += len(entries) - gone
            after = entries[-1].step
            yield
        if after != began:
            self._records.leave_off(thing, clause.outcomes, after)

    def _may_go(self, thing: Thing, entry: Entry, now: datetime) -> bool:
        """Whether a thing that is to go is there, and nothing speaks against it."""
        if thing is Thing.ENTRY and not (entry.since and now - entry.since > REMEMBERED):
            return False
        is_ready = bool(self._asked(partial(self._is_ready, thing), entry))
        return is_ready and not self._is_remembered(thing, entry)

    def _is_ready(self, thing: Thing, entry: Entry) -> bool:
        match thing:
            case Thing.FILES:
                return self._filed.is_there(Thing.FILES, entry)
            case Thing.REPORT:  # which must not be without its file
                is_first = self._filed.is_there(Thing.FILES, entry)
                return not is_first and self._filed.is_there(Thing.REPORT, entry)
            case Thing.ENTRY:
                return self._filed.is_left_behind(entry)

    def _is_remembered(self, thing: Thing, entry: Entry) -> bool:
        """Whether a job under way refers to it, or the journal has to remember it."""
        if self._records.is_needed(entry.job_id):
            return True
        if thing is not Thing.ENTRY:
            return False
        if self._memorable is None:  # asked for but once a sweep: it takes a second some day
            self._memorable = self._records.memorable()
        return entry.job_id in self._memorable

    def _asked(self, question: Callable[[Entry], T], entry: Entry) -> T | None:
        """Ask the archive; None if that folder of it cannot be reached in this sweep."""
        folder = (entry.kind, entry.outcome.is_failure)
        if folder in self._out_of_reach:
            return None
        try:
            return question(entry)
        except OSError as error:  # of this folder; what is in the others can go all the same
            self._out_of_reach.add(folder)
            self._troubles.append(as_trouble(error))
            return None

    def _begin(self, thing: Thing, due: Sequence[Entry], now: datetime) -> int:
        """Let go of things; say of how many."""
        if thing is Thing.ENTRY:
            self._records.forget(due)
            self._say(thing, due)
            return len(due)
        self._records.begin(thing, due, now)
        return self._remove(thing, due)

    def _remove(self, thing: Thing, due: Sequence[Entry]) -> int:
        gone = []
        for each in due:
            try:
                self._filed.remove(thing, each)
            except OSError as error:  # of this one; the others can go all the same
                self._troubles.append(as_trouble(error))
            else:
                gone.append(each)
        self._filed.secure(gone)
        self._records.end(thing, gone)
        self._say(thing, gone)
        return len(gone)

    def _say(self, thing: Thing, gone: Sequence[Entry]) -> None:
        for each in gone[: max(MOST_TOLD - self._count, 0)]:
            self._tell(
                f"deleted {WHAT[thing]} of '{each.name}' (job {each.job_id}, {each.outcome}), "
                f"as {thing.setting} says"
            )
        self._count += len(gone)
