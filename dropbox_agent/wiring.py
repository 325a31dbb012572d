"""Puts a ready agent together from settings: the only place that knows core and adapters."""

import os
import secrets
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from dropbox_agent import __version__
from dropbox_agent.access import access_of
from dropbox_agent.adapters.bell import Bell
from dropbox_agent.adapters.checker import Checker
from dropbox_agent.adapters.clock import SystemClock
from dropbox_agent.adapters.import_api import HttpImportApi
from dropbox_agent.adapters.journal import JournalDamaged, SqliteJournal
from dropbox_agent.adapters.lock import HomeLock
from dropbox_agent.adapters.mounts import mount_of
from dropbox_agent.adapters.notify import Notifier
from dropbox_agent.adapters.spool import Disk, DiskSpool
from dropbox_agent.adapters.status_file import StatusFile
from dropbox_agent.adapters.watcher import Watcher
from dropbox_agent.adapters.workers import Workers
from dropbox_agent.agent import Agent, Heartbeat, Pools, Pulse, Rules, Watch
from dropbox_agent.core.account import Question, questions
from dropbox_agent.core.backoff import Backoff
from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.delivery import Delivery
from dropbox_agent.core.duplicates import Duplicates
from dropbox_agent.core.filing import Filing
from dropbox_agent.core.job import JobId, make_job_id
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.nets import SafetyNets
from dropbox_agent.core.polling import PollRules, PollSchedule
from dropbox_agent.core.ports import Witness
from dropbox_agent.core.reception import Reception
from dropbox_agent.core.recording import Recorder
from dropbox_agent.core.report import Origin
from dropbox_agent.core.settling import Settling
from dropbox_agent.core.sweeping import Sweeper
from dropbox_agent.core.terms import Terms
from dropbox_agent.folders import JOURNAL_NAME, need_folders, spool_of
from dropbox_agent.outlets import Outlets, outlets_of
from dropbox_agent.payload_checker import PayloadChecker
from dropbox_agent.settings import LiveKey, Settings
from dropbox_agent.tidying import sweeper_of

FILES_AT_ONCE = 2
"""How many files of one kind are checked or filed at a time; no kind waits for another."""

ID_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""No two of them are mistaken for one another when read aloud or typed."""


def new_job_id(kind: Kind) -> JobId:
    """Make a short id: the kind's first letter, then random ones."""
    return make_job_id(kind, "".join(secrets.choice(ID_LETTERS) for _ in range(7)))


def check_policy(settings: Settings) -> CheckPolicy:
    """Say how strictly files are checked."""
    return CheckPolicy(row_faults=settings.row_faults)


@contextmanager
def agent_at_home(
    settings: Settings, witness: Witness, hide: Callable[..., None], *, patiently: bool = False
) -> Iterator[Agent]:
    """Give an agent that holds the home's lock and has taken up what an earlier run left.

    When the block ends the agent winds down, and lets everything go.

    Args:
        settings: All that can be set.
        witness: Is told what happens.
        hide: Told the texts of a new key, so that they never reach the log.
        patiently: Whether the end may take time, for a slow channel to take its last message.

    Raises:
        AgentError: The home, the key or the folders are not as they must be.
    """
    key = LiveKey(settings, os.environ, hide)
    need_folders(settings)
    with ExitStack() as stack:
        lock = stack.enter_context(HomeLock(settings.state))
        disk = Disk()
        journal = stack.enter_context(_open_journal(settings.state, disk, witness))
        clock = SystemClock()
        bell = Bell()
        outlets = stack.enter_context(
            outlets_of(settings, witness, journal, clock, bell.ring, patiently=patiently)
        )
        checker = Checker(timeout_seconds=settings.check_timeout_seconds)
        stack.callback(checker.stop)
        spool = spool_of(settings, disk)
        access, budget = access_of(settings, key), _budget(settings)
        api = HttpImportApi(access, budget, observe=outlets.observe)
        stack.callback(api.close)
        # The lambda, because the agent that is told of arrivals is only built below.
        watcher = Watcher(settings.inbox, ring=lambda: agent.look_soon())  # noqa: PLW0108
        stack.callback(watcher.stop)
        sweeper = stack.enter_context(sweeper_of(settings, disk, clock, outlets.witness))
        outside = _Outside(lock, spool, journal, api, checker, watcher, bell, outlets, sweeper)
        agent = _agent(settings, outside, clock)
        agent.recover()
        stack.callback(agent.wind_down)
        stack.callback(spool.stop)
        stack.callback(outside.notify.stopping)
        yield agent


@contextmanager
def account_questions(settings: Settings) -> Iterator[Mapping[Kind, Question]]:
    """Give what can be asked of the account, for a command that has no agent.

    Raises:
        BadConfiguration: There is no key.
    """
    key = settings.require_key()
    access = access_of(settings, key.get_secret_value)
    with closing(HttpImportApi(access, _budget(settings))) as api:
        yield _questions(settings, api)


