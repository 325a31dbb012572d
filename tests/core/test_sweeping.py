"""One sweep after the other over what was filed: none costs much, and none forgets its place."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import KeepingRecords, SqliteJournal
from dropbox_agent.adapters.spool import FiledFiles
from dropbox_agent.core.job import JobId, Outcome, Stage
from dropbox_agent.core.keeping import Entry, Keeping, Thing
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sweeping import ENTRIES_AT_ONCE, MOST_IN_VAIN, Sweeper
from tests.clocks import SetClock
from tests.crashes import QuickDisk, QuickJournal
from tests.jobs import job_at, new_job
from tests.sweeps import DAY, for_days
from tests.witnesses import RecordingWitness


class CountedRecords(KeepingRecords):
    """Records that count what they are asked.

    Attributes:
        looked_at: How many entries were listed.
        recalled: How often all imports were gone through.
    """

    looked_at = 0
    recalled = 0

    def entries(
        self, thing: Thing, outcomes: Collection[Outcome], *, after: int, limit: int
    ) -> list[Entry]:
        """List filed jobs."""
        found = super().entries(thing, outcomes, after=after, limit=limit)
        self.looked_at += len(found)
        return found

    def memorable(self) -> frozenset[JobId]:
        """List the latest imports."""
        self.recalled += 1
        return super().memorable()


class Scene:
    """A journal, an archive, and somebody who sweeps."""

    def __init__(self, root: Path) -> None:
        self.clock = SetClock()
        self.witness = RecordingWitness()
        self.folder = root / "processed" / Kind.CONTACTS
        self.folder.mkdir(parents=True)
        (self.folder / "note.txt").touch()
        self.journal = QuickJournal(root / "journal")
        self.records = CountedRecords(root / "journal")
        self.filed = FiledFiles(root / "processed", root / "failed", QuickDisk())
        self.start({Thing.ENTRY: for_days(31)})

    def start(self, keepings: dict[Thing, Keeping]) -> None:
        """Have somebody new sweep by some rules."""
        self.sweeper = Sweeper(
            {thing: keepings.get(thing, Keeping()) for thing in Thing},
            records=self.records,
            filed=self.filed,
            clock=self.clock,
            witness=self.witness,
            tell=lambda _: None,
        )

    def sweep(self) -> int:
        """Make a whole sweep; say at how many entries it has looked."""
        before = self.records.looked_at
        self.sweeper.begin()
        while self.sweeper.bite():
            pass
        return self.records.looked_at - before

    def file(self, *names: str) -> None:
        """File some jobs with their reports."""
        for name in names:
            number, _, _ = name.partition(".")
            job = self.journal.add(new_job(name=name, number=int(number)))
            job = replace(job_at(Stage.FILED, job), stem=f"stem-{number}")
            self.journal.save(job)
            (self.folder / f"{job.stem}.report.json").touch()

    def close(self) -> None:
        """Close the journal."""
        self.records.close()
        self.journal.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    """A home in which nothing was filed yet."""
    scene = Scene(tmp_path)
    scene.sweep()
    yield scene
    scene.close()


def known(journal: SqliteJournal) -> int:
    """Count the entries."""
    return len(journal.latest(10_000))


def names(count: int) -> list[str]:
    """Name so many files."""
    return [f"{number:05}.csv" for number in range(1, count + 1)]


def test_what_stays_is_looked_at_a_part_each_time(scene: Scene) -> None:
    """However much there is whose files are kept for ever; the next run goes on from there."""
    more = MOST_IN_VAIN // 2
    scene.file(*names(MOST_IN_VAIN + more))
    scene.sweep()
    scene.clock.advance(40 * DAY)
    assert scene.sweep() == MOST_IN_VAIN
    scene.start({Thing.ENTRY: for_days(31)})
    assert scene.sweep() == more
    assert scene.sweep() == MOST_IN_VAIN
    assert known(scene.journal) == MOST_IN_VAIN + more
    assert scene.records.recalled == 0


def test_what_goes_does_not_count_as_looked_at_in_vain(scene: Scene) -> None:
    """All that is old and left behind goes in one sweep; imports are gone through but once."""
    scene.file(*names(2 * ENTRIES_AT_ONCE))
    scene.sweep()
    for path in scene.folder.glob("stem-*"):
        path.unlink()
    scene.clock.advance(40 * DAY)
    scene.sweep()
    assert known(scene.journal) == 10
    assert scene.records.recalled == 1


def test_a_look_ends_at_what_is_young(scene: Scene) -> None:
    """What is filed behind it is younger still."""
    scene.file(*names(2 * ENTRIES_AT_ONCE))
    scene.sweep()
    scene.clock.advance(3 * DAY)
    assert scene.sweep() == ENTRIES_AT_ONCE


def test_a_crash_while_the_archive_is_away_makes_nothing_gone(scene: Scene, tmp_path: Path) -> None:
    """What was about to go is still there when the mount is back; then it goes."""
    scene.start({Thing.REPORT: for_days(10)})
    scene.file("00001.csv")
    scene.sweep()
    scene.clock.advance(11 * DAY)
    all_outcomes = tuple(Outcome)
    begun = scene.records.entries(Thing.REPORT, all_outcomes, after=0, limit=9)
    scene.records.begin(Thing.REPORT, begun, scene.clock.now())
    share = tmp_path / "share"
    scene.folder.rename(share)
    scene.folder.mkdir()
    scene.start({Thing.REPORT: for_days(10)})
    scene.sweep()
    assert scene.journal.removed(begun[0].job_id) == {}
    scene.folder.rmdir()
    share.rename(scene.folder)
    scene.sweep()
    assert not (scene.folder / "stem-00001.report.json").exists()
    assert list(scene.journal.removed(begun[0].job_id)) == [Thing.REPORT]


def test_a_report_waits_for_its_file(scene: Scene) -> None:
    """Also when its own time has come."""
    scene.start({Thing.FILES: for_days(60), Thing.REPORT: for_days(10)})
    scene.file("00001.csv")
    payload = scene.folder / "stem-00001.csv"
    payload.touch()
    scene.sweep()
    for days, left in ((20, [".csv", ".json"]), (50, [])):
        scene.clock.advance(days * DAY)
        scene.sweep()
        assert sorted(path.suffix for path in scene.folder.glob("stem-*")) == left
