"""A real home folder, and an agent in it whose clock, server and threads a test holds in hand."""

import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from dropbox_agent.adapters.checker import Checker
from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.notify import Notifier
from dropbox_agent.adapters.spool import CLAIMED, DiskSpool, Folders
from dropbox_agent.adapters.status_file import StatusFile, read_status
from dropbox_agent.agent import Agent, Heartbeat, Pools, Pulse, Rules, Watch
from dropbox_agent.agent.heartbeat import StatusFile as StatusFilePort
from dropbox_agent.agent.pulse import ServiceManager
from dropbox_agent.core.account import Question
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.delivery import Delivery
from dropbox_agent.core.duplicates import Duplicates
from dropbox_agent.core.filing import Filing
from dropbox_agent.core.gates import Gate, SettleRules
from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.job import Job, JobId, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.nets import SafetyNets
from dropbox_agent.core.overview import Overview
from dropbox_agent.core.polling import PollRules, PollSchedule
from dropbox_agent.core.ports import Checker as CheckerPort
from dropbox_agent.core.reception import Reception
from dropbox_agent.core.recording import Recorder
from dropbox_agent.core.report import Json, Origin
from dropbox_agent.core.settling import Settling
from dropbox_agent.core.sighting import Writer
from dropbox_agent.core.sweeping import Sweeper
from dropbox_agent.core.terms import Terms
from dropbox_agent.folders import JOURNAL_NAME
from dropbox_agent.payload_checker import PayloadChecker
from tests.clocks import SetClock
from tests.crashes import QuickDisk, QuickJournal
from tests.fakes import FakeImportApi
from tests.stand_ins import InlinePool, SetBell, SetWatcher
from tests.witnesses import RecordingWitness

MOST_TURNS_AT_ONCE = 100
"""More turns without time going on are no progress but a loop that spins."""


class NoProgressError(AssertionError):
    """The loop spins, or does not come to where it should."""


