"""The texts for Windows, and the commands that go with them; Windows itself is not needed."""

import subprocess
import sys
import sysconfig
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path, PureWindowsPath

import pytest

from dropbox_agent import __version__
from dropbox_agent.errors import BadConfiguration
from dropbox_agent.service import Plan, TaskService, WrapperService
from dropbox_agent.service.task_xml import SCHEMA, start_code, task_xml
from dropbox_agent.service.windows import mapped_drive_warning
from dropbox_agent.service.wrapper_xml import wrapper_xml
from tests.service_managers import NotingCommands

PYTHON = r"C:\Program Files\Python313\python.exe"
PLAN = Plan(
    name="dropbox-agent",
    home=PureWindowsPath(r"D:\Shop & Sons\drop"),
    program=(PYTHON, "-m", "dropbox_agent"),
    stop_seconds=95,
)
IN_VENV = replace(PLAN, python_path=PureWindowsPath(r"D:\venv\Lib\site-packages"))


def texts(plan: Plan) -> dict[str, str]:
    """Read the plain elements of the wrapper's configuration."""
    return {each.tag: each.text or "" for each in ET.fromstring(wrapper_xml(plan))}  # noqa: S314 - our own text


class Task:
    """A task, as the Task Scheduler reads it."""

    def __init__(self, plan: Plan) -> None:
        _, _, text = task_xml(plan).partition("\n")
        self._root = ET.fromstring(text)  # noqa: S314 - our own text

    def __getitem__(self, path: str) -> str | None:
        steps = "/".join(f"{{{SCHEMA}}}{step}" for step in path.split("/"))
        return self._root.findtext(steps)


class TestWrapper:
    """The configuration of WinSW."""

    def test_it_starts_the_agent_and_asks_it_to_stop(self) -> None:
        """By the file that asks for a stop: Ctrl-C does not always reach a service."""
        found = texts(PLAN)
        assert found["executable"] == found["stopexecutable"] == PYTHON
        assert found["startarguments"] == r'-m dropbox_agent run --home "D:\Shop & Sons\drop"'
        assert found["stoparguments"] == (
            r'-m dropbox_agent service stop --home "D:\Shop & Sons\drop"'
        )
        assert found["stoptimeout"] == "95 sec"
        assert "arguments" not in found, "with stoparguments it has to be startarguments"

    def test_it_comes_back_after_a_failure(self) -> None:
        """Soon at first, then less often; what was long ago does not count."""
        root = ET.fromstring(wrapper_xml(PLAN))  # noqa: S314 - our own text
        failures = [dict(each.attrib) for each in root.iter("onfailure")]
        assert [each["action"] for each in failures] == ["restart"] * 3
        assert [each["delay"] for each in failures] == ["5 sec", "1 min", "5 min"]
        assert texts(PLAN)["resetfailure"] == "1 day"

    def test_the_launcher_of_a_virtual_environment_is_left_out(self) -> None:
        """Python itself is told where the packages are: a killed launcher leaves orphans."""
        root = ET.fromstring(wrapper_xml(IN_VENV))  # noqa: S314 - our own text
        environ = {each.get("name"): each.get("value") for each in root.iter("env")}
        assert environ["PYTHONPATH"] == r"D:\venv\Lib\site-packages"

    def test_without_the_wrapper_it_says_what_to_do(self, tmp_path: Path) -> None:
        """Where to get it, where to put it, and the commands that are left."""
        commands = NotingCommands()
        told = "\n".join(WrapperService(PLAN, tmp_path, commands).install())
        assert (tmp_path / "service" / "dropbox-agent.xml").exists()
        assert "github.com/winsw" in told
        assert "sc.exe failureflag dropbox-agent 1" in told
        assert commands.run == []

    def test_with_the_wrapper_it_installs_and_starts(self, tmp_path: Path) -> None:
        """As an account of its own with few rights, that may write to the home."""
        (tmp_path / "service").mkdir()
        wrapper = tmp_path / "service" / "dropbox-agent.exe"
        wrapper.touch()
        commands = NotingCommands()
        list(WrapperService(PLAN, tmp_path, commands).install())
        assert commands.run == [
            f"{wrapper} install",
            r"sc.exe config dropbox-agent obj= NT SERVICE\dropbox-agent",
            "sc.exe failureflag dropbox-agent 1",
            r"icacls.exe D:\Shop & Sons\drop /grant NT SERVICE\dropbox-agent:(OI)(CI)M",
            f"{wrapper} start",
        ]

    def test_uninstall_leaves_the_home_alone(self, tmp_path: Path) -> None:
        """Only the configuration goes; a second time there is nothing to remove."""
        service = WrapperService(PLAN, tmp_path, NotingCommands())
        list(service.install())
        list(service.uninstall())
        assert [each.name for each in tmp_path.rglob("*")] == ["service"]
        with pytest.raises(BadConfiguration):
            list(service.uninstall())


