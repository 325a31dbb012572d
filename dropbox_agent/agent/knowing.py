"""The desk for what the account has: asked for beside the loop, and only when a check needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from math import inf

from dropbox_agent.agent.board import Board
from dropbox_agent.agent.errands import Errands, Pool
from dropbox_agent.agent.rules import Rules
from dropbox_agent.core.account import WHAT, Account, Question, slow, unknown
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.imports import ApiUnavailable
from dropbox_agent.core.job import Job, JobId, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.pausing import Pause, pause
from dropbox_agent.core.ports import Witness
from dropbox_agent.core.trouble import as_trouble


@dataclass(slots=True)
class _Known:
    """What is known for the checks of one kind.

    Attributes:
        question: Asks for it.
        account: The last answer.
        asked_at: When the question of that answer was put; all times on the monotonic clock.
        newer_than: The answer must not be older than this.
        began_at: When the question under way was put; None when there is none.
        pause: Why the last question had no answer, and when it is put again.
        waiting: Since when each job of the kind has been waiting for its check.
    """

    question: Question
    account: Account = field(default_factory=Account)
    asked_at: float = -inf
    newer_than: float = -inf
    began_at: float | None = None
    pause: Pause | None = None
    waiting: dict[JobId, float] = field(default_factory=dict)

    def is_good(self, now: float, max_age_seconds: float) -> bool:
        """Whether checks can rest on the answer there is."""
        return self.asked_at > now - max_age_seconds and self.asked_at >= self.newer_than

    def may_ask(self, now: float) -> bool:
        """Whether the question can be put now."""
        return self.began_at is None and (self.pause is None or self.pause.is_over(now))


class Knowing:
    """Keeps what checks know of the account, for each kind that has something to know."""

    def __init__(
        self,
        questions: Mapping[Kind, Question],
        *,
        board: Board,
        errands: Errands,
        pool: Pool,
        clock: Clock,
        witness: Witness,
        rules: Rules,
    ) -> None:
        """Take what to ask for each kind, and who does it; without questions nothing is asked."""
        self._known = {kind: _Known(question) for kind, question in questions.items()}
        self._board = board
        self._errands = errands
        self._pool = pool
        self._clock = clock
        self._witness = witness
        self._rules = rules

    def hand_out(self) -> None:
        """Put every question that a check waits for."""
        now = self._clock.monotonic()
        for kind, known in self._known.items():
            claimed = (job for job in self._board if job.stage is Stage.CLAIMED)
            known.waiting = {
                job.id: known.waiting.get(job.id, now) for job in claimed if job.kind is kind
            }
            if known.waiting and not self._is_good(known) and known.may_ask(now):
                known.began_at = now
                done = partial(self._done, kind, self._clock.now())
                self._errands.run(self._pool, known.question, done)

    def is_awaited(self, job: Job) -> bool:
        """Whether the check of a claimed job had better wait a moment for an answer."""
        known = self._known.get(job.kind)
        if known is None or known.began_at is None or self._is_good(known):
            return False
        return self._clock.monotonic() < known.began_at + self._rules.account_patience_seconds

    def account_for(self, job: Job) -> Account:
        """Return what the check of a claimed job can rest on now."""
        known = self._known.get(job.kind)
        if known is None:
            return Account()
        if self._is_good(known):
            came_at = known.waiting.get(job.id, inf)
            return replace(known.account, may_be_outdated=known.asked_at < came_at)
        if known.pause is None:
            return slow(job.kind, self._rules.account_patience_seconds)
        return unknown(job.kind, known.pause.why)

    def refresh(self, kind: Kind) -> None:
        """Ask anew before the next check of a kind: the account may have changed."""
        self._known[kind].newer_than = self._clock.monotonic()

    @property
    def due_at(self) -> float:
        """When to turn to the desk without an answer; infinity when there is no need."""
        return min(map(self._due_at, self._known.values()), default=inf)

    def _due_at(self, known: _Known) -> float:
        if not known.waiting or self._is_good(known):
            return inf
        if known.began_at is not None:
            gives_up_at = known.began_at + self._rules.account_patience_seconds
            return gives_up_at if gives_up_at > self._clock.monotonic() else inf
        return known.pause.until if known.pause else inf

    def _is_good(self, known: _Known) -> bool:
        return known.is_good(self._clock.monotonic(), self._rules.account_seconds)

    def _done(self, kind: Kind, asked_on: datetime, result: Account | Exception) -> None:
        known = self._known[kind]
        began_at, known.began_at = known.began_at, None
        if isinstance(result, Account):
            known.account = replace(result, fetched_at=asked_on)
            known.asked_at = -inf if began_at is None else began_at
            if known.pause:
                known.pause = None
                self._witness.noticed(f"The account's {WHAT[kind]} can be read again.")
            return
        told, why = known.pause and known.pause.why.message, as_trouble(result)
        asked_for = result.wait_seconds if isinstance(result, ApiUnavailable) else None
        now = self._clock.monotonic()
        known.pause = pause(known.pause, why, self._rules.backoff, now, asked_for)
        if why.message != told and (reason := unknown(kind, why).why_unknown):
            self._witness.noticed(f"{reason.message} {reason.hint}")
