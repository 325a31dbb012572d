"""The file of the journal: opening it, telling damage from trouble, one thread at a time.

``synchronous=FULL`` makes every commit survive a power cut; write-ahead logging makes that one
sync a commit, and lets other commands read while the agent writes. The file must lie on a local
disk: SQLite's locks do not hold on network shares.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

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
CREATE INDEX jobs_by_kind ON jobs (kind, sequence);
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


class Database:
    """One SQLite file. May be used by several threads of one process."""

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
        if not read_only:
            _make_private(path)
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
            try:
                self._prepare(path)
            except BaseException:
                self._db.close()
                raise

    def _prepare(self, path: Path) -> None:
        try:
            with self._in_turn():
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=FULL")
                (found,) = self._db.execute("PRAGMA quick_check(1)").fetchone()
            if found == "ok":
                self._make_tables()
        except JournalTrouble as error:
            # Operational errors are those of the place: no room, no right, another writer.
            if isinstance(error.__cause__, sqlite3.OperationalError):
                raise
            raise JournalDamaged(path, str(error.__cause__)) from error
        if found != "ok":
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


def _make_private(path: Path) -> None:
    """Make the file if it is not there: SQLite would let everybody read it, and those beside it.

    One that is there is not opened: to close it again would drop SQLite's locks on it.
    """
    with suppress(OSError):  # SQLite says what is wrong
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640))


def _only_to_read(path: Path) -> str:
    """Say how to open a journal to look into it, in SQLite's words.

    One that nobody has open is said to be immutable: otherwise SQLite would make files beside it.
    """
    is_open = path.with_name(f"{path.name}-wal").exists()
    return "mode=ro" if is_open else "mode=ro&immutable=1"
