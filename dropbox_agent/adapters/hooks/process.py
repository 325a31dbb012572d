"""One process with all that it starts, as one thing that can be ended.

Two ways, one for each family of operating systems; nobody else needs to know which.
"""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    _APART = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW

    def start(
        words: Sequence[str],
        stdin: IO[bytes],
        output: int,
        folder: Path,
        environ: Mapping[str, str],
    ) -> subprocess.Popen[bytes]:
        """Start a process that Ctrl-C does not reach.

        Raises:
            OSError: It cannot be started.
        """
        return subprocess.Popen(  # noqa: S603 - the administrator's own program
            words,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environ),
            creationflags=_APART,
        )

    def end(process: subprocess.Popen[bytes]) -> None:
        """End the process. What it has started goes on: Windows knows no groups to end."""
        with suppress(OSError):
            process.kill()

else:
    import os
    import signal

    def start(
        words: Sequence[str],
        stdin: IO[bytes],
        output: int,
        folder: Path,
        environ: Mapping[str, str],
    ) -> subprocess.Popen[bytes]:
        """Start a process in a session of its own, which Ctrl-C does not reach.

        Raises:
            OSError: It cannot be started.
        """
        return subprocess.Popen(  # noqa: S603 - the administrator's own program
            words,
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=folder,
            env=dict(environ),
            start_new_session=True,
        )

    def end(process: subprocess.Popen[bytes]) -> None:
        """End the process and all that it has started, unless that made itself independent."""
        if process.poll() is None:  # nobody else can have got its number before we ask
            with suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
