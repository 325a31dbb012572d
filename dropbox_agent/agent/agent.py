"""The agent: one loop that makes the folders and the account match the journal.

Each turn takes in what was done beside the loop, looks at the inboxes, and hands out the steps
that are due. Events and timers only wake the loop; the folder listing and the journal are the
truth.
"""

from collections.abc import Callable, Iterator, Mapping

from dropbox_agent.agent.asking import Asking
from dropbox_agent.agent.board import Board
from dropbox_agent.agent.errands import Bell, Errands, Pools
from dropbox_agent.agent.files import Files
from dropbox_agent.agent.heartbeat import Heartbeat
from dropbox_agent.agent.held import HeldJobs
from dropbox_agent.agent.housekeeping import Housekeeping
from dropbox_agent.agent.knowing import Knowing
from dropbox_agent.agent.lane import Lane
from dropbox_agent.agent.looking import Looking
from dropbox_agent.agent.pulse import Pulse
from dropbox_agent.agent.rules import Rules
from dropbox_agent.agent.sending import Sending
from dropbox_agent.agent.watch import Watch
from dropbox_agent.core.account import Question
from dropbox_agent.core.adopting import adopt
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.delivery import Delivery
from dropbox_agent.core.filing import Filing
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.ordering import waits_for
from dropbox_agent.core.overview import JobInHand, Overview, WatchInHand
from dropbox_agent.core.pausing import Pause
from dropbox_agent.core.polling import PollSchedule
from dropbox_agent.core.ports import Journal, Spool, Witness
from dropbox_agent.core.reception import Reception
from dropbox_agent.core.sweeping import Sweeper
from dropbox_agent.core.trouble import as_trouble

MISHAP_SECONDS = 5.0
"""How long the loop waits after a surprise, so that it does not repeat it all the time."""


