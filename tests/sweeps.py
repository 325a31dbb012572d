"""A home in which what is old is deleted, and every step of that can fail or crash."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from dropbox_agent.adapters.journal import KeepingRecords
from dropbox_agent.adapters.spool import FiledFiles
from dropbox_agent.core.job import Outcome
from dropbox_agent.core.keeping import Clause, Entry, Keeping, Thing
from dropbox_agent.core.sweeping import Sweeper
from dropbox_agent.folders import JOURNAL_NAME
from tests.crashes import Fuse, FusedDisk, FusedJournal
from tests.homes import Home

DAY = 86_400.0


def for_days(days: float) -> Keeping:
    """Keep things of every outcome for some days."""
    return Keeping((Clause(frozenset(Outcome), timedelta(days=days)),))


def up_to(most_bytes: int) -> Keeping:
    """Keep so many bytes of all outcomes together."""
    return Keeping((Clause(frozenset(Outcome), most_bytes=most_bytes),))


class FusedRecords(KeepingRecords):
    """Records of which every change can fail."""

    def __init__(self, path: Path, fuse: Fuse) -> None:
        self._fuse = fuse
        super().__init__(path)
        self._db.execute("PRAGMA synchronous=OFF")

    def begin(self, thing: Thing, entries: Sequence[Entry], at: datetime) -> None:
        """Write down that these go."""
        with self._fuse.around(f"records.begin {thing}"):
            super().begin(thing, entries, at)

    def end(self, thing: Thing, gone: Sequence[Entry]) -> None:
        """Write down that these are gone."""
        with self._fuse.around(f"records.end {thing}"):
            super().end(thing, gone)

    def forget(self, entries: Sequence[Entry]) -> None:
        """Delete the entries of these jobs."""
        with self._fuse.around("records.forget"):
            super().forget(entries)


class SweptHome(Home):
    """A home whose agent deletes what is old.

    Attributes:
        keepings: How much is kept; what is not in it is kept for ever.
        told: What was said of deletions.
        fuse: Is passed by every change.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.keepings: dict[Thing, Keeping] = {}
        self.told: list[str] = []
        self.fuse = Fuse()
        self.disk = FusedDisk(self.fuse)
        self.open_journal = lambda path: FusedJournal(path, self.fuse)
        self.new_sweeper = self._sweeper
        self._records: list[FusedRecords] = []

    def __exit__(self, *_: object) -> None:
        for each in self._records:
            each.close()
        super().__exit__()

    @property
    def records(self) -> FusedRecords:
        """Those of the agent at work."""
        return self._records[-1]

    def sweep(self) -> None:
        """Let the agent look for what is old, whatever else there is to do."""
        self.run_until(lambda: self.agent.has_swept)
        self.agent.sweep_anew()
        self.run_until(lambda: self.agent.has_swept)

    def live(self, days: float) -> None:
        """Let an agent that has nothing else to do live for some days, as it would."""
        for _ in range(int(days)):
            self.clock.advance(DAY)
            self.sweep()

    def files(self) -> list[str]:
        """List what lies in the archive, as the senders named it."""
        names = (*self.archived("processed"), *self.archived("failed"))
        return sorted(name.partition("-")[2].partition("-")[2] for name in names)

    def _sweeper(self) -> Sweeper:
        self._records.append(FusedRecords(self.state / JOURNAL_NAME, self.fuse))
        return Sweeper(
            {thing: self.keepings.get(thing, Keeping()) for thing in Thing},
            records=self.records,
            filed=FiledFiles(self.folders.processed, self.folders.failed, self.disk),
            clock=self.clock,
            witness=self.witness,
            tell=self.told.append,
        )
