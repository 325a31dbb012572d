"""The desk for asking: one question for all the imports under way."""

from functools import partial

from dropbox_agent.agent.board import Board
from dropbox_agent.agent.errands import Errands, Pool
from dropbox_agent.agent.files import Files
from dropbox_agent.agent.lane import Lane
from dropbox_agent.agent.rules import Rules
from dropbox_agent.core.alarms import alarm_about
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.delivery import Delivery
from dropbox_agent.core.imports import ApiUnavailable, Import, ImportId
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.polling import PollSchedule
from dropbox_agent.core.ports import Witness
from dropbox_agent.core.trouble import as_trouble

Answers = dict[ImportId, Import | None]


class Asking:
    """Follows the imports under way to their end."""

    def __init__(
        self,
        *,
        board: Board,
        files: Files,
        delivery: Delivery,
        pool: Pool,
        errands: Errands,
        lane: Lane,
        schedule: PollSchedule,
        clock: Clock,
        witness: Witness,
        rules: Rules,
    ) -> None:
        """Take the board, the steps, who does them, and when to ask."""
        self._board = board
        self._files = files
        self._delivery = delivery
        self._pool = pool
        self._errands = errands
        self._schedule = schedule
        self._clock = clock
        self._witness = witness
        self._rules = rules
        self._asked: dict[ImportId, int] = {}
        self._alarmed: set[ImportId] = set()
        self.lane = lane

    def hand_out(self) -> None:
        """Ask, if it is time."""
        followed = self._under_way()
        self._schedule.follow_only(followed, self._clock.monotonic())
        due_at = self._schedule.due_at()
        if due_at is None or self._clock.monotonic() < due_at or not self.lane.is_free():
            return
        self.lane.begin()
        self._errands.run(self._pool, partial(self._delivery.ask, tuple(followed)), self._done)

    @property
    def due_at(self) -> float | None:
        """When to ask next, on the monotonic clock; None while nothing is under way."""
        due_at = None if self.lane.busy else self._schedule.due_at()
        return None if due_at is None else max(due_at, self.lane.opens_at)

    def _under_way(self) -> dict[ImportId, Job]:
        """List the imports whose end is not recorded and not being recorded."""
        sent = (job for job in self._board if job.stage is Stage.SENT and self._board.is_idle(job))
        return {job.part.import_id: job for job in sent if job.part.import_id}

    def _done(self, result: Answers | Exception) -> None:
        self.lane.end()
        if isinstance(result, ApiUnavailable):
            self.lane.hold_up(result, result.wait_seconds)
        elif isinstance(result, Exception):
            self.lane.hold_up(as_trouble(result))
        else:
            self.lane.clear()
            jobs = self._under_way()
            for import_id in result.keys() & jobs.keys():
                self._asked[import_id] = self._asked.get(import_id, 0) + 1
                self._take_in(jobs[import_id], import_id, result[import_id])

    def _take_in(self, job: Job, import_id: ImportId, told: Import | None) -> None:
        now = self._clock.monotonic()
        if told is None:
            if self._schedule.missing(import_id, now) >= self._rules.unknown_grace_seconds:
                self._files.lose_sight(job)
            return
        self._schedule.answered(told, now)
        self._board.note(job, told)
        if import_id not in self._alarmed:
            self._look_for_alarm(job, told, now)
        if told.status.ended:
            self._alarmed.discard(import_id)
            self._files.conclude(job, told, self._asked.pop(import_id, 0))

    def _look_for_alarm(self, job: Job, told: Import, now: float) -> None:
        seconds = self._schedule.followed_seconds(told.id, now)
        if alarm := alarm_about(job, told, seconds, self._rules.import_patience_seconds):
            self._alarmed.add(told.id)
            self._witness.troubled(alarm, job)
