"""The agent as a Windows service, by way of WinSW, and as a task of the Task Scheduler.

Both texts are made on any system; that Windows takes them could not be tried where this was
written.
"""

from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from subprocess import list2cmdline
from typing import Final

from dropbox_agent.errors import BadConfiguration
from dropbox_agent.service.commands import Run, not_written, run_command, write_whole
from dropbox_agent.service.plan import Plan
from dropbox_agent.service.task_xml import task_xml
from dropbox_agent.service.wrapper_xml import wrapper_xml

FOLDER: Final = "service"
"""Where the wrapper and its configuration lie, below the home."""

WRAPPER_HOME: Final = "https://github.com/winsw/winsw/releases"


def mapped_drive_warning(home: PureWindowsPath, *, is_remote: bool) -> str | None:
    r"""Warn of a home on a mapped drive, such as ``Z:\drop``; None if it is on none."""
    if not is_remote or home.drive.startswith("\\\\"):
        return None
    return (
        f"{home.drive} is a share under the letter of one user. Services do not have it: name the "
        r"share itself with --home, such as \\server\share\drop. The service's account needs "
        "rights on it."
    )


class WrapperService:
    """A service that WinSW keeps running."""

    def __init__(self, plan: Plan, home: Path, run: Run = run_command) -> None:
        """Take what it is to be like, the home, and what runs commands."""
        self._plan = plan
        self._wrapper = home / FOLDER / f"{plan.name}.exe"
        self._xml = self._wrapper.with_suffix(".xml")
        self._run = run

    def text(self) -> str:
        """Write the configuration of the wrapper."""
        return wrapper_xml(self._plan)

    def install(self) -> Iterator[str]:
        """Write the configuration; and if the wrapper lies beside it, install and start it."""
        write_whole(self._xml, self.text().encode())
        yield f"wrote    {self._xml}"
        if not self._wrapper.exists():
            yield f"Now download WinSW from {WRAPPER_HOME} and save it as {self._wrapper}; then run"
            yield "this command again, or in a terminal of an administrator:"
            yield from (f"  {list2cmdline(each)}" for each in self.commands())
            return
        for each in self.commands():
            self._run(*each)
            yield f"ran      {list2cmdline(each)}"

    def commands(self) -> list[tuple[str, ...]]:
        """List the commands that install and start the service, in their order."""
        name, wrapper = self._plan.name, str(self._wrapper)
        account = self._plan.user or f"NT SERVICE\\{name}"
        folder = str(self._plan.home)
        return [
            (wrapper, "install"),
            # An account of its own with few rights, instead of LocalSystem.
            ("sc.exe", "config", name, "obj=", account),
            # Exit codes count as failures too, not only crashes.
            ("sc.exe", "failureflag", name, "1"),
            ("icacls.exe", folder, "/grant", f"{account}:(OI)(CI)M"),
            (wrapper, "start"),
        ]

    def uninstall(self) -> Iterator[str]:
        """Stop it and remove it; the wrapper's own file is left where it is."""
        if not self._xml.exists():
            raise _not_installed(self._xml)
        if self._wrapper.exists():
            for word in ("stop", "uninstall"):
                self._run(str(self._wrapper), word)
                yield f"ran      {self._wrapper} {word}"
        yield from _removed(self._xml)

    def show(self) -> Iterator[str]:
        """Tell what is installed, and what Windows says of it."""
        if not self._xml.exists():
            raise _not_installed(self._xml)
        yield self._xml.read_text(encoding="utf-8")
        yield self._run("sc.exe", "query", self._plan.name)


class TaskService:
    """A task that the Task Scheduler starts with the machine."""

    def __init__(self, plan: Plan, home: Path, run: Run = run_command) -> None:
        """Take what it is to be like, the home, and what runs commands."""
        self._plan = plan
        self._xml = home / FOLDER / f"{plan.name}.task.xml"
        self._run = run

    def text(self) -> str:
        """Write the task."""
        return task_xml(self._plan)

    def install(self) -> Iterator[str]:
        """Write the task, register it and start it."""
        write_whole(self._xml, self.text().encode("utf-16"))
        yield f"wrote    {self._xml}"
        name, user = self._plan.name, self._plan.user
        # With an account of one's own, Windows asks for its password in the terminal.
        account = ("/RU", user, "/RP", "*") if user else ()
        create = ("schtasks.exe", "/Create", "/TN", name, "/XML", str(self._xml), "/F", *account)
        for each in (create, ("schtasks.exe", "/Run", "/TN", name)):
            self._run(*each)
            yield f"ran      {list2cmdline(each)}"

    def uninstall(self) -> Iterator[str]:
        """Remove the task; the agent is to be stopped before, with ``service stop``."""
        if not self._xml.exists():
            raise _not_installed(self._xml)
        self._run("schtasks.exe", "/Delete", "/TN", self._plan.name, "/F")
        yield f"removed  task {self._plan.name}"
        yield from _removed(self._xml)

    def show(self) -> Iterator[str]:
        """Tell what is installed, and what Windows says of it."""
        if not self._xml.exists():
            raise _not_installed(self._xml)
        yield self._xml.read_text(encoding="utf-16")
        yield self._run("schtasks.exe", "/Query", "/TN", self._plan.name, "/V", "/FO", "LIST")


def _removed(path: Path) -> Iterator[str]:
    try:
        path.unlink()
    except OSError as error:
        raise not_written(path, error) from error
    yield f"removed  {path}"


def _not_installed(path: Path) -> BadConfiguration:
    return BadConfiguration(
        f"There is no {path}.",
        hint="Name the service with --name if it is called otherwise, and its home with --home; "
        "dropbox-agent service install makes one.",
        code="service-not-installed",
    )
