"""The journal: jobs in SQLite, one transaction a step.

``synchronous=FULL`` makes every commit survive a power cut; write-ahead logging makes that one
sync a commit, and lets other commands read while the agent writes. The file must lie on a local
disk: SQLite's locks do not hold on network shares.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.issue import FileFacts, Issue
from dropbox_agent.core.job import Job, JobId, Outcome, Stage
from dropbox_agent.errors import BadConfiguration, TryLater

VERSION = 1
"""Grows when the tables change; kept in SQLite's ``user_version``."""

TABLES = """
CREATE TABLE jobs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    outcome TEXT,
    step INTEGER NOT NULL DEFAULT 0,
    record TEXT NOT NULL,
    issues TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE TABLE decisions (
    job TEXT PRIMARY KEY,
    choice TEXT NOT NULL,
    import TEXT
) STRICT;
CREATE INDEX jobs_by_step ON jobs (step);
CREATE INDEX jobs_by_stage ON jobs (stage) WHERE stage <> 'filed';
"""


class JournalTrouble(TryLater):
    """The journal cannot be read or written now; the step that needed it is tried again."""


class JournalDamaged(BadConfiguration):
    """The file is no journal, or no longer whole."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"The journal {path} is damaged ({why}).",
            hint="It is set aside beside the new one, which begins empty. Files that were being "
            "imported are in inbox/.claimed: contacts and products are imported again, "
            "vouchers are held.",
            code="journal-damaged",
        )


_JOB = TypeAdapter(Job)
_ISSUES = TypeAdapter(tuple[Issue, ...])


class SqliteJournal:
    """Jobs in one SQLite file. May be used by several threads of one process."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the journal, making it if it is not there.

        Args:
            path: The file; its folder must exist.
            read_only: For commands that only look, while an agent may be writing.

        Raises:
            JournalTrouble: The file cannot be opened.
            JournalDamaged: It is no journal, or no longer whole.
        """
        mode = _only_to_read(path) if read_only else "mode=rwc"
        self._lock = threading.Lock()
        with self._in_turn():
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?{mode}",
                uri=True,
                isolation_level=None,
                check_same_thread=False,
                timeout=10,
            )
        if not read_only:
            self._prepare(path)

    def _prepare(self, path: Path) -> None:
        try:
            with self._in_turn():
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=FULL")
                (found,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if found == "ok":
                self._make_tables()
        except JournalTrouble as error:
            self._db.close()
            # Operational errors are those of the place: no room, no right, another writer.
            if isinstance(error.__cause__, sqlite3.OperationalError):
                raise
            raise JournalDamaged(path, str(error.__cause__)) from error
        if found != "ok":
            self._db.close()
            raise JournalDamaged(path, found)

    @property
    def damage(self) -> str | None:
        """Say what is broken in the file; None if it is whole.

        Raises:
            JournalTrouble: It cannot be read now.
        """
        try:
            with self._in_turn():
                (found,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
        except JournalTrouble as error:
            if isinstance(error.__cause__, sqlite3.OperationalError):
                raise
            return str(error.__cause__)
        return None if found == "ok" else str(found)

    @property
    def has_tables(self) -> bool:
        """Whether it is a journal already: an agent that just starts may not have made it one.

        Raises:
            BadConfiguration: It is one of a newer version.
        """
        with self._in_turn():
            (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise BadConfiguration(
                f"The journal was written by a newer version of this program ({version}).",
                hint="Install that version again; this one does not know how to read it.",
                code="journal-newer",
            )
        return bool(version)

    def _make_tables(self) -> None:
        if not self.has_tables:
            with self._in_turn():
                self._db.executescript(f"BEGIN; {TABLES} PRAGMA user_version={VERSION}; COMMIT;")

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Let one thread at a time in, and translate SQLite's errors."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise JournalTrouble(
                    f"The journal cannot be used: {error}.",
                    hint="See to room and rights of the state folder; it must lie on a local "
                    "disk. It is tried again.",
                    code="journal-trouble",
                ) from error

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Make one transaction of several statements."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.in_transaction:  # a full disk has ended it already
                self._db.execute("ROLLBACK")
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. What was recorded is safe without it."""
        with self._lock:
            self._db.close()

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


def _only_to_read(path: Path) -> str:
    """Say how to open a journal to look into it, in SQLite's words.

    One that nobody has open is said to be immutable: otherwise SQLite would make files beside it.
    """
    is_open = path.with_name(f"{path.name}-wal").exists()
    return "mode=ro" if is_open else "mode=ro&immutable=1"


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
