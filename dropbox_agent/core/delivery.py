"""The story of a job up to the end of its imports: checked, sent, found out, asked for.

Each method takes a job from one stage to the next and records it. All of them can be repeated
after an interruption at any point: they begin from what the journal says, and what cannot be
undone is recorded before it is done.
"""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import assert_never

from dropbox_agent.core import events, reasons
from dropbox_agent.core.account import Account
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.decisions import CannotDecide, Choice, Decision
from dropbox_agent.core.duplicates import Duplicates, named, repeats, why_skipped
from dropbox_agent.core.imports import (
    Accepted,
    ApiUnavailable,
    Import,
    ImportApi,
    ImportId,
    NotNow,
    OutcomeUnknown,
    Refused,
    Status,
)
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.job import Checked, Earlier, Fingerprint, Job, Part, Reason
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import job_in, report_of, stem_of
from dropbox_agent.core.nets import MOST_TO_COMPARE, SafetyNets
from dropbox_agent.core.ports import Checker, Journal, Spool
from dropbox_agent.core.reconciling import CannotTell, Found, NotThere, find_ours
from dropbox_agent.core.recording import Recorder
from dropbox_agent.core.terms import Terms, reason_for
from dropbox_agent.core.trouble import as_trouble
from dropbox_agent.errors import AgentError

SERVER_QUEUE_PLACES = 10
"""Imports the server queues for an account; more are refused (documented, error E0401)."""


FRESH_SECONDS = 2.0
"""How old a listing may be that a send relies on. In that time only an import of others with the
same type, options and number of rows could be taken for ours, and only if our answer is lost."""


@dataclass(frozen=True, slots=True)
class Step:
    """A job after a step, and what stood in the way if the step could not be finished.

    Attributes:
        job: The job as it is recorded now.
        trouble: What stood in the way, not the file's fault; None when all went well.
        wait_seconds: How long the server wants us to wait.
        only_this_job: Whether the trouble concerns no other job.
    """

    job: Job
    trouble: AgentError | None = None
    wait_seconds: float | None = None
    only_this_job: bool = False


