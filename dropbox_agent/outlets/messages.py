"""The outlet to people: messages, and the watch for the files that they expect."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from dropbox_agent.adapters.clock import MachineZone
from dropbox_agent.adapters.expected_file import ExpectedFile
from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.messenger import Messenger, open_channels
from dropbox_agent.adapters.told_file import ToldFile
from dropbox_agent.agent.expected import ExpectedFiles
from dropbox_agent.agent.news import NewsDesk
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.digest import News
from dropbox_agent.core.expecting import all_known
from dropbox_agent.core.job import Stage
from dropbox_agent.core.message import Sender
from dropbox_agent.core.ports import Witness
from dropbox_agent.folders import report_path
from dropbox_agent.outlets.outlets import Outlets
from dropbox_agent.settings import Settings


@contextmanager
def messages(
    settings: Settings,
    outlets: Outlets,
    witness: Witness,
    journal: SqliteJournal,
    clock: Clock,
    *,
    close_seconds: float,
) -> Iterator[None]:
    """Send messages to people, and watch for the files that they expect.

    ``close_seconds`` is how long the end waits for channels that are slow.
    """
    with ExitStack() as stack:
        tell: Callable[[News], bool] = _leave_untold
        messenger = None
        if settings.channels:
            messenger = _messenger(settings, clock, witness.noticed, close_seconds)
            stack.callback(messenger.close)
            desk = NewsDesk(
                settings.notify_on,
                tell=messenger.tell,
                memory=ToldFile(settings.state),
                report_of=lambda job: str(report_path(job, settings)),
                paused_seconds=settings.notify_paused_seconds,
                zone=MachineZone(),
            )
            messenger.when_told(desk.was_told)
            desk.take_up(job for job in journal.under_way() if job.stage is Stage.HELD)
            outlets.witnesses.append(desk)
            outlets.readers.append(desk)
            tell = desk.tell
        if settings.expect:
            expected = _expected(settings, witness, journal, clock, tell)
            if messenger:
                messenger.when_told(expected.was_told)
            stack.callback(expected.judge)
            outlets.witnesses.append(expected)
            outlets.readers.append(expected)
        yield


def _messenger(
    settings: Settings, clock: Clock, warn: Callable[[str], None], close_seconds: float
) -> Messenger:
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
        close_seconds=close_seconds,
    )


def _expected(
    settings: Settings,
    witness: Witness,
    journal: SqliteJournal,
    clock: Clock,
    tell: Callable[[News], bool],
) -> ExpectedFiles:
    """Begin to wait for the expected files; the log has what is missing, in any case."""
    file = ExpectedFile(settings.state)

    def log_and_tell(news: News) -> bool:
        if not news.is_over:
            witness.noticed(f"expected, and missing: {news.subject}. {news.detail}")
        return tell(news)

    known = all_known(
        settings.expect,
        file.read(),
        lambda each: journal.last_arrival(each.kind, each.covers),
        clock.now(),
    )
    return ExpectedFiles(
        settings.expect, known, memory=file, clock=clock, zone=MachineZone(), tell=log_and_tell
    )


def _leave_untold(_news: News) -> bool:
    """Stand in where there is nobody to tell."""
    return False
