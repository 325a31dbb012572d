"""Transfer programs as they are installed on this machine; a test skips where one is missing."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from typing import Final

import pytest

MOST_SECONDS: Final = 60.0
"""No program that works takes that long here."""

ELSEWHERE: Final = ("/usr/sbin", "/usr/lib/openssh", "/usr/libexec/openssh")
"""Where servers lie that are on nobody's path."""

PACKAGES: Final = {
    "bash": "bash",
    "bindfs": "bindfs",
    "cp": "coreutils",
    "curl": "curl",
    "fusermount3": "fuse3",
    "groff": "groff-base",
    "groupdel": "passwd",
    "id": "coreutils",
    "lftp": "lftp",
    "ln": "coreutils",
    "man": "man-db",
    "mount": "mount",
    "mv": "coreutils",
    "proftpd": "proftpd-core",
    "rclone": "rclone",
    "rsync": "rsync",
    "scp": "openssh-client",
    "setpriv": "util-linux",
    "sftp": "openssh-client",
    "sftp-server": "openssh-sftp-server",
    "smbclient": "smbclient",
    "smbd": "samba",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "sshd": "openssh-server",
    "systemd-analyze": "systemd",
    "userdel": "passwd",
    "vsftpd": "vsftpd",
}
"""The Debian package that each program comes with."""


def program(name: str) -> str:
    """Find a program, or skip the test and say what to install."""
    places = os.pathsep.join((os.environ.get("PATH", os.defpath), *ELSEWHERE))
    path = shutil.which(name, path=places)
    if path is None:
        pytest.skip(f"{name} is not on this machine; in Debian install {PACKAGES[name]}")
    return path


def foreign_python(module: str) -> str:
    """Find the system's own Python with a module of its own, or skip the test."""
    python = "/usr/bin/python3"
    if not os.access(python, os.X_OK) or not succeeds(python, "-c", f"import {module}"):
        pytest.skip(f"{python} has no {module}; in Debian install python3-{module}")
    return python


def succeeds(*command: str) -> bool:
    """Tell whether a program ends well."""
    return _run(command, "", {}).returncode == 0


def run(*command: str, typed: str = "", env: Mapping[str, str] | None = None) -> str:
    """Run a program to its end, which has to be a good one.

    Args:
        command: The program by name, and its arguments.
        typed: What it reads from its standard input.
        env: What it finds in its environment besides the plainest.

    Returns:
        What it printed.
    """
    ended = _run((program(command[0]), *command[1:]), typed, env or {})
    printed = ended.stdout.decode(errors="replace")
    assert ended.returncode == 0, f"{command[0]} ended with {ended.returncode}:\n{printed}"
    return printed


def ended(*command: str, typed: str = "") -> tuple[bool, str]:
    """Run a program to its end; tell whether that was a good one, and what was printed."""
    done = _run((program(command[0]), *command[1:]), typed, {})
    return done.returncode == 0, done.stdout.decode(errors="replace")


def begin(*command: str) -> subprocess.Popen[bytes]:
    """Start a program that reads what is written to it; use it in a ``with`` statement."""
    return subprocess.Popen(  # noqa: S603 - programs of this machine, arguments of our tests
        (program(command[0]), *command[1:]),
        env=plain_environ(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def type_into(process: subprocess.Popen[bytes], typed: bytes) -> None:
    """Write to what a program reads, at once."""
    assert process.stdin is not None
    process.stdin.write(typed)
    process.stdin.flush()


def sftp(*commands: str) -> None:
    """Let sftp carry out a batch, in which every command has to succeed, on this machine."""
    batch = "".join(f"{command}\n" for command in commands)
    run("sftp", "-b-", "-D", program("sftp-server"), typed=batch)


def plain_environ() -> dict[str, str]:
    """Return an environment in which programs find no settings of this machine's user."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def _run(
    command: tuple[str, ...], typed: str, env: Mapping[str, str]
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(  # noqa: S603 - programs of this machine, arguments of our tests
        command,
        env=plain_environ() | dict(env),
        input=typed.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=MOST_SECONDS,
    )