class Delivery:
    """Takes jobs from stage to stage. May be used by several threads, one of them sending."""

    def __init__(
        self,
        *,
        api: ImportApi,
        spool: Spool,
        journal: Journal,
        checker: Checker,
        recorder: Recorder,
        clock: Clock,
        terms: Terms,
        nets: SafetyNets,
        duplicates: Duplicates,
    ) -> None:
        """Take the outside world, the terms of this account, and what keeps files back."""
        self._api = api
        self._spool = spool
        self._journal = journal
        self._checker = checker
        self._step = recorder.step
        self._clock = clock
        self._terms = terms
        self._nets = nets
        self._duplicates = duplicates
        self._looked: tuple[float, tuple[Import, ...]] | None = None

    def check(self, job: Job, account: Account) -> Job:
        """Check the payload of a claimed job: it may be sent, or it is rejected.

        Raises:
            AccountOutdated: It would be rejected for what the account may have by now.
            TryLater: Somebody is writing to the payload.
            AgentError: The check could not be brought to an end.
            OSError: The payload could not be read; FileNotFoundError: it is gone.
        """
        before = self._spool.fingerprint(job.id)
        if self._spool.is_being_written(job.id):
            raise reasons.still_written(job)
        verdict = self._checker.check(job, account)
        if self._spool.fingerprint(job.id) != before:
            raise reasons.still_written(job)
        event = self._verdict_event(job, verdict, before, account)
        if isinstance(event, events.Rejected):
            account.stand_by({event.reason.code, *verdict.faults})
        return self._step(job, event, verdict.issues)

    def send(self, job: Job) -> Step:
        """Send the part in hand, once.

        Before the first byte leaves, the journal knows that it will, and which imports the
        server listed until then.

        Raises:
            ApiUnavailable: The server cannot be asked; nothing was sent.
            OSError: The payload cannot be found; nothing was sent.
        """
        if (before := self._rewritten(job) or self._repeated(job)) is not None:
            return Step(before)
        listed = self._last_look()
        _need_a_place(listed)
        newest_at = max((each.created_at for each in listed if each.created_at), default=None)
        known = tuple(each.id for each in listed)
        job = self._step(job, events.SendBegan(known, newest_at))
        try:
            return self._transmit(job)
        except Exception as error:  # noqa: BLE001 - the part may have been taken: look, never resend
            return Step(job, as_trouble(error))

    def _look(self) -> tuple[Import, ...]:
        listed = self._api.recent()
        self._looked = (self._clock.monotonic(), listed)
        return listed

    def _last_look(self) -> tuple[Import, ...]:
        """List imports as they were a moment ago, or now. Each listing is good for one send."""
        looked, self._looked = self._looked, None
        if looked and self._clock.monotonic() - looked[0] <= FRESH_SECONDS:
            return looked[1]
        return self._api.recent()

    def _transmit(self, job: Job) -> Step:
        try:
            body = self._spool.body(job, job.part)
        except (AgentError, OSError) as error:
            return self._not_sent(job, error)
        try:
            answer = self._api.create(job.kind, job.part.options, body)
        except OSError as error:
            return self._not_sent(job, error)
        match answer:
            case Accepted(imported):
                return Step(self._step(job, events.Taken(imported, requests=2)))
            case Refused(_, code, message, hint):
                return Step(self._step(job, events.TurnedDown(Reason(code, message, hint))))
            case NotNow(why, wait_seconds):
                return Step(self._step(job, events.NotTaken()), why, wait_seconds)
            case OutcomeUnknown(why):
                return Step(job, why)
            case _:
                assert_never(answer)

    def _not_sent(self, job: Job, error: AgentError | OSError) -> Step:
        """Record that a file could not be read, and so no import can have been made of it."""
        trouble = as_trouble(error)
        return Step(self._step(job, events.NotTaken()), trouble, only_this_job=True)

    def find_out(self, job: Job, owned: frozenset[ImportId], *, grace_over: bool) -> Step:
        """Find out whether a send of unknown outcome made an import.

        Args:
            job: A job whose part may or may not have been taken.
            owned: Ids of imports that belong to other jobs.
            grace_over: Whether the server has had time enough to show the import.

        Raises:
            ApiUnavailable: The server cannot be asked.
        """
        listed = self._api.recent()
        new = (each.id for each in listed if each.id not in job.part.known)
        filed = {each for each in new if self._journal.knows_import(each, but=job.id)}
        finding = find_ours(job.part, job.kind, listed, owned | filed)
        match finding:
            case Found(imported):
                return Step(self._step(job, events.Taken(imported, requests=2)))
            case NotThere() | CannotTell() if not grace_over:
                # Ours may still turn up, and then there is no doubt.
                return Step(job, reasons.not_shown_yet(job))
            case CannotTell(candidates) if not _may_go_in_twice(job):
                return Step(self._step(job, events.Held(reasons.why_held(job, candidates))))
            case NotThere() | CannotTell():
                return Step(self._step(job, events.NotTaken()))
            case _:
                assert_never(finding)

    def ask(self, imports: Sequence[ImportId]) -> dict[ImportId, Import | None]:
        """Ask the server about imports under way; None for one it does not know.

        One list call serves them all; only what it does not show is asked for one by one.

        Raises:
            ApiUnavailable: The server cannot be asked.
        """
        # A list first also for a single import: it proves that what says "not found" is the API
        # and not a wrong address, and it spares the next send its own look.
        listed = {each.id: each for each in self._look()}
        return {each: listed.get(each) or self._api.get(each) for each in imports}

    def conclude(self, job: Job, told: Import, requests: int) -> Job:
        """Record that the import of the part in hand has ended, and how."""
        more = job.parts[-1] != job.part and told.status is Status.FINISHED
        event = events.PartEnded if more else events.AllEnded
        return self._step(job, event(told, requests))

    def lose_sight(self, job: Job) -> Job:
        """Record that the server does not know the import any more."""
        return self._step(job, events.Vanished())

    def heed(self, job: Job, decision: Decision, owned: frozenset[ImportId]) -> Job:
        """Carry out what a person has decided about a held job.

        Args:
            job: The held job.
            decision: What shall become of it.
            owned: Ids of imports that belong to other jobs.

        Raises:
            ApiUnavailable: The import that is named cannot be asked for now.
            CannotDecide: There is no such import, or it cannot be this job's.
        """
        return self._step(job, self._decided(job, decision, owned))

    def _decided(self, job: Job, decision: Decision, owned: frozenset[ImportId]) -> events.Event:
        match decision.choice:
            case Choice.RESEND:
                return events.SentAgain() if job.parts else events.BegunAnew()
            case Choice.FAIL:
                return events.GivenUp(reasons.given_up(job))
            case Choice.ACCEPT:
                return events.Taken(self._named(job, decision, owned))
            case _:
                assert_never(decision.choice)

    def _named(self, job: Job, decision: Decision, owned: frozenset[ImportId]) -> Import:
        if not job.parts:
            raise reasons.not_checked_yet(job)
        found = self._api.get(decision.import_id) if decision.import_id else None
        if found is None or found.kind is not job.kind or found.id in owned:
            raise CannotDecide(
                f"Connectif has no import of {job.kind} with the id {decision.import_id} that "
                f"belongs to no other file; job {job.id} stays held.",
                hint="Look up the id in Connectif's list of imports and decide again.",
                code="no-such-import",
            )
        return found

    def give_up(self, job: Job) -> Job:
        """Record that the payload of a job that was never sent has been taken away, if it has.

        Raises:
            AgentError: The inbox is away, so nobody can tell.
        """
        with suppress(FileNotFoundError):
            self._spool.fingerprint(job.id)
            return job  # it was its inbox that was away, for a moment
        return self._step(job, events.Lost(reasons.payload_gone(job)))

    def _verdict_event(
        self, job: Job, verdict: Verdict, payload: Fingerprint, account: Account
    ) -> events.Passed | events.Doubted | events.Rejected:
        checked = Checked(
            facts=verdict.facts,
            errors=verdict.errors,
            warnings=verdict.warnings,
            header=verdict.header.decode(),
            fingerprint=payload,
            account=account.use,
            plan=verdict.plan,
            follows=self._earlier(job),
        )
        if not verdict.sendable:
            return events.Rejected(checked, reason_for(verdict), stem_of(job))
        delimiter = verdict.facts.delimiter or ","
        options = self._terms.options(job.kind, job.folder, delimiter, account.sets)
        if isinstance(options, Reason):
            return events.Rejected(checked, options, stem_of(job))
        parts = tuple(Part(each, options) for each in verdict.slices)
        if doubt := self._doubt(job, checked):
            return events.Doubted(checked, parts, reasons.held_back(job, doubt))
        return events.Passed(checked, parts)

    def _earlier(self, job: Job) -> Earlier | None:
        """Find the job that a file comes from, by its name: people drop what we gave them back."""
        named = job_in(job.name)
        found = self._journal.find(named) if named and named != job.id else None
        return Earlier(found.id, report_of(found)) if found and found.stem else None

    def _doubt(self, job: Job, checked: Checked) -> str | None:
        # A few rows that were mended are not like the whole files before them.
        look_back = self._nets.look_back and checked.follows is None
        past = self._journal.imported_before(job, MOST_TO_COMPARE) if look_back else []
        return self._nets.doubt(checked.facts, past)

    def _rewritten(self, job: Job) -> Job | None:
        """Send a job back to checking if its payload is not what was checked; None if it is."""
        checked = job.checked
        if checked is None or self._spool.fingerprint(job.id) == checked.fingerprint:
            return None
        if any(part.import_id for part in job.parts):
            return self._step(job, events.Held(reasons.rewritten_halfway(job)))
        return self._step(job, events.Rewritten())

    def _repeated(self, job: Job) -> Job | None:
        """Leave a job unsent whose very bytes were imported last; None if they were not."""
        if not self._duplicates.may_be_skipped(job):
            return None
        last = self._journal.imported_last(job)
        if last is None or not repeats(job, last):
            return None
        told = events.Repeated(named(last), why_skipped(job, last), stem_of(job))
        return self._step(job, told)


def _may_go_in_twice(job: Job) -> bool:
    """Whether the account ends up the same when the part in hand is imported once more."""
    return job.kind is not Kind.VOUCHERS and job.part.options.override_existing


def _need_a_place(listed: Iterable[Import]) -> None:
    """Wait rather than be refused when the account's queue is full, whoever filled it."""
    queued = sum(each.status is Status.QUEUED for each in listed)
    if queued >= SERVER_QUEUE_PLACES:
        raise ApiUnavailable(
            f"Connectif's queue is full: {queued} imports of this account are waiting there.",
            hint="Nothing to do: sending goes on when one of them has ended.",
            code="queue-full",
        )
