"""The desk for held jobs: carries out what people have decided about them."""

from functools import partial

from dropbox_agent.agent.board import Board
from dropbox_agent.agent.errands import Pool
from dropbox_agent.core.decisions import CannotDecide, Decision
from dropbox_agent.core.delivery import Delivery
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.ports import Journal, Witness
from dropbox_agent.core.trouble import as_trouble
from dropbox_agent.errors import AgentError


class HeldJobs:
    """Looks for decisions in the journal, where the command line leaves them."""

    def __init__(
        self, board: Board, delivery: Delivery, journal: Journal, pool: Pool, witness: Witness
    ) -> None:
        """Take the board, the steps, and who does them."""
        self._board = board
        self._delivery = delivery
        self._journal = journal
        self._pool = pool
        self._witness = witness

    def hand_out(self) -> None:
        """Begin to carry out every decision about a job that is held."""
        held = {job.id: job for job in self._board if job.stage is Stage.HELD}
        if not held:
            return
        try:
            decisions = self._journal.decisions()
        except AgentError as error:
            self._witness.troubled(error)
            return
        for decision in decisions:
            job = held.get(decision.job_id)
            if job is not None and self._board.is_idle(job):
                owned = self._board.imports(but=job.part if job.parts else None)
                task = partial(self._heed, job, decision, owned)
                self._board.work_on(job, self._pool, task, partial(self._done, job))

    def _heed(self, job: Job, decision: Decision, owned: frozenset[ImportId]) -> Job:
        try:
            return self._delivery.heed(job, decision, owned)
        except CannotDecide as error:
            self._witness.troubled(error, job)
            self._journal.drop_decision(decision)
            return job

    def _done(self, job: Job, result: Job | Exception) -> None:
        if isinstance(result, Job):
            self._board.put(result)
        else:
            self._board.retry_later(job, as_trouble(result))