def _open_journal(state: Path, disk: Disk, witness: Witness) -> SqliteJournal:
    """Open the journal; a damaged one is set aside, never deleted, and a new one begun."""
    path = state / JOURNAL_NAME
    try:
        return SqliteJournal(path)
    except JournalDamaged as error:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        for each in sorted(state.glob(f"{JOURNAL_NAME}*")):
            disk.move(each, each.with_name(f"damaged-{stamp}-{each.name}"))
        disk.sync_folder(state)
        witness.noticed(f"{error.message} {error.hint}")
        return SqliteJournal(path)


@dataclass(frozen=True, slots=True)
class _Outside:
    """The adapters of one home."""

    lock: HomeLock
    spool: DiskSpool
    journal: SqliteJournal
    api: HttpImportApi
    checker: Checker
    watcher: Watcher
    bell: Bell
    outlets: Outlets
    sweeper: Sweeper
    notify: Notifier = field(default_factory=lambda: Notifier(os.environ))

    @property
    def witness(self) -> Witness:
        """Everybody who is told what happens."""
        return self.outlets.witness


def _agent(settings: Settings, outside: _Outside, clock: SystemClock) -> Agent:
    recorder = Recorder(outside.journal, clock, outside.witness, quotes_rows=settings.quotes_rows)
    return Agent(
        receptions={kind: _reception(kind, settings, outside, clock) for kind in Kind},
        delivery=_delivery(settings, outside, recorder, clock),
        filing=_filing(settings, outside, recorder),
        spool=outside.spool,
        journal=outside.journal,
        schedule=PollSchedule(
            PollRules(settings.poll_floor_seconds, settings.poll_ceiling_seconds)
        ),
        clock=clock,
        bell=outside.bell,
        pools=Pools(
            look={kind: Workers(f"look-{kind}", 1) for kind in Kind},
            files={kind: Workers(f"files-{kind}", FILES_AT_ONCE) for kind in Kind},
            send=Workers("send", 1),
            ask=Workers("ask", 1),
            know=Workers("know", 1),
            keep=Workers("keep", 1),
        ),
        heartbeat=Heartbeat(
            StatusFile(settings.state, outside.witness.noticed, version=__version__),
            clock,
            outside.notify,
            *outside.outlets.readers,
        ),
        pulse=Pulse(outside.notify, clock),
        watch=Watch(
            outside.watcher,
            outside.witness,
            rescan_seconds=settings.rescan_seconds,
            mount=mount_of(settings.inbox),
            run=Workers("watch", 1).submit,
        ),
        witness=outside.witness,
        rules=_rules(settings),
        questions=_questions(settings, outside.api),
        still_ours=outside.lock.need_ours,
        is_awaited=lambda: outside.outlets.is_at_work,
        sweeper=outside.sweeper,
    )


def _reception(kind: Kind, settings: Settings, outside: _Outside, clock: SystemClock) -> Reception:
    return Reception(
        kind,
        spool=outside.spool,
        journal=outside.journal,
        settling=Settling(settings.settle_rules),
        clock=clock,
        witness=outside.witness,
        new_id=new_job_id,
    )


def _delivery(
    settings: Settings, outside: _Outside, recorder: Recorder, clock: SystemClock
) -> Delivery:
    policy = replace(check_policy(settings), quotes_rows=settings.quotes_rows)
    return Delivery(
        api=outside.api,
        spool=outside.spool,
        journal=outside.journal,
        checker=PayloadChecker(outside.spool, outside.checker, policy, settings.encodings),
        recorder=recorder,
        clock=clock,
        terms=terms_of(settings),
        nets=_nets(settings),
        duplicates=Duplicates(settings.duplicates),
    )


def _filing(settings: Settings, outside: _Outside, recorder: Recorder) -> Filing:
    return Filing(
        api=outside.api,
        spool=outside.spool,
        journal=outside.journal,
        recorder=recorder,
        witness=outside.witness,
        origin=Origin(__version__, socket.gethostname()),
        quotes_rows=settings.quotes_rows,
    )


def _budget(settings: Settings) -> RequestBudget:
    limit = settings.requests_per_minute
    return RequestBudget(limit, reserve=min(15, limit // 4))


def _questions(settings: Settings, api: HttpImportApi) -> Mapping[Kind, Question]:
    """Say what to ask the account about itself: nothing that the settings say is not to be used."""
    live = settings.contacts_fields == "live"
    return questions(api, {Kind.VOUCHERS, *([Kind.CONTACTS] if live else [])})


def terms_of(settings: Settings) -> Terms:
    """Say how rows of each kind are imported."""
    return Terms({kind: settings.options_for(kind) for kind in Kind}, settings.vouchers_coupon_set)


def _nets(settings: Settings) -> SafetyNets:
    return SafetyNets(
        least_rows=settings.hold_under_usual_rows,
        all_columns=settings.hold_missing_columns,
        most_faulty=settings.hold_faulty_rows,
    )


def _rules(settings: Settings) -> Rules:
    return Rules(
        jobs_ahead=settings.jobs_ahead,
        order=settings.order,
        max_queued=settings.max_queued,
        backoff=Backoff(settings.backoff_floor_seconds, settings.backoff_ceiling_seconds),
        unknown_grace_seconds=settings.unknown_grace_seconds,
        import_patience_seconds=settings.import_patience_seconds,
        account_seconds=settings.account_seconds,
        account_patience_seconds=settings.account_patience_seconds,
        stop_seconds=settings.stop_seconds,
    )