class Home:
    """One home, and whichever agent works in it at the moment.

    What is set on it counts from the next ``start``. A start leaves the agent before it as a
    killed process would be left: nothing is closed, nothing is said.

    Attributes:
        root: The folder.
        clock: Stands still but for the waits of the loop.
        api: The server.
        witness: Was told what happened, by every agent.
        dropped: Content of all drops, by their path below the inbox.
        writers: Who has a file open for writing, by the file's name.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.clock = SetClock()
        self.api = FakeImportApi(self.clock)
        self.witness = RecordingWitness()
        self.bell = SetBell(self.clock)
        self.watcher = SetWatcher()
        self.pools = Pools(
            look={kind: InlinePool() for kind in Kind},
            files={kind: InlinePool() for kind in Kind},
            send=InlinePool(),
            ask=InlinePool(),
            know=InlinePool(),
            keep=InlinePool(),
        )
        self.service_manager: ServiceManager = Notifier({})
        self.ignore: tuple[str, ...] = ()
        self.rules = Rules()
        self.rescan_seconds = 10.0
        self.policy = CheckPolicy()
        self.encodings: dict[Kind, str | None] = {}
        self.nets = SafetyNets()
        self.duplicates = Duplicates()
        self.settle = SettleRules()
        self.new_sweeper: Callable[[], Sweeper | None] = lambda: None
        self.default_set: str | None = None
        self.questions: Mapping[Kind, Question] = {}
        self.disk = QuickDisk()
        self.open_journal: Callable[[Path], SqliteJournal] = QuickJournal
        self.open_spool: Callable[..., DiskSpool] = DiskSpool
        self.checker: CheckerPort | None = None
        self.status_file: StatusFilePort = StatusFile(root / "state", version="0")
        self.dropped: dict[str, bytes] = {}
        self.writers: dict[str, Writer] = {}
        self.state = root / "state"
        self.folders = Folders(root / "inbox", root / "processed", root / "failed", self.state)
        for folder in (*self.folders.all(), self.state):
            folder.mkdir(parents=True, exist_ok=True)
        self._numbers = itertools.count(1)
        self._opened: list[SqliteJournal] = []
        self._agent: Agent | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for journal in self._opened:
            journal.close()

    # The agent

    def start(self) -> Agent:
        """Build an agent anew and let it take up what is there."""
        self.journal = self.open_journal(self.state / JOURNAL_NAME)
        self._opened.append(self.journal)
        self.spool = self.open_spool(
            self.folders,
            self.disk,
            self._probe,
            ignore=self.ignore,
            done_suffix=self.settle.done_suffix,
        )
        self._agent = self._build()
        self._agent.recover()
        return self._agent

    @property
    def agent(self) -> Agent:
        """The agent, started if there is none."""
        return self._agent or self.start()

    def run_until(self, done: Callable[[], object], seconds: float = 86_400.0) -> None:
        """Let the loop turn until something is so, or is there.

        Raises:
            NoProgressError: It is not so after that time, or the loop spins.
        """
        self.agent.run(_Patience(done, self.clock, seconds))

    def run_for(self, seconds: float) -> None:
        """Let the loop turn for some time; it may end a little later."""
        until = self.clock.monotonic() + seconds
        self.run_until(lambda: self.clock.monotonic() >= until)

    def rest(self) -> None:
        """Let the loop turn until there is nothing left to do by itself."""
        self.run_until(lambda: self.is_at_rest)

    @property
    def is_at_rest(self) -> bool:
        """Whether no job is under way and no drop is about to become one."""
        if self.agent.is_at_work or any(job.under_way for job in self.agent.jobs):
            return False
        gates = {each.gate for each in self.agent.overview.drops}
        return not gates & {None, Gate.QUIET, Gate.WHOLE, Gate.CLAIM}

    # What goes in, and what is to be seen

    def drop(self, kind: Kind, name: str, content: bytes, folder: str | None = None) -> Path:
        """Put a complete file into an inbox; a running agent hears of it, as from its watcher."""
        inbox = self.folders.inbox / kind / (folder or "")
        inbox.mkdir(exist_ok=True)
        target = inbox / name
        target.write_bytes(content)
        self.dropped[str(target.relative_to(self.folders.inbox))] = content
        if self._agent:
            self._agent.look_soon()
        return target

    @property
    def overview(self) -> Overview:
        """What the agent has in hand."""
        return self.agent.overview

    @property
    def status(self) -> dict[str, Any]:
        """What the agent wrote about itself last."""
        return read_status(self.state) or {}

    def job(self, name: str) -> Job:
        """Find the one job in hand for a file of this name."""
        (job,) = (job for job in self.agent.jobs if job.name == name)
        return job

    def stage(self, name: str) -> Stage | None:
        """Tell the stage of the job in hand for a file of this name; None if there is none."""
        return next((job.stage for job in self.agent.jobs if job.name == name), None)

    def payloads(self) -> list[Path]:
        """List the claimed payloads."""
        return sorted((self.folders.inbox / CLAIMED).glob("*/*"))

    def archived(self, root: str) -> list[str]:
        """List what lies in ``processed`` or ``failed``, hidden or not."""
        return sorted(each.name for each in (self.root / root).glob("*/*"))

    def reports(self) -> list[tuple[Path, Json]]:
        """Read every visible report."""
        found = (path for root in ("processed", "failed") for path in self._reports_in(root))
        return [(path, json.loads(path.read_bytes())) for path in found]

    def report(self, name: str) -> Json:
        """Find the one report on a file of this name."""
        (report,) = (each for _, each in self.reports() if each["file"]["name"] == name)
        return report

    def payload_of(self, name: str) -> bytes:
        """Read the file that lies beside the one report on a file of this name."""
        (path,) = (path for path, each in self.reports() if each["file"]["name"] == name)
        payload: str = self.report(name)["file"]["archived_as"]
        return (path.parent / payload).read_bytes()

    def _reports_in(self, root: str) -> list[Path]:
        return sorted((self.root / root).glob("*/*.report.json"))

    # How it is put together

    def _probe(self, path: Path) -> Writer:
        return self.writers.get(path.name, Writer.FREE)

    def _new_id(self, kind: Kind) -> JobId:
        return JobId(f"{kind.value[0]}{next(self._numbers):07}")

    def _build(self) -> Agent:
        return Agent(
            receptions={kind: self._reception(kind) for kind in Kind},
            delivery=self._delivery(),
            filing=self._filing(),
            spool=self.spool,
            journal=self.journal,
            schedule=PollSchedule(PollRules()),
            clock=self.clock,
            bell=self.bell,
            pools=self.pools,
            heartbeat=Heartbeat(self.status_file, self.clock),
            pulse=Pulse(self.service_manager, self.clock),
            watch=Watch(self.watcher, self.witness, rescan_seconds=self.rescan_seconds),
            witness=self.witness,
            rules=self.rules,
            questions=self.questions,
            sweeper=self.new_sweeper(),
        )

    def _reception(self, kind: Kind) -> Reception:
        return Reception(
            kind,
            spool=self.spool,
            journal=self.journal,
            settling=Settling(self.settle),
            clock=self.clock,
            witness=self.witness,
            new_id=self._new_id,
        )

    def _delivery(self) -> Delivery:
        return Delivery(
            api=self.api,
            spool=self.spool,
            journal=self.journal,
            checker=self.checker
            or PayloadChecker(self.spool, Checker(), self.policy, self.encodings),
            recorder=self._recorder(),
            clock=self.clock,
            terms=Terms({kind: ImportOptions() for kind in Kind}, self.default_set),
            nets=self.nets,
            duplicates=self.duplicates,
        )

    def _filing(self) -> Filing:
        return Filing(
            api=self.api,
            spool=self.spool,
            journal=self.journal,
            recorder=self._recorder(),
            witness=self.witness,
            origin=Origin("0", "shop"),
            quotes_rows=self.policy.quotes_rows,
        )

    def _recorder(self) -> Recorder:
        quotes_rows = self.policy.quotes_rows
        return Recorder(self.journal, self.clock, self.witness, quotes_rows=quotes_rows)


class _Patience:
    """Asked after every turn: is it done? Loses patience with a loop that gets nowhere."""

    def __init__(self, done: Callable[[], object], clock: SetClock, seconds: float) -> None:
        self._done = done
        self._clock = clock
        self._until = clock.monotonic() + seconds
        self._turned_at = clock.monotonic()
        self._turns = 0

    def __call__(self) -> bool:
        if self._done():
            return True
        now = self._clock.monotonic()
        self._turns = self._turns + 1 if now == self._turned_at else 0
        self._turned_at = now
        if self._turns > MOST_TURNS_AT_ONCE:
            raise NoProgressError(f"{self._turns} turns at {now}")
        if now > self._until:
            raise NoProgressError("it takes too long")
        return False
