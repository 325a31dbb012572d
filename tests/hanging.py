"""A share that hangs: a real file system of FUSE, whose server can be made to answer no more."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.programs import program, succeeds

MOST_SECONDS: Final = 10.0
LOOK_SECONDS: Final = 0.02
CONNECTIONS: Final = Path("/sys/fs/fuse/connections")


class Share:
    """A folder that shows another one, for as long as its server answers.

    Attributes:
        behind: The folder on the server's side, which never hangs.
    """

    def __init__(self, behind: Path, server: subprocess.Popen[bytes], waiting: Path) -> None:
        self.behind = behind
        self._server = server
        self._waiting = waiting

    def hang(self) -> None:
        """Answer no more: whoever asks waits until it is over.

        Not while an answer is being made: who waits for that one could not even be killed.
        """
        until = time.monotonic() + MOST_SECONDS
        while True:
            self._server.send_signal(signal.SIGSTOP)
            os.waitpid(self._server.pid, os.WUNTRACED)
            if self._waiting.read_text("ascii").strip() == "0":
                return
            assert time.monotonic() < until, "the share never comes to rest"
            self.go_on()
            time.sleep(LOOK_SECONDS)

    def go_on(self) -> None:
        """Answer again, also what was asked meanwhile."""
        self._server.send_signal(signal.SIGCONT)


@contextmanager
def share_at(folder: Path) -> Iterator[Share]:
    """Put a share upon a folder, with what lies in it; the test is skipped where none can be."""
    serve, unmount = program("bindfs"), program("fusermount3")
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        pytest.skip("this user may not mount file systems of FUSE")
    home = folder.parent
    behind = home.with_name(f"{home.name}-{folder.name}")
    folder.rename(behind)
    folder.mkdir()
    with subprocess.Popen([serve, "-f", str(behind), str(folder)]) as server:  # noqa: S603 - Debian's
        try:
            if not _comes_up(folder, server):
                pytest.skip("bindfs may not mount here")
            yield Share(behind, server, _waiting_at(folder))
        finally:
            server.send_signal(signal.SIGCONT)
            subprocess.run([unmount, "-u", "-z", str(folder)], check=False)  # noqa: S603 - likewise
            server.terminate()


def _comes_up(folder: Path, server: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + MOST_SECONDS
    while not folder.is_mount():
        if server.poll() is not None or time.monotonic() > until:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def _waiting_at(folder: Path) -> Path:
    """Find the file in which the kernel counts the requests that a share has not answered."""
    if not any(CONNECTIONS.iterdir()):
        succeeds(program("mount"), "-t", "fusectl", "fusectl", str(CONNECTIONS))
    waiting = CONNECTIONS / str(os.minor(folder.stat().st_dev)) / "waiting"
    if not waiting.is_file():
        pytest.skip("this user may not see what a share has to answer")
    return waiting