class TestTask:
    """The task of the Task Scheduler."""

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            ("Settings/ExecutionTimeLimit", "PT0S"),
            ("Settings/MultipleInstancesPolicy", "IgnoreNew"),
            ("Settings/RestartOnFailure/Interval", "PT1M"),
            ("Settings/RestartOnFailure/Count", "999"),
            ("Settings/DisallowStartIfOnBatteries", "false"),
            ("Settings/StopIfGoingOnBatteries", "false"),
            ("Settings/RunOnlyIfIdle", "false"),
            ("Settings/IdleSettings/StopOnIdleEnd", "false"),
            ("Settings/RunOnlyIfNetworkAvailable", "false"),
            ("Triggers/BootTrigger/Repetition/Interval", "PT5M"),
            ("Principals/Principal/UserId", "S-1-5-19"),
            ("Principals/Principal/RunLevel", "LeastPrivilege"),
            ("Actions/Exec/Command", PYTHON),
            ("Actions/Exec/Arguments", r'-m dropbox_agent run --home "D:\Shop & Sons\drop"'),
        ],
    )
    def test_it_runs_unattended_and_without_end(self, path: str, text: str) -> None:
        """The defaults would end it after three days, on batteries, or when idle time ends."""
        assert Task(PLAN)[path] == text

    def test_an_account_of_ones_own_is_logged_on_by_password(self) -> None:
        """So it runs whether or not its user is logged on, and reaches shares."""
        task = Task(replace(PLAN, user=r"SHOP\agent"))
        assert task["Principals/Principal/UserId"] == r"SHOP\agent"
        assert task["Principals/Principal/LogonType"] == "Password"

    def test_it_is_registered_and_started(self, tmp_path: Path) -> None:
        """From a file in UTF-16, as the scheduler wants it."""
        commands = NotingCommands()
        service = TaskService(replace(PLAN, user=r"SHOP\agent"), tmp_path, commands)
        list(service.install())
        path = tmp_path / "service" / "dropbox-agent.task.xml"
        assert path.read_text(encoding="utf-16") == service.text()
        ET.parse(path)  # noqa: S314 - our own text
        assert commands.run == [
            rf"schtasks.exe /Create /TN dropbox-agent /XML {path} /F /RU SHOP\agent /RP *",
            "schtasks.exe /Run /TN dropbox-agent",
        ]
        list(service.uninstall())
        assert commands.run[-1] == "schtasks.exe /Delete /TN dropbox-agent /F"
        assert not path.exists()

    def test_python_finds_the_packages_of_a_virtual_environment(self) -> None:
        """A task has no environment of its own, so the path stands in its command."""
        assert Task(IN_VENV)["Actions/Exec/Command"] == PYTHON
        code = start_code(Path(sysconfig.get_path("purelib")))
        root = Path(__file__).parents[2]
        printed = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-I", "-c", code, "--version"],
            check=True,
            capture_output=True,
            text=True,
            cwd=root,
        ).stdout
        assert __version__ in printed


@pytest.mark.parametrize(
    ("home", "is_remote", "warns"),
    [
        (r"Z:\drop", True, True),
        (r"D:\drop", False, False),
        (r"\\server\share\drop", True, False),
    ],
)
def test_a_home_on_a_mapped_drive_is_warned_of(home: str, *, is_remote: bool, warns: bool) -> None:
    """Services do not have the drives of people; the share itself they reach."""
    assert bool(mapped_drive_warning(PureWindowsPath(home), is_remote=is_remote)) is warns
