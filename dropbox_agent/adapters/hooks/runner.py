"""Runs one program at a time, within limits of time and output."""

import errno
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen, TimeoutExpired
from tempfile import TemporaryFile
from typing import IO, Final

from dropbox_agent.adapters.hooks import process
from dropbox_agent.adapters.hooks.tail import Tail

SCARCE: Final = frozenset({
    errno.EAGAIN, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOSPC,
})  # fmt: skip
"""What the system says when it has no room for one more process: no fault of the program."""

LAST_WAIT_SECONDS: Final = 5.0
"""A killed process is gone at once, unless the system holds it, such as for a dead share."""


class NotStartable(Exception):
    """The program cannot be started: it is not there, is none, or may not be run."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended.

    Attributes:
        code: Its exit code, or less than 0 for a signal; None if it took too long.
        said: The end of what it printed.
        with_us: Whether it was ended, or not even started, because the agent stops.
    """

    code: int | None
    said: str = ""
    with_us: bool = False


class Runner:
    """Runs one program again and again. ``stop`` may be called by another thread."""

    def __init__(self, words: Sequence[str], folder: Path, seconds: float) -> None:
        """Take what is run.

        Args:
            words: The program and its arguments.
            folder: Where it is run.
            seconds: How long it may take each time.
        """
        self._words = words
        self._folder = folder
        self._seconds = seconds
        self._lock = threading.Lock()
        self._running: Popen[bytes] | None = None
        self._is_stopped = False

    def run(self, given: bytes, environ: Mapping[str, str]) -> Ended:
        """Run it to its end.

        Args:
            given: What it finds on its standard input. It is a file, so nobody waits for a
                program that does not read.
            environ: What it finds in its environment.

        Raises:
            NotStartable: It cannot be started, now or later.
            OSError: There is no room for it: on a full disk, or without processes to spare.
        """
        with TemporaryFile() as stdin, Tail() as tail:
            stdin.write(given)
            stdin.seek(0)
            with self._lock:  # so that ``stop`` misses none
                if self._is_stopped:
                    return Ended(None, with_us=True)
                running = self._start(stdin, tail.into, environ)
                self._running = running
            code = self._wait(running)
            tail.close()
            return Ended(code, tail.text, with_us=self._is_stopped and code != 0)

    def stop(self) -> None:
        """End what runs, and run nothing more."""
        with self._lock:
            self._is_stopped = True
            if self._running:
                process.end(self._running)

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more is run."""
        return self._is_stopped

    def _start(self, stdin: IO[bytes], output: int, environ: Mapping[str, str]) -> Popen[bytes]:
        try:
            return process.start(self._words, stdin, output, self._folder, environ)
        except OSError as error:
            if error.errno in SCARCE:
                raise
            raise NotStartable(error.strerror or str(error)) from error
        except ValueError as error:  # there is a NUL in a word
            raise NotStartable(str(error)) from error

    def _wait(self, running: Popen[bytes]) -> int | None:
        try:
            return running.wait(self._seconds)
        except TimeoutExpired:
            process.end(running)
        finally:
            with self._lock:
                self._running = None
        with suppress(TimeoutExpired):
            running.wait(LAST_WAIT_SECONDS)
        return None
