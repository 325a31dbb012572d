"""The desk for files: checks what was claimed, judges what has ended, files what is judged."""

from collections.abc import Callable, Mapping
from functools import partial

from dropbox_agent.agent.board import Board
from dropbox_agent.agent.errands import Pool
from dropbox_agent.agent.knowing import Knowing
from dropbox_agent.core.account import AccountOutdated
from dropbox_agent.core.delivery import Delivery
from dropbox_agent.core.filing import Filing
from dropbox_agent.core.imports import Import
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind


class Files:
    """Takes jobs through the stages that need no server."""

    def __init__(
        self,
        board: Board,
        delivery: Delivery,
        filing: Filing,
        knowing: Knowing,
        pools: Mapping[Kind, Pool],
    ) -> None:
        """Take the board, the steps, what checks can know, and who does them for each kind."""
        self._board = board
        self._delivery = delivery
        self._knowing = knowing
        self._pools = pools
        self._filing = filing

    def hand_out(self) -> None:
        """Begin every step that is due."""
        for job in self._board:
            if self._is_due(job) and (step := self._step(job)):
                self._begin(job, step)

    def _step(self, job: Job) -> Callable[[], Job] | None:
        match job.stage:
            case Stage.CLAIMED:
                return partial(self._delivery.check, job, self._knowing.account_for(job))
            case Stage.ENDED:
                return partial(self._filing.judge, job)
            case Stage.JUDGED:
                return partial(self._filing.file, job)
            case _:
                return None

    def _is_due(self, job: Job) -> bool:
        awaits = job.stage is Stage.CLAIMED and self._knowing.is_awaited(job)
        return self._board.is_idle(job) and not awaits

    def conclude(self, job: Job, told: Import, requests: int) -> None:
        """Record that an import has ended."""
        self._begin(job, partial(self._delivery.conclude, job, told, requests))

    def lose_sight(self, job: Job) -> None:
        """Record that an import has vanished."""
        self._begin(job, partial(self._delivery.lose_sight, job))

    def give_up(self, job: Job) -> None:
        """End a job whose payload somebody took away before it was sent."""
        self._begin(job, partial(self._delivery.give_up, job))

    def _begin(self, job: Job, task: Callable[[], Job]) -> None:
        self._board.work_on(job, self._pools[job.kind], task, partial(self._done, job))

    def _done(self, job: Job, result: Job | Exception) -> None:
        if isinstance(result, Job):
            self._board.put(result)
        elif isinstance(result, AccountOutdated):
            self._knowing.refresh(job.kind)
        elif isinstance(result, FileNotFoundError) and job.stage is Stage.CLAIMED:
            self.give_up(job)
        else:
            self._board.retry_later(job, result)
