"""Whatever happens, in whatever order: the loop comes to rest with everything done, once.

The normal suite tries some hundred sequences, the same ones each time. ``-m exhaustive`` tries
100,000 new ones, or as many as the environment variable ``SEQUENCES`` says.
"""

import errno
import os
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dropbox_agent.agent import Rules
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.gates import SettleRules
from dropbox_agent.core.imports import (
    Accepted,
    ApiUnavailable,
    Import,
    ImportId,
    NotNow,
    OutcomeUnknown,
    SendAnswer,
    Status,
)
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.ordering import Order
from dropbox_agent.errors import TryLater
from tests.clocks import FarClock
from tests.crashes import Crash, FusedApi
from tests.disasters import FusedHome
from tests.drops import contacts, products
from tests.fakes import Turn, answer_with
from tests.promises import breaches, lost

FEW_SEQUENCES = 200
MANY_SEQUENCES = 100_000
SHARES = 20
"""In so many tests, so that several processors try them at once."""

SET = "61fa54f238319b3bf1990fdc"
DAY, YEAR = 86_400.0, 31_557_600.0
LOST = OutcomeUnknown(TryLater("It is not known.", hint="Look.", code="network-down"))
LIMIT = NotNow(TryLater("Slower.", hint="Nothing to do.", code="rate-limited"), wait_seconds=7.3)
NETWORK = ApiUnavailable("There is no way to the server.", hint="Wait.", code="network-down")
LONGEST_LAG = 25.0
"""Seconds for which a list may lag, less than the grace that the agent allows it."""


