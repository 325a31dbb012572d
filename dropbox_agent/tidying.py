"""Puts together who deletes what need not be kept any longer."""

from collections.abc import Iterator
from contextlib import contextmanager

from dropbox_agent.adapters.journal import KeepingRecords
from dropbox_agent.adapters.log_witness import log_line
from dropbox_agent.adapters.spool import Disk, FiledFiles
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.ports import Witness
from dropbox_agent.core.sweeping import Sweeper
from dropbox_agent.folders import JOURNAL_NAME
from dropbox_agent.settings import Settings


@contextmanager
def sweeper_of(settings: Settings, disk: Disk, clock: Clock, witness: Witness) -> Iterator[Sweeper]:
    """Give who deletes what is old in a home whose journal is there already.

    Args:
        settings: How long what is kept.
        disk: Makes every change.
        clock: The time.
        witness: Told what goes wrong.

    Raises:
        AgentError: The journal cannot be used.
    """
    with KeepingRecords(settings.state / JOURNAL_NAME) as records:
        yield Sweeper(
            settings.keepings,
            records=records,
            filed=FiledFiles(settings.processed, settings.failed, disk),
            clock=clock,
            witness=witness,
            tell=log_line,
        )