class Agent:
    """Claims drops and takes every job to its end."""

    def __init__(
        self,
        *,
        receptions: Mapping[Kind, Reception],
        delivery: Delivery,
        filing: Filing,
        spool: Spool,
        journal: Journal,
        schedule: PollSchedule,
        clock: Clock,
        bell: Bell,
        pools: Pools,
        heartbeat: Heartbeat,
        pulse: Pulse,
        watch: Watch,
        witness: Witness,
        rules: Rules,
        questions: Mapping[Kind, Question] | None = None,
        still_ours: Callable[[], None] = lambda: None,
        is_awaited: Callable[[], bool] = lambda: False,
        sweeper: Sweeper | None = None,
    ) -> None:
        """Take all the parts; ``wiring.py`` puts them together.

        ``questions`` find out what the checks of each kind have to know of the account; without
        them nothing is asked. ``still_ours`` is asked before every turn, and raises an AgentError
        when the home is not this agent's any more. ``is_awaited`` says whether others, such as a
        hook, have still to end what they do for a job. Without a ``sweeper`` nothing old goes.
        """
        self._spool = spool
        self._journal = journal
        self._clock = clock
        self._bell = bell
        self._heartbeat = heartbeat
        self._pulse = pulse
        self._watch = watch
        self._witness = witness
        self._rules = rules
        self._stopping = False
        self._still_ours = still_ours
        self._is_awaited = is_awaited

        self._errands = Errands(bell)
        self._board = Board(
            errands=self._errands,
            journal=journal,
            clock=clock,
            witness=witness,
            backoff=rules.backoff,
        )
        self._knowing = Knowing(
            questions or {},
            board=self._board,
            errands=self._errands,
            pool=pools.know,
            clock=clock,
            witness=witness,
            rules=rules,
        )
        self._files = Files(self._board, delivery, filing, self._knowing, pools.files)
        self._looking = self._new_looking(receptions, pools)
        self._held = HeldJobs(self._board, delivery, journal, pools.ask, witness)
        self._sending = self._new_sending(delivery, pools)
        self._asking = self._new_asking(delivery, pools, schedule)
        self._housekeeping = Housekeeping(sweeper, pools.keep, self._errands, clock, witness)

    def _new_looking(self, receptions: Mapping[Kind, Reception], pools: Pools) -> Looking:
        return Looking(
            receptions,
            board=self._board,
            errands=self._errands,
            pools=pools.look,
            watch=self._watch,
            new_lane=self._lane,
            clock=self._clock,
            rules=self._rules,
        )

    def _new_sending(self, delivery: Delivery, pools: Pools) -> Sending:
        return Sending(
            board=self._board,
            files=self._files,
            delivery=delivery,
            pool=pools.send,
            lane=self._lane("sending"),
            clock=self._clock,
            rules=self._rules,
        )

    def _new_asking(self, delivery: Delivery, pools: Pools, schedule: PollSchedule) -> Asking:
        return Asking(
            board=self._board,
            files=self._files,
            delivery=delivery,
            pool=pools.ask,
            errands=self._errands,
            lane=self._lane("asking"),
            schedule=schedule,
            clock=self._clock,
            witness=self._witness,
            rules=self._rules,
        )

    def _lane(self, name: str) -> Lane:
        return Lane(name, self._rules.backoff, self._clock, self._witness)

    # Startup, loop, shutdown

    def recover(self) -> None:
        """Take up the jobs that an earlier run left, each from where it was.

        Raises:
            AgentError: The files under way cannot be reached.
            OSError: Likewise.
        """
        under_way = self._journal.under_way()
        self._spool.prepare({job.id for job in under_way})
        payloads = self._spool.claimed()
        for job in under_way:
            if job.stage is Stage.CLAIMED and job.id not in payloads:
                # That run ended between recording the job and moving its file.
                self._journal.forget(job.id)
                self._spool.clear(job.id)
                self._witness.noticed(
                    f"'{job.name}' (job {job.id}) is not among the claimed files. If it is still "
                    "in the inbox, it is taken from there again."
                )
            else:
                self._board.put(job)
        self._spool.finish_claims([job for job in self._board if job.stage is Stage.CLAIMED])
        strays = [each for each in payloads if each not in self._board]
        for job in adopt(
            strays,
            spool=self._spool,
            journal=self._journal,
            clock=self._clock,
            witness=self._witness,
        ):
            self._board.put(job)

    def run(self, is_done: Callable[[], bool] = lambda: False) -> None:
        """Turn until told to stop, or until ``is_done`` says so after a turn.

        Raises:
            AgentError: The home is not this agent's any more.
        """
        while not self._stopping:
            self._still_ours()
            seconds = self.turn()
            if is_done():
                return
            self._bell.wait(seconds)

    def stop(self) -> None:
        """End the loop after the turn in hand. May be called from any thread or signal."""
        self._stopping = True
        self._bell.ring()

    def wind_down(self) -> None:
        """Wait a little for the steps in hand, so that the next start has less to find out.

        What is not done by then is left as the journal has it; the next start takes it up.
        """
        until = self._clock.monotonic() + self._rules.stop_seconds
        while self._errands.under_way and (left := until - self._clock.monotonic()) > 0:
            self._bell.wait(left)
            self._errands.take_in()
        self._shielded(lambda: self._heartbeat.last_beat(self.overview))

    def look_soon(self) -> None:
        """Look at the inboxes in the next turn. May be called from any thread."""
        self._looking.soon()
        self._bell.ring()

    def sweep_anew(self) -> None:
        """Have what is old deleted now; ``has_swept`` says when that is over."""
        self._housekeeping.sweep_anew()
        self._bell.ring()
        self._bell.ring()

    def turn(self) -> float:
        """Do all that is due now; return for how many seconds nothing will be."""
        desks = (
            self._looking,
            self._held,
            self._knowing,
            self._files,
            self._sending,
            self._asking,
            self._housekeeping,
        )
        parts = (
            self._errands.take_in,
            self._board.look_up,
            *(desk.hand_out for desk in desks),
        )
        mishaps = sum(not self._shielded(part) for part in parts)
        beat_at = min(
            self._heartbeat.beat(lambda: self.overview),
            self._pulse.beat(lane.busy_since for lane in self.lanes),
        )
        seconds = max(min(self.due_at, beat_at) - self._clock.monotonic(), 0.0)
        return max(seconds, MISHAP_SECONDS) if mishaps else seconds

    def _shielded(self, part: Callable[[], None]) -> bool:
        """Do one part of the turn; a fault of ours in it must not stop the others."""
        try:
            part()
        except Exception as error:  # noqa: BLE001 - the loop must outlive any surprise
            self._witness.troubled(as_trouble(error))
            return False
        return True

    # What others want to know

    @property
    def jobs(self) -> Iterator[Job]:
        """The jobs under way and held, in the order of arrival."""
        return iter(self._board)

    @property
    def is_at_work(self) -> bool:
        """Whether a step is being done at this moment."""
        return self._errands.under_way > 0

    @property
    def is_awaited(self) -> bool:
        """Whether others have still to end what they do for a job."""
        return self._is_awaited()

    @property
    def stuck(self) -> Pause | None:
        """What keeps every job under way from going on, likely for long; None while one may."""
        under_way = [job for job in self._board if job.under_way]
        retries = {job.id: self._board.retry(job) for job in under_way}
        lasting = {key: each for key, each in retries.items() if each and each.is_lasting}
        blocking = [job for job in under_way if job.id in lasting]
        for job in under_way:
            waits = any(waits_for(job, each, self._rules.order) for each in blocking)
            if job.id not in lasting and not waits:
                return None
        return next(iter(lasting.values()), None)

    @property
    def has_swept(self) -> bool:
        """Whether what is old was deleted, or cannot be now."""
        return self._housekeeping.has_swept

    @property
    def overview(self) -> Overview:
        """All that the agent has in hand."""
        return Overview(
            jobs=tuple(
                JobInHand(job, self._board.told(job), self._board.retry(job)) for job in self._board
            ),
            drops=self._looking.drops,
            drops_in_sight=self._looking.drops_in_sight,
            mistakes=self._looking.mistakes,
            watch=WatchInHand(self._watch.mode, self._watch.missed),
            crowds=self._looking.crowds,
            pauses=tuple((lane.name, lane.pause) for lane in self.lanes if lane.pause),
        )

    @property
    def lanes(self) -> tuple[Lane, ...]:
        """Looking at each inbox, sending and asking: each of them something may hold up."""
        return (*self._looking.lanes, self._sending.lane, self._asking.lane)

    @property
    def due_at(self) -> float:
        """When the next step is due, on the monotonic clock."""
        due = [self._looking.due_at, self._knowing.due_at, self._housekeeping.due_at]
        if (retry_at := self._board.next_retry_at) is not None:
            due.append(retry_at)
        if (ask_at := self._asking.due_at) is not None:
            due.append(ask_at)
        if self._sending.lane.opens_at > self._clock.monotonic():
            due.append(self._sending.lane.opens_at)
        return min(due)