class Shop(RuleBasedStateMachine):
    """A home in which anything happens, in any order.

    What a person or another program may do to make a file go in twice is left out: two imports
    that nothing tells apart are only made for vouchers, and people only decide what is true.
    """

    home: FusedHome

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self._ended_badly: set[ImportId] = set()
        self._given_up: set[str] = set()

    @initialize(
        rescan=st.floats(2, 30),  # more looks than that would only be more of the same
        quiet=st.floats(0, 9),
        import_seconds=st.floats(0, 50),
        order=st.sampled_from(Order),
        ahead=st.integers(1, 5),
    )
    def open(
        self, rescan: float, quiet: float, import_seconds: float, order: Order, ahead: int
    ) -> None:
        """Open with some settings, and with a server whose clock is its own."""
        folder = self._stack.enter_context(TemporaryDirectory())
        self.home = self._stack.enter_context(FusedHome(Path(folder)))
        self.home.api = FusedApi(FarClock(self.home.clock), self.home.fuse)
        self.home.rescan_seconds = rescan
        self.home.rules = Rules(order=order, jobs_ahead=ahead)
        self.home.settle = SettleRules(quiet_seconds=quiet)
        self.home.api.seconds_per_import = import_seconds
        self.home.default_set = SET
        self.home.start()

    # What comes in

    @rule(kind=st.sampled_from(Kind), rows=st.integers(1, 3), in_set=st.booleans())
    def drop(self, kind: Kind, rows: int, *, in_set: bool) -> None:
        """A file arrives, unlike any other."""
        number = len(self.home.dropped)
        folder = SET if kind is Kind.VOUCHERS and in_set else None
        self.home.drop(kind, f"{number}.csv", _content(kind, number, rows), folder)

    # What the server does

    @rule(is_taken=st.booleans(), lag=st.floats(0, LONGEST_LAG), beside=st.booleans())
    def lose_answer(self, *, is_taken: bool, lag: float, beside: bool) -> None:
        """The answer to the next send is lost; the list lags; others import the like."""

        def turn(accept: Callable[[], Import]) -> SendAnswer:
            is_like = beside and self.home.api.sent[-1].kind is Kind.VOUCHERS
            if is_like:
                self._import_the_like(1 if is_taken else 2)
            if is_taken:
                # Were the other one shown alone, it would be taken for ours: nothing tells them.
                self.home.api.hide_for(accept().id, 0 if is_like else lag)
            return LOST

        self.home.api.next_create(turn)

    @rule(seconds=st.floats(0, LONGEST_LAG))
    def lag(self, seconds: float) -> None:
        """The next send is accepted, and the list shows the import only later."""

        def turn(accept: Callable[[], Import]) -> SendAnswer:
            self.home.api.hide_for((made := accept()).id, seconds)
            return Accepted(made)

        self.home.api.next_create(turn)

    @rule(turn=st.just(answer_with(LIMIT)), times=st.integers(1, 3))
    def put_off(self, turn: Turn, times: int) -> None:
        """The server does not take the next sends now."""
        self.home.api.next_create(*[turn] * times)

    @rule(times=st.integers(1, 5))
    def cut_off(self, times: int) -> None:
        """The network is gone for some questions."""
        self.home.api.next_recent(*[NETWORK] * times)
        self.home.api.next_get(*[NETWORK] * times)

    @rule()
    def fill_the_queue(self) -> None:
        """Others take up all places."""
        for _ in range(10):
            self.home.api.start_in_app(Kind.PRODUCTS)

    @precondition(lambda self: self._followed)
    @rule(data=st.data(), status=st.sampled_from([Status.ERROR, Status.CANCELLED]))
    def end_badly(self, data: st.DataObject, status: Status) -> None:
        """An import that is followed ends badly."""
        ended = data.draw(st.sampled_from(self._followed))
        self.home.api.end(ended, status)
        self._ended_badly.add(ended)

    @precondition(lambda self: self._followed)
    @rule(data=st.data())
    def vanish(self, data: st.DataObject) -> None:
        """Somebody deletes an import that is followed."""
        vanished = data.draw(st.sampled_from(self._followed))
        self.home.api.vanish(vanished)
        self._ended_badly.add(vanished)

    # What happens to the agent

    @rule(seconds=st.floats(0, 40))
    def wait(self, seconds: float) -> None:
        """Time goes on."""
        self._survive(lambda: self.home.run_for(seconds))

    @rule(points=st.integers(0, 40))
    def crash_soon(self, points: int) -> None:
        """The agent will be killed after some more changes."""
        self.home.fuse.blow(len(self.home.fuse.points) + points, Crash())

    @rule(
        changes=st.integers(1, 20),
        number=st.sampled_from([errno.ENOSPC, errno.EIO, errno.EACCES]),
        again=st.booleans(),
    )
    def fail_soon(self, changes: int, number: int, *, again: bool) -> None:
        """One of the next changes to files will fail, and perhaps the one after it."""
        failing = range(changes, changes + 2 if again else changes + 1)
        passed = count(1)

        def outage(point: str) -> OSError | None:
            fails = point.startswith("disk.") and next(passed) in failing
            return OSError(number, os.strerror(number)) if fails else None

        self.home.fuse.fail_while(outage)

    @rule()
    def restart(self) -> None:
        """The agent is killed and started."""
        self._start()

    @rule(seconds=st.sampled_from([3600.0, -3600.0, DAY, -DAY, YEAR, -YEAR]))
    def set_clock(self, seconds: float) -> None:
        """The machine's clock is set."""
        self.home.clock.jump(seconds)

    # What people do

    @precondition(lambda self: self._held)
    @rule(data=st.data(), give_up=st.booleans())
    def decide(self, data: st.DataObject, *, give_up: bool) -> None:
        """Somebody looks into the account, and decides about a held job."""
        self._decide(data.draw(st.sampled_from(self._held)), give_up=give_up)

    # What must be so

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every file is somewhere at any time."""
        assert lost(self.home) == []

    def teardown(self) -> None:
        """Let it come to rest, and see that the promises are kept."""
        with self._stack:
            self._come_to_rest()

    def _come_to_rest(self) -> None:
        self._survive(self.home.rest)
        while held := self._held:
            for job in held:
                self._decide(job, give_up=False)
            self._survive(lambda: self.home.run_for(60))
            self._survive(self.home.rest)
        self.home.fuse.mend()
        assert breaches(self.home) == []
        assert {r["file"]["name"]: r["outcome"] for _, r in self.home.reports()} == self._ends

    @property
    def _ends(self) -> dict[str, str]:
        """What must have become of each file."""
        bad = {each.content for each in self.home.api.sent if each.became in self._ended_badly}
        return {
            Path(path).name: "failed"
            if content in bad or Path(path).name in self._given_up
            else "imported"
            for path, content in self.home.dropped.items()
        }

    # How it is done

    def _survive(self, act: Callable[[], None]) -> None:
        """Let the agent do something; killed, it is started anew and does it again."""
        while True:
            try:
                act()
            except Crash:
                self._start()
            else:
                return

    def _start(self) -> None:
        while True:
            try:
                self.home.start()
            except (Crash, OSError):
                continue
            return

    def _import_the_like(self, times: int) -> None:
        """Import what nothing tells from the file that is just being sent."""
        sent = self.home.api.sent[-1]
        for _ in range(times):
            other = self.home.api.start_in_app(sent.kind, rows=sent.rows)
            self.home.api.claim(other.id, origin="api", options=sent.options)

    def _decide(self, job: Job, *, give_up: bool) -> None:
        content = next(
            each for path, each in self.home.dropped.items() if Path(path).name == job.name
        )
        taken = [each.became for each in self.home.api.sent if each.content == content]
        ours = next((each for each in taken if each), None)
        if give_up:
            self._given_up.add(job.name)
            decision = Decision(job.id, Choice.FAIL)
        elif ours:
            decision = Decision(job.id, Choice.ACCEPT, ours)
        else:
            decision = Decision(job.id, Choice.RESEND)
        self.home.journal.decide(decision)

    @property
    def _followed(self) -> list[ImportId]:
        """List imports that the agent knows to be its own, and asks about."""
        sent = (job for job in self.home.agent.jobs if job.stage is Stage.SENT)
        followed = [job.part.import_id for job in sent]
        there = {each.id for each in self.home.api.imports if not each.status.ended}
        return [each for each in followed if each in there]

    @property
    def _held(self) -> list[Job]:
        """List the jobs about which nobody has decided."""
        decided = {each.job_id for each in self.home.journal.decisions()}
        held = (job for job in self.home.agent.jobs if job.stage is Stage.HELD)
        return [job for job in held if job.id not in decided]


def _content(kind: Kind, number: int, rows: int) -> bytes:
    match kind:
        case Kind.CONTACTS:
            return contacts(rows, name=f"Ada {number}")
        case Kind.PRODUCTS:
            return products(rows).replace(b"Chair", f"Chair {number}".encode())
        case Kind.VOUCHERS:
            return b"code\n" + b"".join(f"CODE-{number}-{row}\n".encode() for row in range(rows))


def _try(sequences: int, *, derandomize: bool) -> None:
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=12,
            deadline=None,
            derandomize=derandomize,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_all_comes_to_rest() -> None:
    """Some hundred sequences of mishaps, the same ones each time."""
    _try(FEW_SEQUENCES, derandomize=True)


@pytest.mark.exhaustive
@pytest.mark.timeout(0)
@pytest.mark.parametrize("share", range(SHARES))
def test_all_comes_to_rest_after_anything(share: int) -> None:  # noqa: ARG001 - only to repeat it
    """Very many sequences of mishaps, new ones each time."""
    _try(int(os.environ.get("SEQUENCES", MANY_SEQUENCES)) // SHARES, derandomize=False)
