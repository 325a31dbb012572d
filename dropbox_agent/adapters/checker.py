"""Checks files: small ones here, larger ones in a child process.

A child leaves this process free for arrivals, gives its memory back, and can be stopped. It gets
its request on standard input, which then stays open: when that ends the parent is gone, and so
goes the child.
"""

import gc
import io
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Final, cast

from dropbox_agent.core.checking import CheckPolicy, check
from dropbox_agent.core.checking.codec import (
    policy_from_plain,
    policy_to_plain,
    verdict_from_plain,
    verdict_to_plain,
)
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import AgentError, TryLater

SMALL_BYTES: Final = 1_000_000
"""Up to this size a check is over sooner than a child would start."""

_OPEN_FLAGS: Final = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
_PRIORITY: Final = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)
_NO_WINDOW: Final = getattr(subprocess, "CREATE_NO_WINDOW", 0)
_TAIL_LINES: Final = 4

# Started so, a child finds our package wherever we found it, but nothing that happens to lie in
# the current folder (-P) or that hides a part of the standard library.
_START_CHILD: Final = (
    "import sys; sys.path.append(sys.argv[1]); "
    "from dropbox_agent.adapters.checker import child; child()"
)
_OUR_ROOT: Final = str(Path(__file__).resolve().parents[2])


class CheckStopped(TryLater):
    """The check was given up because the agent stops."""


class Checker:
    """Checks files, several at a time when several threads ask.

    Args:
        timeout_seconds: How long checking one file may take.
        small_bytes: Files up to this size are checked in this process, without a time limit.
    """

    def __init__(self, *, timeout_seconds: float = 900, small_bytes: int = SMALL_BYTES) -> None:
        self._timeout_seconds = timeout_seconds
        self._small_bytes = small_bytes
        self._lock = threading.Lock()
        self._children: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    def check(self, path: Path, kind: Kind, policy: CheckPolicy) -> Verdict:
        """Read the whole file and decide about it.

        Raises:
            CheckStopped: The agent stops.
            AgentError: The check took too long, or its process died.
            OSError: The file could not be read; a symbolic link is not followed.
        """
        if self._stopped:
            raise _stopped()
        if path.stat(follow_symlinks=False).st_size <= self._small_bytes:
            return _check_here(path, kind, policy)
        request = {
            "path": os.fsencode(path).hex(),  # names need not be text
            "kind": kind.value,
            "policy": policy_to_plain(policy),
        }
        answer = json.loads(self._ask_child(request, path))
        if "verdict" in answer:
            return verdict_from_plain(answer["verdict"])
        raise OSError(answer["errno"], answer["strerror"], str(path))

    def stop(self) -> None:
        """End all checks in child processes at once, and refuse further ones."""
        with self._lock:
            self._stopped = True
            for process in self._children:
                process.kill()

    def _ask_child(self, request: dict[str, Any], path: Path) -> bytes:
        process = self._start()
        # Kept apart: ``communicate`` would close it, and the child take us for dead.
        lifeline, process.stdin = cast("IO[bytes]", process.stdin), None
        with process:
            try:
                with suppress(OSError):  # a child that is dead already says why below
                    lifeline.write(json.dumps(request).encode() + b"\n")
                    lifeline.flush()
                answer, errors = process.communicate(timeout=self._timeout_seconds)
            except subprocess.TimeoutExpired as error:
                process.kill()
                process.communicate()
                raise _too_slow(path, self._timeout_seconds) from error
            finally:
                process.kill()
                with self._lock:
                    self._children.discard(process)
                with suppress(OSError):
                    lifeline.close()
        if self._stopped:
            raise _stopped()
        if process.returncode:
            raise _crashed(path, process.returncode, errors)
        return answer

    def _start(self) -> "subprocess.Popen[bytes]":
        with self._lock:  # so that ``stop`` misses no child
            if self._stopped:
                raise _stopped()
            process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
                [sys.executable, "-P", "-c", _START_CHILD, _OUR_ROOT],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                creationflags=_PRIORITY | _NO_WINDOW,
            )
            self._children.add(process)
            return process


def child() -> None:
    """Answer one request from standard input on standard output; the child process runs this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches us too; the parent decides
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.disable()  # rows are lists of text: nothing for the collector, which would look at each
    if hasattr(os, "nice"):
        os.nice(5)
    sys.stdout.write(json.dumps(_answer(request)))


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    path = Path(os.fsdecode(bytes.fromhex(request["path"])))
    try:
        verdict = _check_here(path, Kind(request["kind"]), policy_from_plain(request["policy"]))
    except OSError as error:
        return {"errno": error.errno, "strerror": error.strerror}
    return {"verdict": verdict_to_plain(verdict)}


def _end_with_parent() -> None:
    # Not through ``sys.stdin``, whose lock would trouble the interpreter when it ends.
    while os.read(0, 4096):
        pass
    os._exit(1)


def _check_here(path: Path, kind: Kind, policy: CheckPolicy) -> Verdict:
    with io.FileIO(path, "rb", opener=lambda name, _: os.open(name, _OPEN_FLAGS)) as file:
        return check(file, kind, policy)


def _stopped() -> CheckStopped:
    return CheckStopped(
        "The check was given up because the agent stops.",
        hint="Nothing to do: the file is checked again at the next start.",
        code="check-stopped",
    )


def _too_slow(path: Path, seconds: float) -> AgentError:
    return AgentError(
        f"Checking {path.name} took longer than {seconds:g} seconds and was given up.",
        hint="Give it more time with AGENT_CHECK_TIMEOUT_SECONDS, or split the file.",
        code="check-timeout",
    )


def _crashed(path: Path, exit_code: int, errors: bytes) -> AgentError:
    tail = " / ".join(errors.decode(errors="replace").split("\n")[-_TAIL_LINES:]).strip(" /")
    how = f"exit code {exit_code}" if exit_code > 0 else f"signal {-exit_code}"
    return AgentError(
        f"The process that checked {path.name} ended by itself ({how}). {tail}".strip(),
        hint="If memory was short, give the machine more; otherwise please report this, with the"
        " file if you may.",
        code="check-crashed",
    )
