"""The journal: jobs in SQLite, one transaction a step."""

import json
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter, ValidationError

from dropbox_agent.adapters.journal.database import Database, JournalTrouble
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.issue import FileFacts, Issue
from dropbox_agent.core.job import Job, JobId, Outcome, Stage
from dropbox_agent.core.keeping import Thing
from dropbox_agent.core.kind import Kind

_JOB = TypeAdapter(Job)
_ISSUES = TypeAdapter(tuple[Issue, ...])

PAGE = 200
"""How many filed jobs are read at once."""


class SqliteJournal(Database):
    """Jobs in one SQLite file. May be used by several threads of one process."""

    def add(self, job: Job) -> Job:
        """Record a new job and give it its place in the order of arrival."""
        with self._in_turn():
            # All rows are fetched, because the entry is only made when the last one has been.
            ((sequence,),) = self._db.execute(
                "INSERT INTO jobs (id, kind, stage, record) VALUES (?, ?, ?, ?) RETURNING sequence",
                (job.id, job.kind, job.stage, _record(job)),
            ).fetchall()
        return replace(job, sequence=sequence)

    def save(self, job: Job, issues: Sequence[Issue] | None = None) -> None:
        """Record a job as it stands now; ``issues`` are those of a check just made."""
        found = None if issues is None else _ISSUES.dump_json(tuple(issues)).decode()
        with self._in_turn(), self._whole():
            if job.stage is not Stage.HELD:
                # A decision is spent by the step it leads to: the two can only happen together.
                self._db.execute("DELETE FROM decisions WHERE job = ?", (job.id,))
            self._db.execute(
                "UPDATE jobs SET stage = ?, outcome = ?, record = ?,"
                " step = (SELECT MAX(step) + 1 FROM jobs),"
                " issues = COALESCE(?, issues) WHERE id = ?",
                (job.stage, job.outcome, _record(job), found, job.id),
            )

    def forget(self, job_id: JobId) -> None:
        """Remove a job whose claim never took place."""
        with self._in_turn():
            self._db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))

    def under_way(self) -> list[Job]:
        """List the jobs that are not filed, in the order of arrival; held ones too."""
        return self._jobs("WHERE stage <> ? ORDER BY sequence", Stage.FILED)

    def latest(self, count: int) -> list[Job]:
        """List the jobs filed last, the newest first."""
        return self._jobs("WHERE stage = ? ORDER BY step DESC LIMIT ?", Stage.FILED, count)

    def filed(self, kinds: Collection[Kind], outcomes: Collection[Outcome]) -> Iterator[Job]:
        """Go through the filed jobs of some kinds and outcomes, the newest first.

        Page by page: nobody who reads holds up the agent, or its tidying of the file.
        """
        # The plus signs keep SQLite from using another index and sorting all there is each time.
        query = (
            "SELECT step, sequence, record FROM jobs WHERE step < ? AND +stage = ?"
            " AND +kind IN (SELECT value FROM json_each(?))"
            " AND outcome IN (SELECT value FROM json_each(?)) ORDER BY step DESC LIMIT ?"
        )
        which = (Stage.FILED, json.dumps(list(kinds)), json.dumps(list(outcomes)), PAGE)
        before = sys.maxsize
        while True:
            with self._in_turn():
                page = self._db.execute(query, (before, *which)).fetchall()
            for before, sequence, record in page:  # noqa: B007 - the last one counts
                yield replace(_read(record), sequence=sequence)
            if len(page) < PAGE:
                return

    def find(self, job_id: str) -> Job | None:
        """Return one job, or None if the journal does not know it."""
        return next(iter(self._jobs("WHERE id = ?", job_id)), None)

    def named(self, name: str, limit: int) -> list[Job]:
        """List the jobs for files of one name, the newest first. Rarely asked; it may be slow.

        Args:
            name: The sender's name, as jobs have it.
            limit: How many to list at most.
        """
        which = "WHERE json_extract(record, '$.name') = ? ORDER BY sequence DESC LIMIT ?"
        return self._jobs(which, name, limit)

    def names(self, limit: int) -> list[str]:
        """List the names of the files that came last, the newest first."""
        query = "SELECT json_extract(record, '$.name') FROM jobs ORDER BY sequence DESC LIMIT ?"
        with self._in_turn(), closing(self._db.execute(query, (limit,))) as rows:
            return list(dict.fromkeys(name for (name,) in rows))

    def last_arrival(self, kind: Kind, covers: Callable[[str], bool]) -> datetime | None:
        """Tell when the last file of a kind was claimed whose path below the inbox is covered."""
        query = (
            "SELECT json_extract(record, '$.folder'), json_extract(record, '$.name'),"
            " json_extract(record, '$.received_at') FROM jobs WHERE kind = ? ORDER BY sequence DESC"
        )
        with self._in_turn(), closing(self._db.execute(query, (kind,))) as rows:
            for folder, name, at in rows:
                if covers("/".join(filter(None, (kind, folder, name)))):
                    return datetime.fromisoformat(at)
        return None

    def issues(self, job_id: JobId) -> tuple[Issue, ...]:
        """Return the issues that checking a job has found."""
        with self._in_turn():
            row = self._db.execute("SELECT issues FROM jobs WHERE id = ?", (job_id,)).fetchone()
        return _ISSUES.validate_json(row[0]) if row else ()

    def imported_before(self, job: Job, limit: int) -> list[FileFacts]:
        """Tell of the files imported last of the job's kind and folder, the newest first.

        Mended rows of earlier files are none of them.
        """
        found = self._jobs(
            "WHERE stage = ? AND kind = ? AND outcome IN (?, ?)"
            " AND json_extract(record, '$.folder') IS ?"
            " AND json_extract(record, '$.checked.follows') IS NULL ORDER BY step DESC LIMIT ?",
            Stage.FILED,
            job.kind,
            Outcome.IMPORTED,
            Outcome.PARTIAL,
            job.folder,
            limit,
        )
        return [each.checked.facts for each in found if each.checked]

    def imported_last(self, job: Job) -> Job | None:
        """Return the job of the same kind and coupon set whose file was imported last.

        One that is still under way counts as soon as the server has made an import of it.
        """
        coupon_set = job.parts[0].options.coupon_set if job.parts else None
        found = self._jobs(
            'WHERE kind = ? AND id <> ? AND instr(record, \'"import_id":"\')'
            " AND json_extract(record, '$.parts[0].options.coupon_set') IS ?"
            " ORDER BY sequence DESC LIMIT 1",
            job.kind,
            job.id,
            coupon_set,
        )
        return next(iter(found), None)

    def followers(self, job_id: JobId) -> list[Job]:
        """List the jobs for files that come from this one's. Rarely asked; it may be slow."""
        where = "WHERE json_extract(record, '$.checked.follows.job') = ? ORDER BY sequence"
        return self._jobs(where, job_id)

    def knows_import(self, import_id: ImportId, *, but: JobId) -> bool:
        """Whether an import belongs to another job, filed or not. Rarely asked; it may be slow."""
        with self._in_turn():
            row = self._db.execute(
                "SELECT 1 FROM jobs WHERE id <> ? AND instr(record, ?) LIMIT 1",
                (but, f'"import_id":{json.dumps(import_id)}'),
            ).fetchone()
        return row is not None

    def removed(self, job_id: JobId) -> dict[Thing, datetime]:
        """Tell what of a job the agent itself has removed, and when; see ``keeping.py``."""
        known = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'removals')"
        query = "SELECT thing, at FROM removals WHERE job = ?"
        with self._in_turn():
            (has_table,) = self._db.execute(known).fetchone()
            rows = self._db.execute(query, (job_id,)).fetchall() if has_table else ()
        return {Thing(thing): datetime.fromisoformat(at) for thing, at in rows}

    def decide(self, decision: Decision) -> None:
        """Record what a person has decided, for the agent to carry out."""
        with self._in_turn():
            self._db.execute(
                "INSERT OR REPLACE INTO decisions (job, choice, import) VALUES (?, ?, ?)",
                (decision.job_id, decision.choice, decision.import_id),
            )

    def decisions(self) -> list[Decision]:
        """List what people have decided and the agent has not done yet."""
        with self._in_turn():
            rows = self._db.execute("SELECT job, choice, import FROM decisions").fetchall()
        return [Decision(job, Choice(choice), import_id) for job, choice, import_id in rows]

    def drop_decision(self, decision: Decision) -> None:
        """Forget a decision that cannot be carried out."""
        with self._in_turn():
            self._db.execute("DELETE FROM decisions WHERE job = ?", (decision.job_id,))

    def _jobs(self, which: str, *values: object) -> list[Job]:
        query = f"SELECT sequence, record FROM jobs {which}"  # noqa: S608 - our own words only
        with self._in_turn(), closing(self._db.execute(query, values)) as rows:
            return [replace(_read(record), sequence=sequence) for sequence, record in rows]


def _read(record: str) -> Job:
    try:
        return _JOB.validate_json(record)
    except ValidationError as error:
        raise JournalTrouble(
            "The journal has an entry that this version of the program cannot read.",
            hint="Use the version that wrote it. If there is none, move the journal away from the "
            "state folder and start again; the files under way are in inbox/.claimed.",
            code="journal-unreadable",
        ) from error


def _record(job: Job) -> str:
    return _JOB.dump_json(job).decode()
