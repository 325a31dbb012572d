"""The file of the journal: opening it, telling damage from trouble, one thread at a time.

``synchronous=FULL`` makes every commit survive a power cut; write-ahead logging makes that one
sync a commit, and lets other commands read while the agent writes. The file must lie on a local
disk: SQLite's locks do not hold on network shares.
"""

import os
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

from dropbox_agent.errors import BadConfiguration, TryLater

VERSION = 1
"""Grows when the tables change; kept in SQLite's ``user_version``."""

CHECKPOINT_PAGES = 4000
"""After so many pages of 4 KB, of some hundred jobs, the log is written into the file itself, which
takes two more syncs."""

TABLES = """
CREATE TABLE IF NOT EXISTS jobs (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    stage TEXT NOT NULL,
    outcome TEXT,
    step INTEGER NOT NULL DEFAULT 0,
    record TEXT NOT NULL,
    issues TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE TABLE IF NOT EXISTS decisions (
    job TEXT PRIMARY KEY,
    choice TEXT NOT NULL,
    import TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS sightings (step INTEGER PRIMARY KEY, at TEXT) STRICT;
CREATE INDEX IF NOT EXISTS jobs_by_step ON jobs (step);
CREATE INDEX IF NOT EXISTS jobs_by_kind ON jobs (kind, sequence);
CREATE INDEX IF NOT EXISTS jobs_by_stage ON jobs (stage) WHERE stage <> 'filed';
CREATE INDEX IF NOT EXISTS jobs_by_set
    ON jobs (kind, json_extract(record, '$.parts[0].options.coupon_set'), step)
    WHERE instr(record, '"import_id":"');
CREATE INDEX IF NOT EXISTS jobs_by_first
    ON jobs (json_extract(record, '$.checked.follows.job'))
    WHERE json_extract(record, '$.checked.follows.job') IS NOT NULL;
"""
"""What is not there is made at each start: a journal of an earlier version may lack an index."""


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
        self._path = path
        self._untouched: _Seen | None = None
        self._lock = threading.Lock()
        self._waiting: deque[_Change] = deque()
        if not read_only:
            _make_private(path)
        with self._in_turn():
            self._db = self._to_read() if read_only else self._opened("mode=rwc")
        if not read_only:
            try:
                self._prepare(path)
            except BaseException:
                self._db.close()
                raise

    def _opened(self, mode: str) -> sqlite3.Connection:
        return sqlite3.connect(
            f"{self._path.absolute().as_uri()}?{mode}",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=10,
        )

    def _to_read(self) -> sqlite3.Connection:
        """Open it to look into it.

        One that nobody has open is said to be immutable: otherwise SQLite would make files beside
        it, or could not open it at all where this user may not.
        """
        seen = _Seen.of(self._path)
        self._untouched = None if seen.is_open else seen
        return self._opened("mode=ro" if seen.is_open else "mode=ro&immutable=1")

    def _rows(self, query: str, *values: object) -> list[Any]:
        """Read all rows of an answer, again if an agent has begun to write meanwhile."""
        with self._in_turn():
            while True:
                try:
                    found = self._db.execute(query, values).fetchall()
                except sqlite3.DatabaseError:
                    if not self._is_opened_anew():
                        raise
                else:
                    if not self._is_opened_anew():
                        return found

    def _is_opened_anew(self) -> bool:
        """Open a file anew that was thought immutable, if it was written to."""
        if self._untouched in {None, _Seen.of(self._path)}:
            return False
        self._db.close()
        self._db = self._to_read()
        return True

    def _prepare(self, path: Path) -> None:
        try:
            with self._in_turn():
                self._db.execute("PRAGMA journal_mode=WAL")
                self._db.execute("PRAGMA synchronous=FULL")
                self._db.execute(f"PRAGMA wal_autocheckpoint={CHECKPOINT_PAGES}")
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
            ((found,),) = self._rows("PRAGMA quick_check(1)")
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
        ((version,),) = self._rows("PRAGMA user_version")
        if version > VERSION:
            raise BadConfiguration(
                f"The journal was written by a newer version of this program ({version}).",
                hint="Install that version again; this one does not know how to read it.",
                code="journal-newer",
            )
        return bool(version)

    def _make_tables(self) -> None:
        number = "" if self.has_tables else f"PRAGMA user_version={VERSION};"
        with self._in_turn():
            self._db.executescript(f"BEGIN; {TABLES} {number} COMMIT;")

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

    def _write(self, make: Callable[[], None]) -> None:
        """Make a change, all of it or nothing, and return when it is safe.

        Whoever gets the turn makes all changes that wait by then, for one commit and so for one
        sync: that is what they would mostly have waited for. Each is still whole by itself, and
        nobody is told that a change was made before it is safe.
        """
        mine = _Change(make)
        self._waiting.append(mine)
        with self._in_turn():
            if not mine.is_made:
                waiting = [self._waiting.popleft() for _ in range(len(self._waiting))]
                # Another may have taken it along and then been interrupted, with nothing made.
                self._make(waiting if mine in waiting else [mine, *waiting])
            if mine.error:
                raise mine.error

    def _make(self, changes: Sequence["_Change"]) -> None:
        try:
            with self._whole():
                for each in changes:
                    each.make()
        except sqlite3.Error as error:
            if len(changes) > 1:  # what one of them cannot do must not keep the others from it
                for each in changes:
                    self._make([each])
                return
            changes[0].error = error
        for each in changes:
            each.is_made = True

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


@dataclass(slots=True, eq=False)
class _Change:
    """A change that waits for its turn.

    Attributes:
        make: Carries it out, within a transaction.
        is_made: Whether it had its turn.
        error: Why nothing came of it.
    """

    make: Callable[[], None]
    is_made: bool = False
    error: sqlite3.Error | None = None


def _make_private(path: Path) -> None:
    """Make the file if it is not there: SQLite would let everybody read it, and those beside it.

    One that is there is not opened: to close it again would drop SQLite's locks on it.
    """
    with suppress(OSError):  # SQLite says what is wrong
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640))


class _Seen(NamedTuple):
    """What the file system says of a journal; any difference means that it was written to.

    Attributes:
        is_open: Whether somebody has it open to write, or had when the power went.
        file: Which file it is, its size, and when it was written last; None if it is not there.
    """

    is_open: bool
    file: tuple[int, int, int] | None

    @classmethod
    def of(cls, path: Path) -> "_Seen":
        """Look at a journal."""
        is_open = path.with_name(f"{path.name}-wal").exists()
        try:
            found = path.stat()
        except OSError:
            return cls(is_open, None)
        return cls(is_open, (found.st_ino, found.st_size, found.st_mtime_ns))
