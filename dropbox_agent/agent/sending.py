"""The desk for sending: one part at a time, and the search for answers that were lost."""

from collections.abc import Callable
from functools import partial

from dropbox_agent.agent.board import Board
from dropbox_agent.agent.errands import Pool
from dropbox_agent.agent.files import Files
from dropbox_agent.agent.lane import Lane
from dropbox_agent.agent.rules import Rules
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.delivery import Delivery, Step
from dropbox_agent.core.imports import ApiUnavailable
from dropbox_agent.core.job import Job, JobId, Stage
from dropbox_agent.core.ordering import may_be_sent


class Sending:
    """Sends the part whose turn it is.

    Only one send at a time may be open, so that an import which turns up after a lost answer can
    belong to one part only.
    """

    def __init__(
        self,
        *,
        board: Board,
        files: Files,
        delivery: Delivery,
        pool: Pool,
        lane: Lane,
        clock: Clock,
        rules: Rules,
    ) -> None:
        """Take the board, the steps, and who does them."""
        self._board = board
        self._files = files
        self._delivery = delivery
        self._pool = pool
        self._clock = clock
        self._rules = rules
        self._missed_since: dict[JobId, float] = {}
        self.lane = lane

    def hand_out(self) -> None:
        """Begin to send, or to find out about a lost answer, if it is time."""
        if not self.lane.is_free():
            return
        if lost := next((job for job in self._board if job.stage is Stage.SENDING), None):
            # Nothing else is sent before this is known, also while the search itself fails.
            if self._board.is_idle(lost):
                self._begin(lost, self._search(lost), self._searched)
            return
        free = may_be_sent(self._board, self._rules.order, self._rules.max_queued)
        if job := next(filter(self._board.is_idle, free), None):
            self._begin(job, partial(self._delivery.send, job), self._done)
        elif not any(job.stage is Stage.CHECKED for job in self._board):
            self.lane.clear()  # what was held up is not there any more

    def _search(self, lost: Job) -> Callable[[], Step]:
        now = self._clock.monotonic()
        missed_for = now - self._missed_since.get(lost.id, now)
        owned = self._board.imports(but=lost.part)
        grace_over = missed_for >= self._rules.unknown_grace_seconds
        return partial(self._delivery.find_out, lost, owned, grace_over=grace_over)

    def _begin(
        self, job: Job, task: Callable[[], Step], done: Callable[[Job, Step | Exception], None]
    ) -> None:
        self.lane.begin()
        self._board.work_on(job, self._pool, task, partial(done, job))

    def _searched(self, job: Job, result: Step | Exception) -> None:
        """The grace begins with the first look at the server that did not show the import."""
        if isinstance(result, Step) and result.job.stage is Stage.SENDING:
            self._missed_since.setdefault(job.id, self._clock.monotonic())
        self._done(job, result)

    def _done(self, job: Job, result: Step | Exception) -> None:
        self.lane.end()
        if isinstance(result, Step):
            self._step_done(result)
        elif isinstance(result, ApiUnavailable):
            self.lane.hold_up(result, result.wait_seconds)
        elif isinstance(result, FileNotFoundError) and job.stage is Stage.CHECKED:
            self._files.give_up(job)
        else:
            self._board.retry_later(job, result)

    def _step_done(self, step: Step) -> None:
        self._board.put(step.job)
        if step.job.stage is not Stage.SENDING:
            self._missed_since.pop(step.job.id, None)
        if step.trouble is None:
            self.lane.clear()
        elif step.only_this_job:
            self._board.retry_later(step.job, step.trouble)
        else:
            self.lane.hold_up(step.trouble, step.wait_seconds)
