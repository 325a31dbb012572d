"""Puts a ready agent together from settings: the only place that knows core and adapters."""

import errno
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from dropbox_agent import __version__
from dropbox_agent.adapters.bell import Bell
from dropbox_agent.adapters.checker import Checker
from dropbox_agent.adapters.clock import SystemClock
from dropbox_agent.adapters.import_api import ApiAccess, HttpImportApi
from dropbox_agent.adapters.journal import JournalDamaged, SqliteJournal
from dropbox_agent.adapters.lock import HomeLock
from dropbox_agent.adapters.mounts import mount_of
from dropbox_agent.adapters.spool import Disk, DiskSpool, Folders
from dropbox_agent.adapters.status_file import StatusFile
from dropbox_agent.adapters.watcher import Watcher
from dropbox_agent.adapters.workers import Workers
from dropbox_agent.adapters.writer_probe import probe
from dropbox_agent.agent import Agent, Heartbeat, Pools, Rules, Watch
from dropbox_agent.core.backoff import Backoff
from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.delivery import Delivery
from dropbox_agent.core.expanding import NotExpandable, of_payload
from dropbox_agent.core.filing import Filing
from dropbox_agent.core.gates import SettleRules
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.job import JobId, make_job_id
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import is_compressed
from dropbox_agent.core.polling import PollRules, PollSchedule
from dropbox_agent.core.ports import Witness
from dropbox_agent.core.reception import Reception
from dropbox_agent.core.recording import Recorder
from dropbox_agent.core.report import Origin
from dropbox_agent.core.settling import Settling
from dropbox_agent.core.terms import Terms
from dropbox_agent.errors import BadConfiguration, NoPermission
from dropbox_agent.settings import LiveKey, Settings

JOURNAL_NAME = "journal.sqlite"
FILES_AT_ONCE = 2
"""How many files of one kind are checked or filed at a time; no kind waits for another."""

ID_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""No two of them are mistaken for one another when read aloud or typed."""


@dataclass(frozen=True, slots=True)
class PayloadChecker:
    """Checks claimed payloads under the policy of the settings."""

    spool: DiskSpool
    checker: Checker
    policy: CheckPolicy

    def check(self, job_id: JobId, kind: Kind) -> Verdict:
        """Read all that is in a payload and decide about it.

        Size and hash in the verdict are always those of the payload itself.
        """
        payload = self.spool.payload(job_id)
        if not is_compressed(payload.name):
            return self.checker.check(payload, kind, self.policy)
        try:
            verdict = self._check_content(job_id, kind)
        except NotExpandable as fault:
            verdict = fault.as_verdict()
        return of_payload(verdict, *self.spool.measure(job_id))

    def _check_content(self, job_id: JobId, kind: Kind) -> Verdict:
        content = self.spool.make_content(job_id)
        try:
            return self.checker.check(content, kind, self.policy)
        except FileNotFoundError as error:
            # Not to be mixed up with a payload that is gone: this one is made again.
            raise OSError(errno.EAGAIN, "removed while it was checked", str(content)) from error


def new_job_id(kind: Kind) -> JobId:
    """Make a short id: the kind's first letter, then random ones."""
    return make_job_id(kind, "".join(secrets.choice(ID_LETTERS) for _ in range(7)))


def folders_of(settings: Settings) -> Folders:
    """Say where the folders of a home are."""
    return Folders(settings.inbox, settings.processed, settings.failed, settings.state)


def check_policy(settings: Settings) -> CheckPolicy:
    """Say how strictly files are checked."""
    return CheckPolicy(row_faults=settings.row_faults)


def make_folders(settings: Settings) -> list[Path]:
    """Make the folders of a home that are not there; return the new ones.

    Raises:
        NoPermission: One of them cannot be made.
    """
    made = []
    for folder in (*folders_of(settings).all(), settings.state):
        if not folder.is_dir():
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise _no_folder(folder, error) from error
            made.append(folder)
    return made


def take_inbox(settings: Settings) -> None:
    """Take the inbox of a home for its own as it is now, whatever was there before.

    Raises:
        AgentError: It is another home's, or cannot be marked.
    """
    spool = DiskSpool(folders_of(settings), Disk(), probe)
    try:
        spool.make_ours()
    except OSError as error:
        raise _no_folder(settings.inbox, error) from error


@contextmanager
def agent_at_home(
    settings: Settings, witness: Witness, hide: Callable[..., None]
) -> Iterator[Agent]:
    """Give an agent that holds the home's lock and has taken up what an earlier run left.

    When the block ends the agent winds down, and lets everything go.

    Args:
        settings: All that can be set.
        witness: Is told what happens.
        hide: Told the texts of a new key, so that they never reach the log.

    Raises:
        AgentError: The home, the key or the folders are not as they must be.
    """
    key = LiveKey(settings, os.environ, hide)
    _need_folders(settings)
    with ExitStack() as stack:
        lock = stack.enter_context(HomeLock(settings.state))
        disk = Disk()
        journal = stack.enter_context(_open_journal(settings.state, disk, witness))
        checker = Checker(timeout_seconds=settings.check_timeout_seconds)
        stack.callback(checker.stop)
        spool = DiskSpool(
            folders_of(settings),
            disk,
            probe,
            ignore=settings.ignore,
            done_suffix=settings.done_suffix,
            min_free_bytes=settings.min_free,
            max_expanded_bytes=settings.max_expanded,
        )
        api = HttpImportApi(_access(settings, key), _budget(settings))
        stack.callback(api.close)
        # The lambda, because the agent that is told of arrivals is only built below.
        watcher = Watcher(settings.inbox, ring=lambda: agent.look_soon())  # noqa: PLW0108
        stack.callback(watcher.stop)
        outside = _Outside(lock, spool, journal, api, checker, watcher, witness)
        agent = _agent(settings, outside, SystemClock())
        agent.recover()
        stack.callback(agent.wind_down)
        stack.callback(spool.stop)
        yield agent


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
    witness: Witness


