"""What the journal knows about keeping: when filed jobs were seen, and what of them is gone.

It has a connection of its own, so that a long look at old entries holds up no step of a job, and
tables of its own, which versions of the program without them leave alone. The file does not
shrink: what is deleted is overwritten, and its room is used again.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path

from dropbox_agent.adapters.journal.database import Database
from dropbox_agent.core.clock_trust import ClockTrust
from dropbox_agent.core.job import JobId, Outcome, Stage
from dropbox_agent.core.keeping import Entry, Thing
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.nets import MOST_TO_COMPARE

_TABLES = """
CREATE TABLE IF NOT EXISTS removals (
    job TEXT NOT NULL,
    thing TEXT NOT NULL,
    at TEXT NOT NULL,
    ended INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (job, thing)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS removals_begun ON removals (thing) WHERE NOT ended;
CREATE TABLE IF NOT EXISTS sightings (step INTEGER PRIMARY KEY, at TEXT) STRICT;
CREATE TABLE IF NOT EXISTS clock (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    at TEXT NOT NULL,
    trusted_at TEXT NOT NULL,
    doubted_since TEXT
) STRICT;
"""

# What was filed before the first sighting is as old as it says itself.
_ENTRIES = """
SELECT step, id, kind, outcome, json_extract(record, '$.name'), json_extract(record, '$.stem'),
    (SELECT COALESCE(at, json_extract(record, '$.timeline[#-1].at'))
        FROM sightings WHERE sightings.step >= jobs.step ORDER BY sightings.step LIMIT 1),
    LENGTH(record) + LENGTH(issues)
FROM jobs WHERE stage = 'filed'
"""
_NOT_GONE = """
AND NOT EXISTS (SELECT 1 FROM removals WHERE removals.job = jobs.id AND removals.thing = ?)
"""
_MEMORABLE = """
SELECT id FROM (
    SELECT id, ROW_NUMBER() OVER (
        PARTITION BY kind, json_extract(record, '$.folder'),
            json_extract(record, '$.parts[0].options.coupon_set')
        ORDER BY sequence DESC) AS place
    FROM jobs WHERE instr(record, '"import_id":"'))
WHERE place <= ?
"""


class KeepingRecords(Database):
    """The same file as the journal of the jobs, which has been opened before."""

    def _prepare(self, path: Path) -> None:  # noqa: ARG002 - the file was seen to already
        with self._in_turn():
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("PRAGMA secure_delete=ON")
            self._db.executescript(_TABLES)

    def trust(self) -> ClockTrust | None:
        """Return what was found about the clock; None before the first time."""
        with self._in_turn():
            row = self._db.execute("SELECT at, trusted_at, doubted_since FROM clock").fetchone()
        if row is None:
            return None
        at, trusted_at, doubted = row
        read = datetime.fromisoformat
        return ClockTrust(read(at), read(trusted_at), read(doubted) if doubted else None)

    def note_clock(self, trust: ClockTrust) -> None:
        """Write down what was found about the clock; what is filed by now counts from now on."""
        doubted = trust.doubted_since.isoformat() if trust.doubted_since else None
        with self._in_turn(), self._whole():
            (is_first,) = self._db.execute("SELECT NOT EXISTS (SELECT 1 FROM clock)").fetchone()
            self._db.execute(
                "INSERT OR REPLACE INTO clock VALUES (1, ?, ?, ?)",
                (trust.at.isoformat(), trust.trusted_at.isoformat(), doubted),
            )
            if trust.is_trusted:
                self._db.execute(
                    "INSERT OR IGNORE INTO sightings"
                    " SELECT COALESCE(MAX(step), 0), ? FROM jobs WHERE stage = ?",
                    (None if is_first else trust.at.isoformat(), Stage.FILED),
                )

    def entries(self, thing: Thing, *, after: int, limit: int) -> list[Entry]:
        """List filed jobs whose thing is not gone, in the order of filing, behind a step."""
        where = f"{_ENTRIES} AND step > ? {_NOT_GONE} ORDER BY step LIMIT ?"
        return self._entries(where, after, thing, limit)

    def entries_before(self, thing: Thing, *, before: int | None, limit: int) -> list[Entry]:
        """List them from the newest to the oldest, before a step."""
        where = f"{_ENTRIES} AND step < ? {_NOT_GONE} ORDER BY step DESC LIMIT ?"
        return self._entries(where, 2**63 - 1 if before is None else before, thing, limit)

    def is_needed(self, job_id: JobId) -> bool:
        """Whether a job under way refers to this one."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM jobs WHERE stage <> 'filed'"
            " AND instr(record, json_quote(?)))"
        )
        with self._in_turn():
            (found,) = self._db.execute(query, (job_id,)).fetchone()
        return bool(found)

    def memorable(self) -> frozenset[JobId]:
        """List the latest imports of each kind, folder and coupon set."""
        with self._in_turn(), closing(self._db.execute(_MEMORABLE, (MOST_TO_COMPARE,))) as rows:
            return frozenset(JobId(job_id) for (job_id,) in rows)

    def begin(self, thing: Thing, entries: Sequence[Entry], at: datetime) -> None:
        """Write down that these go, before they do."""
        rows = [(each.job_id, thing, at.isoformat()) for each in entries]
        with self._in_turn(), self._whole():
            self._db.executemany(
                "INSERT OR REPLACE INTO removals (job, thing, at) VALUES (?, ?, ?)", rows
            )

    def end(self, thing: Thing, gone: Sequence[Entry]) -> None:
        """Write down that these are gone; all others that were begun are not."""
        rows = [(each.job_id, thing) for each in gone]
        with self._in_turn(), self._whole():
            self._db.executemany("UPDATE removals SET ended = 1 WHERE job = ? AND thing = ?", rows)
            self._db.execute("DELETE FROM removals WHERE thing = ? AND NOT ended", (thing,))

    def begun(self, thing: Thing) -> list[Entry]:
        """List what was begun and neither ended nor given up: by a run that was interrupted."""
        which = "AND id IN (SELECT job FROM removals WHERE thing = ? AND NOT ended) ORDER BY step"
        return self._entries(f"{_ENTRIES} {which}", thing)

    def forget(self, entries: Sequence[Entry]) -> None:
        """Delete the journal's entries of these jobs."""
        ids = [(each.job_id,) for each in entries]
        with self._in_turn(), self._whole():
            for table, column in (("decisions", "job"), ("removals", "job"), ("jobs", "id")):
                delete = f"DELETE FROM {table} WHERE {column} = ?"  # noqa: S608 - our own words
                self._db.executemany(delete, ids)
            # The sighting behind the oldest entry is the first that tells anything.
            self._db.execute(
                "DELETE FROM sightings WHERE at IS NOT NULL AND step <"
                " (SELECT MIN(step) FROM jobs WHERE stage = 'filed')"
            )

    def _entries(self, query: str, *values: object) -> list[Entry]:
        with self._in_turn(), closing(self._db.execute(query, values)) as rows:
            return [
                Entry(
                    step,
                    JobId(job_id),
                    Kind(kind),
                    Outcome(outcome),
                    name,
                    stem,
                    datetime.fromisoformat(since) if since else None,
                    size,
                )
                for step, job_id, kind, outcome, name, stem, since, size in rows
            ]
