"""The journal: jobs in SQLite, one transaction a step."""

import json
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

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

_AT_ONCE = 20
"""No more imports of one account are under way at a time (seen in clients: ten may wait)."""


class SqliteJournal(Database):
    """Jobs in one SQLite file. May be used by several threads of one process."""

    def add(self, job: Job) -> Job:
        """Record a new job and give it its place in the order of arrival."""
        places: list[int] = []

        def insert() -> None:
            made = self._db.execute(
                "INSERT INTO jobs (id, kind, stage, record) VALUES (?, ?, ?, ?)",
                (job.id, job.kind, job.stage, record),
            )
            places.append(made.lastrowid or 0)

        record = _record(job)
        self._write(insert)
        return replace(job, sequence=places[-1])

    def save(self, job: Job, issues: Sequence[Issue] | None = None) -> None:
        """Record a job as it stands now; ``issues`` are those of a check just made."""
        found = None if issues is None else _ISSUES.dump_json(tuple(issues)).decode()
        record = _record(job)

        def update() -> None:
            if job.stage is not Stage.HELD:
                # A decision is spent by the step it leads to: the two can only happen together.
                self._db.execute("DELETE FROM decisions WHERE job = ?", (job.id,))
            self._db.execute(
                "UPDATE jobs SET stage = ?, outcome = ?, record = ?,"
                # Never one that was seen to before: its age would be that of a job forgotten.
                " step = 1 + MAX((SELECT MAX(step) FROM jobs),"
                " (SELECT COALESCE(MAX(step), 0) FROM sightings)),"
                " issues = COALESCE(?, issues) WHERE id = ?",
                (job.stage, job.outcome, record, found, job.id),
            )

        self._write(update)

    def forget(self, job_id: JobId) -> None:
        """Remove a job whose claim never took place."""
        self._write(lambda: self._remove(job_id))

    def _remove(self, job_id: JobId) -> None:
        self._db.execute("DELETE FROM jobs WHERE id = ?", (job_id,))

    def under_way(self) -> list[Job]:
        """List the jobs that are not filed, in the order of arrival; held ones too."""
        # In the very words of the index, and with a plus sign, else SQLite goes through all jobs.
        return self._jobs("WHERE stage <> 'filed' ORDER BY +sequence")

    def latest(self, count: int) -> list[Job]:
        """List the jobs filed last, the newest first."""
        return self._jobs("WHERE stage = ? ORDER BY step DESC LIMIT ?", Stage.FILED, count)

    def filed(
        self,
        kinds: Collection[Kind],
        outcomes: Collection[Outcome],
        since: datetime | None = None,
    ) -> Iterator[Job]:
        """Go through the filed jobs of some kinds and outcomes, the newest first.

        Page by page: nobody who reads holds up the agent, or its tidying of the file.

        Args:
            kinds: Of which kinds.
            outcomes: Of which outcomes.
            since: Those filed before may be left out, to the second.
        """
        # The plus signs keep SQLite from using another index and sorting all there is each time.
        query = (
            "SELECT step, sequence, record FROM jobs WHERE step < ? AND +stage = ?"
            " AND +kind IN (SELECT value FROM json_each(?))"
            " AND outcome IN (SELECT value FROM json_each(?))"
            " AND json_extract(record, '$.timeline[#-1].at') >= ? ORDER BY step DESC LIMIT ?"
        )
        # Clocks are set: what was filed later need not say so, and all entries are looked at.
        from_then = since.astimezone(UTC).isoformat()[: len("2026-01-15T09:00:00")] if since else ""
        which = (Stage.FILED, json.dumps(list(kinds)), json.dumps(list(outcomes)), from_then)
        for _, sequence, record in self._paged(query, *which):
            yield replace(_read(record), sequence=sequence)

    def find(self, job_id: str) -> Job | None:
        """Return one job, or None if the journal does not know it."""
        return next(iter(self._jobs("WHERE id = ?", job_id)), None)

    def named(self, name: str, limit: int, *, after: Job | None = None) -> list[Job]:
        """List the jobs for files of one name, the newest first. Rarely asked; it may be slow.

        Args:
            name: The sender's name, as jobs have it.
            limit: How many to list at most.
            after: Only those of this one's kind that came after it.
        """
        which = "WHERE json_extract(record, '$.name') = ? ORDER BY sequence DESC LIMIT ?"
        if after is None:
            return self._jobs(which, name, limit)
        which = which.replace("WHERE", "WHERE kind = ? AND sequence > ? AND")
        return self._jobs(which, after.kind, after.sequence, name, limit)

    def names(self, limit: int) -> list[str]:
        """List the names of the files that came last, the newest first."""
        query = "SELECT json_extract(record, '$.name') FROM jobs ORDER BY sequence DESC LIMIT ?"
        return list(dict.fromkeys(name for (name,) in self._rows(query, limit)))

    def last_arrival(self, kind: Kind, covers: Callable[[str], bool]) -> datetime | None:
        """Tell when the last file of a kind was claimed whose path below the inbox is covered."""
        query = (
            "SELECT sequence, json_extract(record, '$.folder'), json_extract(record, '$.name'),"
            " json_extract(record, '$.received_at') FROM jobs WHERE sequence < ? AND kind = ?"
            " ORDER BY sequence DESC LIMIT ?"
        )
        for _, folder, name, at in self._paged(query, kind):
            if covers("/".join(filter(None, (kind, folder, name)))):
                return datetime.fromisoformat(at)
        return None

    def issues(self, job_id: JobId) -> tuple[Issue, ...]:
        """Return the issues that checking a job has found."""
        found = self._rows("SELECT issues FROM jobs WHERE id = ?", job_id)
        return _ISSUES.validate_json(found[0][0]) if found else ()

    def imported_before(self, job: Job, limit: int) -> list[FileFacts]:
        """Tell of the files imported last of the job's kind and folder, the newest first.

        Mended rows of earlier files are none of them.
        """
        found = self._jobs(
            # The plus signs make SQLite go from the newest back instead of sorting all there is.
            "WHERE +stage = ? AND +kind = ? AND outcome IN (?, ?)"
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

        One that is still under way counts as soon as the server has made an import of it. Of those
        that were under way together it is the one whose import the server made last.
        """
        coupon_set = job.parts[0].options.coupon_set if job.parts else None
        found = self._jobs(
            'WHERE kind = ? AND id <> ? AND instr(record, \'"import_id":"\')'
            " AND json_extract(record, '$.parts[0].options.coupon_set') IS ?"
            " ORDER BY step DESC LIMIT ?",
            job.kind,
            job.id,
            coupon_set,
            _AT_ONCE,
        )
        if not (found and _created_at(found[0])):
            return next(iter(found), None)
        return max(found, key=_created_at)

    def followers(self, job_id: JobId) -> list[Job]:
        """List the jobs for files that come from this one's."""
        where = "WHERE json_extract(record, '$.checked.follows.job') = ? ORDER BY sequence"
        return self._jobs(where, job_id)

    def knows_import(self, import_id: ImportId, *, but: JobId) -> bool:
        """Whether an import belongs to another job, filed or not. Rarely asked; it may be slow."""
        query = "SELECT 1 FROM jobs WHERE id <> ? AND instr(record, ?) LIMIT 1"
        return bool(self._rows(query, but, f'"import_id":{json.dumps(import_id)}'))

    def removed(self, job_id: JobId) -> dict[Thing, datetime]:
        """Tell what of a job the agent itself has removed, and when; see ``keeping.py``."""
        known = "SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'removals')"
        query = "SELECT thing, at FROM removals WHERE job = ?"
        ((has_table,),) = self._rows(known)
        rows = self._rows(query, job_id) if has_table else ()
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
        rows = self._rows("SELECT job, choice, import FROM decisions")
        return [Decision(job, Choice(choice), import_id) for job, choice, import_id in rows]

    def drop_decision(self, decision: Decision) -> None:
        """Forget a decision that cannot be carried out."""
        with self._in_turn():
            self._db.execute("DELETE FROM decisions WHERE job = ?", (decision.job_id,))

    def _jobs(self, which: str, *values: object) -> list[Job]:
        query = f"SELECT sequence, record FROM jobs {which}"  # noqa: S608 - our own words only
        found = self._rows(query, *values)
        return [replace(_read(record), sequence=sequence) for sequence, record in found]

    def _paged(self, query: str, *values: object) -> Iterator[Any]:
        """Read rows page by page; the first thing in each is less than in the one before."""
        before = sys.maxsize
        while True:
            page = self._rows(query, before, *values, PAGE)
            yield from page
            if len(page) < PAGE:
                return
            before = page[-1][0]


def _created_at(job: Job) -> str:
    """Say when the server made the last import of a job, in its own words; empty if unknown."""
    return max((part.last.created_at or "" for part in job.parts if part.last), default="")


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
