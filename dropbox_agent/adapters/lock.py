"""One agent per home folder.

The lock belongs to the operating system and ends with the process that holds it, so one left by
a dead agent never blocks. Who holds it stands in a small file beside it, for people only.
"""

import errno
import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from filelock import FileLock, Timeout

from dropbox_agent.errors import AlreadyRunning, BadConfiguration, NoPermission, TryLater

if sys.platform == "win32":

    def _is_held_on_read_only(_path: Path) -> bool:
        """Stand in: Windows has another error where nothing can be written."""
        return False

else:
    import fcntl

    def _is_held_on_read_only(path: Path) -> bool:
        """Try the lock of a file that can only be read, as after a fault of the disk."""
        with path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False


LOCK_NAME: Final = "agent.lock"
HOLDER_NAME: Final = "agent.json"

PATIENCE_SECONDS: Final = 0.25
"""How long a starting agent insists: a command that asks who runs holds the lock for an instant."""


@dataclass(frozen=True, slots=True)
class Holder:
    """The agent that holds the lock, as far as it is known.

    Attributes:
        pid: Its process id; None when it could not be read.
        since: When it took the lock, ISO 8601 in UTC; None likewise.
        host: The machine it runs on; None likewise.
    """

    pid: int | None = None
    since: str | None = None
    host: str | None = None

    def __str__(self) -> str:
        process = "a process" if self.pid is None else f"process {self.pid}"
        host = "" if self.host is None else f" on {self.host}"
        since = "" if self.since is None else f", since {self.since}"
        return process + host + since


class HomeLock:
    """Keeps other agents away from one state folder while its block runs."""

    def __init__(self, state_folder: Path) -> None:
        self._folder = state_folder
        self._file = os.fspath(state_folder / LOCK_NAME)
        self._note = state_folder / HOLDER_NAME
        self._lock = _lock(state_folder)
        self._identity: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        """Take the lock and note who we are.

        Raises:
            AlreadyRunning: Another agent holds it.
            NoPermission: The state folder is not ours to write in.
            BadConfiguration: The state folder cannot hold locks.
        """
        try:
            with _plain_errors(self._folder):
                self._lock.acquire(timeout=PATIENCE_SECONDS)
        except Timeout as error:
            raise AlreadyRunning(
                f"Another agent already works on this home folder: {_noted(self._folder)}.",
                hint="Stop that one first, or give this one a home folder of its own.",
                code="already-running",
            ) from error
        with suppress(OSError):  # a full disk must not keep the agent from starting
            self._note_holder()
        self._identity = _identity(self._file)
        return self

    def need_ours(self) -> None:
        """See that the lock still keeps others away.

        Raises:
            TryLater: Its file was removed or replaced, so another agent may have started.
        """
        if _identity(self._file) != self._identity:
            raise TryLater(
                f"The state folder {self._folder} was removed or replaced while the agent ran.",
                hint="Start the agent again; what lies in inbox/.claimed is taken up then. Leave "
                "the state folder alone while an agent runs.",
                code="state-replaced",
            )

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Give the lock back."""
        with suppress(OSError):  # the note means nothing once the lock is free
            self._note.unlink(missing_ok=True)
        self._lock.release()

    def _note_holder(self) -> None:
        self._note.unlink(missing_ok=True)  # rather no note than the one of an agent that died
        since = datetime.now(UTC).isoformat(timespec="seconds")
        holder = Holder(pid=os.getpid(), since=since, host=socket.gethostname())
        draft = self._note.with_suffix(".tmp")
        draft.write_text(json.dumps(asdict(holder)), encoding="utf-8")
        draft.replace(self._note)


def who_runs(state_folder: Path) -> Holder | None:
    """Say which agent works on a state folder; None when none does.

    Raises:
        NoPermission: Only the agent's own user can find out.
        BadConfiguration: The lock cannot be tried.
    """
    if not (state_folder / LOCK_NAME).exists():
        return None
    with _plain_errors(state_folder):
        is_held = _is_held(state_folder)
    return _noted(state_folder) if is_held else None


def _is_held(state_folder: Path) -> bool:
    try:
        with _lock(state_folder).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return _is_held_on_read_only(state_folder / LOCK_NAME)


def _identity(file: str) -> tuple[int, int] | None:
    try:
        found = os.stat(file)  # noqa: PTH116 - asked in every turn; a Path takes longer than the kernel
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _lock(state_folder: Path) -> FileLock:
    return FileLock(state_folder / LOCK_NAME, thread_local=False)


@contextmanager
def _plain_errors(state_folder: Path) -> Iterator[None]:
    """Translate what the operating system says, but for ``Timeout``, which is an OSError too."""
    try:
        yield
    except Timeout:
        raise
    except PermissionError as error:
        raise NoPermission(
            f"The state folder {state_folder} cannot be used: {error.strerror or error}.",
            hint="Run this as the user that the agent runs as, or give this user the folder.",
            code="state-no-permission",
        ) from error
    except (OSError, NotImplementedError) as error:
        if isinstance(error, OSError) and error.errno == errno.EROFS:
            raise _read_only(state_folder) from error
        raise BadConfiguration(
            f"The state folder {state_folder} cannot be locked: {error}.",
            hint="AGENT_STATE must be a folder on a disk of this machine, not on a network share.",
            code="state-not-lockable",
        ) from error


def _read_only(state_folder: Path) -> BadConfiguration:
    return BadConfiguration(
        f"The state folder {state_folder} lies on a file system that can only be read now.",
        hint="Linux makes it so when a disk has faults: see dmesg. Mend the disk, mount it to be "
        "written to again, and start the agent anew.",
        code="state-read-only",
    )


def _noted(state_folder: Path) -> Holder:
    """Read who holds the lock; the note may be late, torn or from an agent that died."""
    try:
        note: Any = json.loads((state_folder / HOLDER_NAME).read_text(encoding="utf-8"))
        return Holder(pid=int(note["pid"]), since=str(note["since"]), host=str(note["host"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Holder()
