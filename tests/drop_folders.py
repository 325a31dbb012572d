"""A drop folder by SFTP, set up as ``docs/sftp.md`` says: real users, a real sshd, a real agent.

Only paths and names are others than on the page, so that nothing of this machine is touched: the
users and groups made here are called after this process, and are removed in the end.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import click
import pytest

from dropbox_agent.sandbox import Sandbox
from tests.pages import ROOT, Page
from tests.processes import UNHURRIED, Home, Program, account
from tests.programs import ended, program, run
from tests.servers import Sshd

PAGE: Final = Page(ROOT / "docs" / "sftp.md")
GROUPS: Final = ("drop-contacts", "drop-products", "drop-vouchers")
USERS: Final = ("dropbox-agent", "shop", "erp")
SET_ON_PAGE, SET_IN_SANDBOX = "Spring sale", "Sandbox vouchers"
NAMES: Final = re.compile(
    r"(?<![\w/.-])(?:dropbox-agent(?! (?:init|doctor|explain|service) )|senders"
    r"|drop-(?:(?=\$)|contacts|products|vouchers))(?![\w-])"
    r"|(?<![\w.-])(?:shop|erp)(?![\w-])"
)
"""Users and groups on the page; ``dropbox-agent`` may also be the command."""


class DropFolder:
    """A server with a drop folder and two senders; it runs while its ``with`` block lasts."""

    def __init__(self) -> None:
        self._prefix = f"dbxtest{os.getpid()}-"
        self._running = ExitStack()

    def __enter__(self) -> Self:
        _need_root()
        with ExitStack() as running:
            self.folder = running.enter_context(_roots_folder())
            self.home = Home(self.folder / "drop")
            self.keys = self.folder / "authorized_keys"
            running.callback(self._remove_accounts)
            self._set_up()
            self.sshd = running.enter_context(_ChrootSshd(self.folder / "sshd", self))
            for user in ("shop", "erp"):
                self._let_in(user)
            self.sandbox = running.enter_context(Sandbox(UNHURRIED))
            self.settings = account(self.sandbox)
            self.agent = ProgramOf(self.name("dropbox-agent"), self.home, settings=self.settings)
            running.enter_context(self.agent).until_watching()
            self._running = running.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._running.close()

    def name(self, user: str) -> str:
        """Say what a user or group of the page is called here."""
        return f"{self._prefix}{user}"

    def adapted(self, text: str) -> str:
        """Put the names and paths of here into a text of the page."""
        named = NAMES.sub(lambda found: self.name(found[0]), text)
        for there, here in (
            ("/srv/drop", str(self.home.path)),
            ("/etc/ssh/authorized_keys", str(self.keys)),
            (SET_ON_PAGE, SET_IN_SANDBOX),
        ):
            named = named.replace(there, here)
        return named

    def administer(
        self, commands: str, typed: str = "", env: Mapping[str, str] | None = None
    ) -> str:
        """Run commands of the page as root, which have to succeed; return what they print."""
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"))
        environ = {"PATH": path, **(env or {})}
        return run("bash", "-euc", self.adapted(commands), typed=typed, env=environ)

    def sftp(self, user: str, *commands: str) -> tuple[bool, str]:
        """Let a sender type commands into sftp, until one fails.

        Returns:
            Whether all of them succeeded, and what was printed.
        """
        batch = "".join(f"{each}\n" for each in (f"lcd {self.folder}", *commands))
        return self.client("sftp", f"-P{self.sshd.port}", "-b-", user=user, typed=batch)

    def client(self, name: str, *arguments: str, user: str, typed: str = "") -> tuple[bool, str]:
        """Run a client of OpenSSH, with the sender's address between its options and the rest."""
        options = [each for each in arguments if each.startswith("-")]
        rest = [each for each in arguments if not each.startswith("-")]
        address = f"{self.name(user)}@127.0.0.1"
        return ended(name, *self.sshd.options, *options, address, *rest, typed=typed)

    def _set_up(self) -> None:
        self.administer(PAGE.block("sh", "2. "))
        self.administer(PAGE.block("sh", "3. "))
        self.administer(PAGE.block("sh", "4. "))
        for commands in PAGE.each_block("sh", "6. "):
            if commands.startswith("useradd "):
                self.administer(commands)

    def _let_in(self, user: str) -> None:
        (commands,) = (each for each in PAGE.each_block("sh", "6. ") if "/dev/stdin" in each)
        public = self.sshd.key.with_suffix(".pub").read_text(encoding="utf-8")
        self.administer(commands.replace("shop", user), typed=public)

    def _remove_accounts(self) -> None:
        for user in USERS:
            ended("userdel", self.name(user))
        for group in ("senders", *GROUPS):
            ended("groupdel", self.name(group))


class ProgramOf(Program):
    """``dropbox-agent run`` as a process of another user, who has no rights but the usual ones.

    Python and its packages may lie where only root may go, such as below ``/root``. So their
    folders are opened before the rights are given up, and reached by what was opened.
    """

    def __init__(self, user: str, home: Home, *, settings: Mapping[str, str]) -> None:
        super().__init__(home, "run", settings=settings)
        folders = (sys.base_prefix, str(Path(click.__file__).parents[1]), str(ROOT))
        python, packages, ours = (f"/proc/self/fd/{number}" for number in (3, 4, 5))
        opening = 'exec 3<"$1" 4<"$2" 5<"$3"; shift 3; exec "$@"'
        as_user = (
            program("setpriv"), f"--reuid={user}", f"--regid={user}", "--init-groups",
            "--bounding-set=-all", "--no-new-privs",
        )  # fmt: skip
        executable = f"{python}/bin/python3.{sys.version_info.minor}"
        self._command = [
            "sh", "-euc", opening, "sh", *folders, *as_user, executable, *self._command[1:],
        ]  # fmt: skip
        self._environ |= {
            "PYTHONHOME": python,
            "PYTHONPATH": f"{packages}:{ours}",
            "LD_LIBRARY_PATH": f"{python}/lib",
        }


class _ChrootSshd(Sshd):
    """OpenSSH's server with the settings of the page, and for nobody else."""

    def __init__(self, folder: Path, drop_folder: DropFolder) -> None:
        super().__init__(folder, drop_folder.home.path)
        self._page = drop_folder.adapted(PAGE.block("sshd_config", "4. "))

    def settings(self) -> list[str]:
        """Write them behind those of every server."""
        return [*super().settings(), self._page]


@contextmanager
def _roots_folder() -> Iterator[Path]:
    """Make a folder in one of root's, as OpenSSH wants it for what senders are shut into."""
    parent = next(each for each in map(Path, ("/srv", "/var/lib")) if each.is_dir())
    if parent.stat().st_uid != 0 or parent.stat().st_mode & 0o022:
        pytest.skip(f"{parent} is not root's alone, and OpenSSH would refuse what is below it")
    with tempfile.TemporaryDirectory(prefix="dropbox-agent-test-", dir=parent) as name:
        Path(name).chmod(0o755)
        yield Path(name)


def _need_root() -> None:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can make users and run an sshd that lets them in")
    if shutil.which("useradd") is None:
        pytest.skip("useradd is not on this machine; in Debian install passwd")
