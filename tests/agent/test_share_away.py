"""The inboxes may lie on a share: while it is away nothing is given up, and then it goes on."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import CLAIMED, DiskSpool
from dropbox_agent.adapters.spool.mark import MARK_NAME
from dropbox_agent.core.imports import Body, NotNow
from dropbox_agent.core.job import Fingerprint, Job, JobId, Part, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import AgentError, TryLater
from tests.crashes import QuickDisk
from tests.drops import contacts, vouchers
from tests.fakes import answer_with
from tests.homes import Home
from tests.promises import breaches

SET = "61fa54f238319b3bf1990fdc"
LIMIT = NotNow(TryLater("Slower.", hint="Nothing to do.", code="rate-limited"), wait_seconds=30.0)


class FleetingDisk(QuickDisk):
    """A disk whose inboxes go away as soon as a file has been claimed.

    Attributes:
        has_gone: Whether they have gone.
    """

    def __init__(self, home: Home) -> None:
        self._home = home
        self.has_gone = False

    def sync_folder(self, path: Path) -> None:
        """Sync a folder, if it is there."""
        if not self.has_gone and self._home.payloads():
            self._home.folders.inbox.rename(self._home.root / "elsewhere")
            self.has_gone = True
        super().sync_folder(path)


@contextmanager
def away(home: Home, there: str) -> Iterator[None]:
    """Take the inboxes away for a while; a mount point may be left in their place.

    Args:
        home: Whose.
        there: What is left: nothing, an empty mount point, or one that was once marked.
    """
    inbox = home.folders.inbox
    elsewhere = inbox.with_name("elsewhere")
    inbox.rename(elsewhere)
    if there != "nothing":
        for folder in (inbox, *(inbox / kind for kind in Kind)):
            folder.mkdir()
    if there == "marked":
        (inbox / CLAIMED).mkdir()
        (inbox / CLAIMED / MARK_NAME).write_text("another\n", encoding="utf-8")
    try:
        yield
    finally:
        if there != "nothing":
            inbox.rename(inbox.with_name("mount point"))
        elsewhere.rename(inbox)


each_way = pytest.mark.parametrize("there", ["nothing", "empty", "marked"])
each_stage = pytest.mark.parametrize("stage", [Stage.CLAIMED, Stage.CHECKED, Stage.SENT])


def _under_way(home: Home, stage: Stage) -> None:
    """Drop vouchers, and let them come as far as a stage."""
    if stage is Stage.CHECKED:
        home.api.next_create(answer_with(LIMIT))
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.run_until(lambda: stage in {job.stage for job in home.witness.steps})


@each_way
@each_stage
def test_files_under_way_are_not_given_up(home: Home, stage: Stage, there: str) -> None:
    """A share that is away for an hour is no reason to call a claimed file missing."""
    _under_way(home, stage)
    with away(home, there):
        home.run_for(3600)
        assert home.archived("failed") == []
    home.rest()
    assert home.report("codes.csv")["outcome"] == "imported"
    assert len(home.api.imports) == 1
    assert breaches(home) == []


@each_way
@each_stage
def test_a_start_without_the_share_costs_nothing(home: Home, stage: Stage, there: str) -> None:
    """An agent that starts before the share is mounted does not take its files for lost."""
    _under_way(home, stage)
    with away(home, there), suppress(AgentError, OSError):
        home.start()
        home.run_for(3600)
    home.start()
    home.rest()
    assert home.report("codes.csv")["outcome"] == "imported"
    assert len(home.api.imports) == 1
    assert breaches(home) == []


def test_a_start_with_another_inbox_costs_nothing(home: Home) -> None:
    """Whoever moves the inbox in the settings while files are under way is told so."""
    _under_way(home, Stage.CHECKED)
    before = home.folders
    home.folders = replace(before, inbox=home.root / "new inbox")
    for folder in home.folders.all():
        folder.mkdir(exist_ok=True)
    with pytest.raises(TryLater, match="Files are under way"):
        home.start()
    home.folders = before
    home.start()
    home.rest()
    assert home.report("codes.csv")["outcome"] == "imported"
    assert breaches(home) == []


def test_a_share_that_goes_in_the_middle_of_a_claim_costs_nothing(home: Home) -> None:
    """The file has moved, and then nobody can say so; when the share is back it is known."""
    disk = home.disk = FleetingDisk(home)
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.run_until(lambda: disk.has_gone)
    home.run_for(600)
    home.folders.inbox.with_name("elsewhere").rename(home.folders.inbox)
    home.run_until(home.reports)
    assert home.report("codes.csv")["outcome"] == "imported"
    assert breaches(home) == []


def test_files_that_come_when_it_is_back_are_found(home: Home) -> None:
    """Looking goes on by itself."""
    home.start()
    with away(home, "nothing"):
        home.run_for(600)
        held_up = [name for name, _ in home.overview.pauses]
        assert held_up == [f"looking into {kind}" for kind in Kind]
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    home.run_until(home.reports)
    assert home.report("people.csv")["outcome"] == "imported"


def test_a_file_that_was_out_of_sight_for_a_moment_is_not_given_up(home: Home) -> None:
    """A share may be back before anybody asks whether it was away."""
    times = iter([True])

    class Blinking(DiskSpool):
        def fingerprint(self, job_id: JobId) -> Fingerprint:
            if next(times, False):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            return super().fingerprint(job_id)

    home.open_spool = Blinking
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.rest()
    assert home.report("codes.csv")["outcome"] == "imported"


def test_a_share_that_goes_in_the_moment_of_sending_leaves_no_doubt(home: Home) -> None:
    """Nothing can have been sent of what could not be read: no grace, and nobody has to decide."""
    times = iter([True])

    class Fleeting(DiskSpool):
        def body(self, job: Job, part: Part) -> Body:
            with away(home, "marked") if next(times, False) else nullcontext():
                return super().body(job, part)

    home.open_spool = Fleeting
    began = home.clock.monotonic()
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.rest()
    stages = home.witness.stages("codes.csv")
    assert stages[1:5] == [Stage.CHECKED, Stage.SENDING, Stage.CHECKED, Stage.SENDING]
    assert home.report("codes.csv")["outcome"] == "imported"
    assert home.clock.monotonic() - began < home.rules.unknown_grace_seconds