def _agent(settings: Settings, outside: _Outside, clock: SystemClock) -> Agent:
    recorder = Recorder(outside.journal, clock, outside.witness)
    return Agent(
        receptions={kind: _reception(kind, settings, outside, clock) for kind in Kind},
        delivery=_delivery(settings, outside, recorder, clock),
        filing=_filing(outside, recorder),
        spool=outside.spool,
        journal=outside.journal,
        schedule=PollSchedule(_poll_rules(settings)),
        clock=clock,
        bell=Bell(),
        pools=Pools(
            look={kind: Workers(f"look-{kind}", 1) for kind in Kind},
            files={kind: Workers(f"files-{kind}", FILES_AT_ONCE) for kind in Kind},
            send=Workers("send", 1),
            ask=Workers("ask", 1),
        ),
        heartbeat=Heartbeat(StatusFile(settings.state, version=__version__), clock),
        watch=Watch(
            outside.watcher,
            outside.witness,
            rescan_seconds=settings.rescan_seconds,
            mount=mount_of(settings.inbox),
            run=Workers("watch", 1).submit,
        ),
        witness=outside.witness,
        rules=_rules(settings),
        still_ours=outside.lock.need_ours,
    )


def _reception(kind: Kind, settings: Settings, outside: _Outside, clock: SystemClock) -> Reception:
    return Reception(
        kind,
        spool=outside.spool,
        journal=outside.journal,
        settling=Settling(_settle_rules(settings)),
        clock=clock,
        witness=outside.witness,
        new_id=new_job_id,
    )


def _delivery(
    settings: Settings, outside: _Outside, recorder: Recorder, clock: SystemClock
) -> Delivery:
    return Delivery(
        api=outside.api,
        spool=outside.spool,
        journal=outside.journal,
        checker=PayloadChecker(outside.spool, outside.checker, check_policy(settings)),
        recorder=recorder,
        clock=clock,
        terms=_terms(settings),
    )


def _filing(outside: _Outside, recorder: Recorder) -> Filing:
    return Filing(
        api=outside.api,
        spool=outside.spool,
        journal=outside.journal,
        recorder=recorder,
        witness=outside.witness,
        origin=Origin(__version__, socket.gethostname()),
    )


def _access(settings: Settings, key: LiveKey) -> ApiAccess:
    return ApiAccess(
        url=settings.api_url,
        key=key,
        connect_timeout_seconds=settings.connect_timeout_seconds,
        read_timeout_seconds=settings.read_timeout_seconds,
        ca_bundle=settings.ca_bundle,
        user_agent=f"dropbox-agent/{__version__}",
    )


def _budget(settings: Settings) -> RequestBudget:
    limit = settings.requests_per_minute
    return RequestBudget(limit, reserve=min(15, limit // 4))


def _terms(settings: Settings) -> Terms:
    return Terms({kind: settings.options_for(kind) for kind in Kind}, settings.vouchers_coupon_set)


def _settle_rules(settings: Settings) -> SettleRules:
    return SettleRules(
        quiet_seconds=settings.settle_seconds,
        empty_hold_seconds=settings.empty_hold_seconds,
        cut_hold_seconds=settings.cut_hold_seconds,
        done_suffix=settings.done_suffix,
        stalled_seconds=settings.stalled_seconds,
    )


def _poll_rules(settings: Settings) -> PollRules:
    return PollRules(settings.poll_floor_seconds, settings.poll_ceiling_seconds)


def _rules(settings: Settings) -> Rules:
    return Rules(
        jobs_ahead=settings.jobs_ahead,
        order=settings.order,
        max_queued=settings.max_queued,
        backoff=Backoff(settings.backoff_floor_seconds, settings.backoff_ceiling_seconds),
        unknown_grace_seconds=settings.unknown_grace_seconds,
        import_patience_seconds=settings.import_patience_seconds,
        stop_seconds=settings.stop_seconds,
    )


def _need_folders(settings: Settings) -> None:
    """Refuse to work on a home that nobody has made: it may be a mount that is not there."""
    if not settings.inbox.is_dir():
        raise BadConfiguration(
            f"There is no inbox folder {settings.inbox}.",
            hint="Run 'dropbox-agent init' in the folder that shall be the home, or name the home "
            "with --home. If the inbox is on a share, see that it is mounted.",
            code="no-inbox",
        )
    make_folders(settings)


def _no_folder(folder: Path, error: OSError) -> NoPermission:
    return NoPermission(
        f"The folder {folder} cannot be made: {error.strerror or error}.",
        hint="Make it by hand, or give the agent's user the right to; then start again.",
        code="no-folder",
    )
