"""Runs the commands of the operating system, and writes files, on behalf of a service."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from dropbox_agent.errors import AgentError, BadConfiguration, NoPermission

MOST_SECONDS: Final = 900.0
"""A service may take its time to start; no other command takes long."""

Run = Callable[..., str]
"""Runs a command, given as its words, and returns what it printed; raises an AgentError."""


def run_command(*command: str) -> str:
    """Run a command to its end and return what it printed.

    Raises:
        BadConfiguration: It is not there.
        AgentError: It did not end well.
    """
    try:
        ended = subprocess.run(  # noqa: S603 - commands of the operating system, no shell
            command,
            stdin=None,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=MOST_SECONDS,
        )
    except FileNotFoundError as error:
        raise BadConfiguration(
            f"There is no command {command[0]} on this machine.",
            hint="With --print you see what would be installed; install it where it belongs.",
            code="no-service-manager",
        ) from error
    except subprocess.TimeoutExpired as error:
        raise _failed(command, "it did not end in time") from error
    printed = ended.stdout.decode(errors="replace").strip()
    if ended.returncode != 0:
        raise _failed(command, printed or f"it ended with {ended.returncode}")
    return printed


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that everybody may read; it appears whole or not at all.

    Raises:
        NoPermission: The folder may not be written to.
        BadConfiguration: It cannot be.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as halfway:
            halfway.write(content)
        Path(halfway.name).chmod(0o644)
        Path(halfway.name).replace(path)
    except OSError as error:
        raise not_written(path, error) from error


def not_written(path: Path, error: OSError) -> AgentError:
    """Say that a file could not be written or removed."""
    if isinstance(error, PermissionError):
        return NoPermission(
            f"This user may not change {path}.",
            hint="Run the command as an administrator: with sudo, or in a terminal opened with "
            "'Run as administrator'.",
            code="service-no-permission",
        )
    return BadConfiguration(
        f"{path} cannot be changed: {error.strerror or error}.",
        hint="With --print you see what would be written there.",
        code="service-not-written",
    )


def _failed(command: tuple[str, ...], why: str) -> AgentError:
    return AgentError(
        f"The command '{' '.join(command)}' failed: {why}",
        hint="See to what it says; the service commands can be repeated at any time.",
        code="service-command-failed",
    )
