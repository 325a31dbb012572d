"""Real servers that receive files: each on a port of its own on 127.0.0.1, set up in one folder.

They run as whoever runs the tests, who is also the one that logs in.
"""

import getpass
import os
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Final, Self

from tests.programs import plain_environ, program, run

PASSWORD: Final = "secret"
PASSWORD_HASH: Final = "$1$dropbox$J2bebZ2S1r7Nrce6QQFR90"
"""The password as servers keep it (MD5-crypt)."""

START_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.02
STARTS: Final = 3
"""Somebody else may take a free port before the server does."""


class Server:
    """A server program; it runs while its ``with`` block lasts.

    Args:
        folder: Where its settings go; there need not be such a folder.
        root: The folder that clients see.
    """

    name: ClassVar[str]

    def __init__(self, folder: Path, root: Path) -> None:
        self.folder = folder
        self.root = root
        self.port = 0

    def __enter__(self) -> Self:
        path = program(self.name)
        self.folder.mkdir(parents=True)
        self.prepare()
        for _ in range(STARTS):
            self.port = _free_port()
            with self._log.open("wb") as printed:
                self._process = subprocess.Popen(  # noqa: S603 - a server of this machine
                    [path, *self.arguments()],
                    env=plain_environ() | {"HOME": str(self.folder)},
                    stdin=subprocess.DEVNULL,
                    stdout=printed,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            if self._listens():
                return self
        raise AssertionError(f"{self.name} does not start:\n{self.log}")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """End it, and whatever it started."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait()

    def prepare(self) -> None:
        """Write what it needs besides its settings."""

    def arguments(self) -> list[str]:
        """Write its settings and return the arguments that make it stay in the foreground."""
        raise NotImplementedError

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def _log(self) -> Path:
        return self.folder / "printed"

    def _listens(self) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return True
            time.sleep(LOOK_SECONDS)
        return False


class Sshd(Server):
    """OpenSSH's server, with sftp, scp and commands, for one key."""

    name = "sshd"

    @property
    def key(self) -> Path:
        """The private key that may log in."""
        return self.folder / "key"

    @property
    def user(self) -> str:
        """Who logs in."""
        return getpass.getuser()

    @property
    def options(self) -> list[str]:
        """What ``ssh``, ``scp`` and ``sftp`` need to know, but for the port."""
        known = {"StrictHostKeyChecking": "no", "UserKnownHostsFile": "/dev/null"}
        quiet = {"LogLevel": "ERROR", "BatchMode": "yes"}
        pairs = {**known, **quiet, "IdentitiesOnly": "yes"}
        options = [f"-o{name}={value}" for name, value in pairs.items()]
        return ["-F/dev/null", f"-i{self.key}", *options]

    @property
    def shell(self) -> str:
        """The command by which other programs reach it, as ``rsync -e`` takes it."""
        return " ".join([program("ssh"), f"-p{self.port}", *self.options])

    def prepare(self) -> None:
        """Make the keys."""
        for key in (self.folder / "host_key", self.key):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key))
        if os.geteuid() == 0:
            # Debian has its service manager make it.
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)

    def arguments(self) -> list[str]:
        """Write sshd_config."""
        return ["-D", "-e", "-f", str(_written(self.folder / "sshd_config", *self.settings()))]

    def settings(self) -> list[str]:
        """List the lines of sshd_config."""
        return [
            f"Port {self.port}",
            "ListenAddress 127.0.0.1",
            f"HostKey {self.folder}/host_key",
            f"AuthorizedKeysFile {self.key}.pub",
            "StrictModes no",
            "UsePAM no",
            "PermitRootLogin prohibit-password",
            "PasswordAuthentication no",
            "PidFile none",
            "MaxStartups 100",
            f"Subsystem sftp {program('sftp-server')}",
        ]


class FtpServer(Server):
    """A server for FTP, for one user with a password."""

    user: ClassVar[str] = "sender"

    def url(self, path: str) -> str:
        """Write the address of a file."""
        return f"ftp://{self.user}:{PASSWORD}@127.0.0.1:{self.port}/{path}"


