"""What is told of the work besides the log: to monitors, people and programs of others.

Each outlet is a witness, wants to see each heartbeat, or both. None of them can hold up the work.
"""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from dropbox_agent import __version__
from dropbox_agent.adapters.clock import MachineZone
from dropbox_agent.adapters.expected_file import ExpectedFile
from dropbox_agent.adapters.hooks import Hook, Hooks, Notes, Papers, find_program, plain_environ
from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.messenger import Messenger, open_channels
from dropbox_agent.agent.expected import ExpectedFiles
from dropbox_agent.agent.heartbeat import StatusFile
from dropbox_agent.agent.news import NewsDesk
from dropbox_agent.agent.witnesses import SilentWitness, Witnesses
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.digest import News
from dropbox_agent.core.exchange import Observer, unobserved
from dropbox_agent.core.expecting import all_known
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.message import Sender
from dropbox_agent.core.ports import Witness
from dropbox_agent.errors import BadConfiguration
from dropbox_agent.folders import payload_path, report_path
from dropbox_agent.settings import Settings


@dataclass(slots=True)
class Outlets:
    """Those who are told.

    Attributes:
        witnesses: Told what happens, in this order.
        readers: Told each heartbeat.
        observe: Told of each request to the import API.
        at_work: Asked whether there is something to wait for before a run may end.
    """

    witnesses: list[Witness]
    readers: list[StatusFile] = field(default_factory=list)
    observe: Observer = unobserved
    at_work: list[Callable[[], bool]] = field(default_factory=list)

    @property
    def witness(self) -> Witness:
        """All witnesses as one."""
        return Witnesses(*self.witnesses)

    @property
    def is_at_work(self) -> bool:
        """Whether something of what was told has not ended yet."""
        return any(each() for each in self.at_work)


@contextmanager
def outlets_of(
    settings: Settings,
    witness: Witness,
    journal: SqliteJournal,
    clock: Clock,
    ring: Callable[[], None],
) -> Iterator[Outlets]:
    """Open the outlets that the settings ask for, and close them when the block ends.

    Args:
        settings: Say which.
        witness: Told first, and of what goes wrong in an outlet.
        journal: What has been done so far.
        clock: The time.
        ring: Called when an outlet has ended what it was at.

    Raises:
        BadConfiguration: An outlet cannot be opened as the settings say.
    """
    with ExitStack() as stack:
        outlets = Outlets([witness])
        if settings.metrics_file or settings.metrics_listen:
            stack.enter_context(_metrics(settings, outlets, witness))
        stack.enter_context(_messages(settings, outlets, witness, journal, clock))
        stack.enter_context(_hooks(settings, outlets, witness, journal, ring))
        yield outlets


@contextmanager
def _metrics(settings: Settings, outlets: Outlets, witness: Witness) -> Iterator[None]:
    """Count for Prometheus, and give it out where the settings say."""
    try:
        from dropbox_agent.adapters.metrics import (
            Counting,
            PromFile,
            Standing,
            new_registry,
            served,
        )
    except ModuleNotFoundError as error:
        raise BadConfiguration(
            "Metrics need the package prometheus-client, which is not installed.",
            hint="Run pip install 'dropbox-agent[metrics]' (from a checkout: pip install "
            "'.[metrics]') with the pip that installed the agent, or remove AGENT_METRICS_FILE "
            "and AGENT_METRICS_LISTEN from the settings.",
            code="metrics-not-installed",
        ) from error
    registry = new_registry(settings.home, __version__)
    counting, standing = Counting(registry), Standing()
    registry.register(standing)
    outlets.witnesses.append(counting)
    outlets.readers.append(standing)
    outlets.observe = counting.observe
    with ExitStack() as stack:
        if where := settings.metrics_listen:
            stack.enter_context(served(registry, where.host, where.port))
        if path := settings.metrics_file:
            stack.enter_context(PromFile(path, registry, witness.noticed).kept_up())
        yield


@contextmanager
def _messages(
    settings: Settings, outlets: Outlets, witness: Witness, journal: SqliteJournal, clock: Clock
) -> Iterator[None]:
    """Send messages to people, and watch for the files that they expect."""
    with ExitStack() as stack:
        tell: Callable[[News], None] = _leave_untold
        if settings.channels:
            messenger = _messenger(settings, clock, witness.noticed)
            stack.callback(messenger.close)
            desk = NewsDesk(
                settings.notify_on,
                tell=messenger.tell,
                held=[job.id for job in journal.under_way() if job.stage is Stage.HELD],
                report_of=lambda job: str(report_path(job, settings)),
                paused_seconds=settings.notify_paused_seconds,
                zone=MachineZone(),
            )
            outlets.witnesses.append(desk)
            outlets.readers.append(desk)
            tell = desk.tell
        if settings.expect:
            expected = _expected(settings, witness, journal, clock, tell)
            stack.callback(expected.judge)
            outlets.witnesses.append(expected)
            outlets.readers.append(expected)
        yield


def _messenger(settings: Settings, clock: Clock, warn: Callable[[str], None]) -> Messenger:
    """Open the channels that the settings name, for the agent's news.

    Raises:
        BadConfiguration: There cannot be one like that.
    """
    return Messenger(
        open_channels(settings.channels),
        digest_seconds=settings.notify_digest_seconds,
        sender=Sender(socket.gethostname(), str(settings.home)),
        clock=clock,
        warn=warn,
    )


def _expected(
    settings: Settings,
    witness: Witness,
    journal: SqliteJournal,
    clock: Clock,
    tell: Callable[[News], None],
) -> ExpectedFiles:
    """Begin to wait for the expected files; the log has what is missing, in any case."""
    file = ExpectedFile(settings.state)

    def log_and_tell(news: News) -> None:
        if not news.is_over:
            witness.noticed(f"expected, and missing: {news.subject}. {news.detail}")
        tell(news)

    known = all_known(
        settings.expect,
        file.read(),
        lambda each: journal.last_arrival(each.kind, each.covers),
        clock.now(),
    )
    return ExpectedFiles(
        settings.expect, known, memory=file, clock=clock, zone=MachineZone(), tell=log_and_tell
    )


def _leave_untold(_news: News) -> None:
    """Stand in where there is nobody to tell."""


class _HookWitness(SilentWitness):
    """Tells the hooks of the jobs whose outcome is decided."""

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""
        if job.stage in {Stage.JUDGED, Stage.FILED}:
            self._hooks.tell(job)


@contextmanager
def _hooks(
    settings: Settings,
    outlets: Outlets,
    witness: Witness,
    journal: SqliteJournal,
    ring: Callable[[], None],
) -> Iterator[None]:
    """Run the administrator's own program after each outcome, if the settings name one."""
    notes = Notes(settings.state / "hooks")
    if not settings.hook:
        notes.clear()  # whoever sets one later does not expect it to be run for old files
        yield
        return
    program = find_program(settings.hook, settings.home, os.environ)
    hooks = Hooks(
        Hook(
            words=(str(program), *settings.hook[1:]),
            folder=settings.home,
            environ=plain_environ(os.environ),
            seconds=settings.hook_seconds,
            outcomes=settings.hook_on,
        ),
        notes,
        journal,
        papers=lambda job: Papers(report_path(job, settings), payload_path(job, settings)),
        witness=witness,
        ring=ring,
    )
    outlets.witnesses.append(_HookWitness(hooks))
    outlets.at_work.append(lambda: not hooks.is_idle)
    try:
        yield
    finally:
        hooks.stop(settings.stop_seconds)
