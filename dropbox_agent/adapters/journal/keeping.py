"""What the journal knows about keeping: when filed jobs were seen, and what of them is gone.

It has a connection of its own, so that a long look at old entries holds up no step of a job, and
tables of its own, which versions of the program without them leave alone. The file does not
shrink: what is deleted is overwritten, and its room is used again.
"""

import json
from collections.abc import Collection, Sequence
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
CREATE TABLE IF NOT EXISTS left_off (
    thing TEXT NOT NULL,
    outcomes TEXT NOT NULL,
    step INTEGER NOT NULL,
    PRIMARY KEY (thing, outcomes)
) STRICT, WITHOUT ROWID;
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
AND outcome IN (SELECT value FROM json_each(?))
AND NOT EXISTS (SELECT 1 FROM removals WHERE removals.job = jobs.id AND removals.thing = ?)
"""
_MEMORABLE = """
SELECT id FROM (
    SELECT id, ROW_NUMBER() OVER (
        PARTITION BY kind, json_extract(record, '$.folder'),
            json_extract(record, '$.parts[0].options.coupon_set')
        ORDER BY step DESC) AS place
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
        found = self._rows("SELECT at, trusted_at, doubted_since FROM clock")
        if not found:
            return None
        ((at, trusted_at, doubted),) = found
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
            if trust.leapt:
                self._date_anew(trust)
            if trust.is_trusted:
                self._db.execute(
                    "INSERT OR IGNORE INTO sightings"
                    " SELECT COALESCE(MAX(step), 0), ? FROM jobs WHERE stage = ?",
                    (None if is_first else trust.at.isoformat(), Stage.FILED),
                )

    def _date_anew(self, trust: ClockTrust) -> None:
        """Set all dates as the clock was set. What has none of ours yet counts from now on."""
        dates = self._db.execute("SELECT step, at FROM sightings").fetchall()
        anew = [
            ((datetime.fromisoformat(at) + trust.leapt if at else trust.at).isoformat(), step)
            for step, at in dates
        ]
        self._db.executemany("UPDATE sightings SET at = ? WHERE step = ?", anew)

    def entries(
        self, thing: Thing, outcomes: Collection[Outcome], *, after: int, limit: int
    ) -> list[Entry]:
        """List filed jobs of some outcomes whose thing is not gone, as filed, behind a step."""
        where = f"{_ENTRIES} AND step > ? {_NOT_GONE} ORDER BY step LIMIT ?"
        return self._entries(where, after, _listed(outcomes), thing, limit)

    def entries_before(
        self, thing: Thing, outcomes: Collection[Outcome], *, before: int | None, limit: int
    ) -> list[Entry]:
        """List them from the newest to the oldest, before a step."""
        where = f"{_ENTRIES} AND step < ? {_NOT_GONE} ORDER BY step DESC LIMIT ?"
        first = 2**63 - 1 if before is None else before
        return self._entries(where, first, _listed(outcomes), thing, limit)

    def left_off(self, thing: Thing, outcomes: Collection[Outcome]) -> int:
        """Return the step behind which to look on; 0 if the last look came to the end."""
        query = "SELECT step FROM left_off WHERE thing = ? AND outcomes = ?"
        found = self._rows(query, thing, _listed(outcomes))
        return int(found[0][0]) if found else 0

    def leave_off(self, thing: Thing, outcomes: Collection[Outcome], step: int) -> None:
        """Write down the step behind which to look on the next time."""
        with self._in_turn():
            self._db.execute(
                "INSERT OR REPLACE INTO left_off VALUES (?, ?, ?)", (thing, _listed(outcomes), step)
            )

    def is_needed(self, job_id: JobId) -> bool:
        """Whether a job under way refers to this one."""
        query = (
            "SELECT EXISTS (SELECT 1 FROM jobs WHERE stage <> 'filed'"
            " AND instr(record, json_quote(?)))"
        )
        ((found,),) = self._rows(query, job_id)
        return bool(found)

    def memorable(self) -> frozenset[JobId]:
        """List the latest imports of each kind, folder and coupon set."""
        return frozenset(JobId(job_id) for (job_id,) in self._rows(_MEMORABLE, MOST_TO_COMPARE))

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
            for step, job_id, kind, outcome, name, stem, since, size in self._rows(query, *values)
        ]


def _listed(outcomes: Collection[Outcome]) -> str:
    return json.dumps(sorted(outcomes))