class ProFtpd(FtpServer):
    """ProFTPD as it is delivered: uploads grow under their own name, or are broken off there."""

    name = "proftpd"
    extra: ClassVar[tuple[str, ...]] = ()

    def prepare(self) -> None:
        """Write the user's entry."""
        entry = f"{self.user}:{PASSWORD_HASH}:{os.getuid()}:{os.getgid()}::{self.root}:/bin/sh"
        _written(self.folder / "users", entry).chmod(0o600)

    def arguments(self) -> list[str]:
        """Write proftpd.conf."""
        group = run("id", "-gn").strip()
        settings = (
            "ServerType standalone",
            "DefaultAddress 127.0.0.1",
            f"Port {self.port}",
            f"User {getpass.getuser()}",
            f"Group {group}",
            "RootLogin on",
            "RequireValidShell off",
            "AuthOrder mod_auth_file.c",
            f"AuthUserFile {self.folder}/users",
            f"PidFile {self.folder}/pid",
            f"ScoreboardFile {self.folder}/scoreboard",
            f"DelayTable {self.folder}/delays",
            "UseReverseDNS off",
            "WtmpLog off",
            "AllowOverwrite on",
            "AllowStoreRestart on",
            f"DefaultRoot {self.root}",
            *self.extra,
        )
        return ["-n", "-q", "-c", str(_written(self.folder / "proftpd.conf", *settings))]


class HidingProFtpd(ProFtpd):
    """ProFTPD that hides uploads until they are complete, as ``.in.<name>.``."""

    extra = ("AllowStoreRestart off", "HiddenStores on")


class VsFtpd(FtpServer):
    """vsftpd for anonymous uploads, which needs no user of the system."""

    name = "vsftpd"
    user = "anonymous"

    def arguments(self) -> list[str]:
        """Write vsftpd.conf."""
        settings = {
            "listen": "YES",
            "listen_address": "127.0.0.1",
            "listen_port": self.port,
            "background": "NO",
            "run_as_launching_user": "YES",
            "anonymous_enable": "YES",
            "no_anon_password": "YES",
            "anon_root": self.root,
            "allow_writeable_chroot": "YES",
            "write_enable": "YES",
            "anon_upload_enable": "YES",
            "anon_other_write_enable": "YES",
            "anon_umask": "022",
            "ascii_upload_enable": "YES",
            "seccomp_sandbox": "NO",
            "xferlog_enable": "NO",
        }
        lines = (f"{name}={value}" for name, value in settings.items())
        return [str(_written(self.folder / "vsftpd.conf", *lines))]


class Smbd(Server):
    """Samba's file server with one share, ``inbox``, for guests."""

    name = "smbd"

    def prepare(self) -> None:
        """Make the folders in which it keeps what it knows."""
        for each in ("private", "lock", "state", "cache", "pid", "rpc"):
            (self.folder / each).mkdir(mode=0o755)

    def arguments(self) -> list[str]:
        """Write smb.conf."""
        settings = (
            "[global]",
            f"smb ports = {self.port}",
            "interfaces = 127.0.0.1",
            "bind interfaces only = yes",
            "disable netbios = yes",
            "server role = standalone server",
            "map to guest = Bad User",
            f"guest account = {getpass.getuser()}",
            "load printers = no",
            "printcap name = /dev/null",
            "disable spoolss = yes",
            f"private dir = {self.folder}/private",
            f"lock directory = {self.folder}/lock",
            f"state directory = {self.folder}/state",
            f"cache directory = {self.folder}/cache",
            f"pid directory = {self.folder}/pid",
            f"ncalrpc dir = {self.folder}/rpc",
            "[inbox]",
            f"path = {self.root}",
            "guest ok = yes",
            "read only = no",
            f"force user = {getpass.getuser()}",
        )
        config = _written(self.folder / "smb.conf", *settings)
        return ["--foreground", "--no-process-group", "--debug-stdout", f"--configfile={config}"]

    def client(self, commands: str) -> list[str]:
        """Return the command that does something in the share."""
        config = f"--configfile={self.folder}/smb.conf"
        return ["smbclient", "//127.0.0.1/inbox", config, f"-p{self.port}", "-N", "-c", commands]


def _written(path: Path, *lines: str) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
