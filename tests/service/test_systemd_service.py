"""Installing, showing and removing the systemd service, in a folder of the test's own."""

import sys
from pathlib import Path

import pytest

from dropbox_agent.errors import AgentError, BadConfiguration
from dropbox_agent.service import Plan, SystemdService
from tests.service_managers import NotingCommands

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="systemd is on Linux only")

HOME = Path("/srv/drop")
ONE = Plan("drop", HOME, ("/usr/bin/dropbox-agent",), 95)
SHOPS = Plan("drop", HOME, ("/usr/bin/dropbox-agent",), 95, instances=("a", "b"))


def test_install_writes_the_unit_and_has_it_started(tmp_path: Path) -> None:
    """Now, and with the machine; everybody may read the unit."""
    commands = NotingCommands()
    service = SystemdService(ONE, tmp_path, commands)
    told = list(service.install())
    unit = tmp_path / "drop.service"
    assert unit.read_text(encoding="utf-8") == service.text()
    assert unit.stat().st_mode & 0o777 == 0o644
    assert [each.name for each in tmp_path.iterdir()] == ["drop.service"]
    assert commands.run == [
        "systemctl daemon-reload",
        "systemctl enable drop.service",
        "systemctl restart drop.service",
    ]
    assert told[0] == f"wrote    {unit}"


def test_install_of_instances_starts_each(tmp_path: Path) -> None:
    """All from one template."""
    commands = NotingCommands()
    list(SystemdService(SHOPS, tmp_path, commands).install())
    assert [each.name for each in tmp_path.iterdir()] == ["drop@.service"]
    assert commands.run[1:] == [
        "systemctl enable drop@a.service",
        "systemctl restart drop@a.service",
        "systemctl enable drop@b.service",
        "systemctl restart drop@b.service",
    ]


def test_uninstall_stops_and_removes_what_goes_by_the_name(tmp_path: Path) -> None:
    """The template and all its instances, whichever there are; other units stay."""
    list(SystemdService(SHOPS, tmp_path, NotingCommands()).install())
    (tmp_path / "other.service").touch()
    commands = NotingCommands()
    list(SystemdService(ONE, tmp_path, commands).uninstall())
    assert [each.name for each in tmp_path.iterdir()] == ["other.service"]
    assert commands.run == [
        "systemctl stop drop@*.service",
        "systemctl disable drop@.service",
        "systemctl daemon-reload",
    ]


def test_uninstall_of_an_instance_leaves_the_others(tmp_path: Path) -> None:
    """They need the template."""
    list(SystemdService(SHOPS, tmp_path, NotingCommands()).install())
    commands = NotingCommands()
    only_a = Plan("drop", HOME, (), 0, instances=("a",))
    list(SystemdService(only_a, tmp_path, commands).uninstall())
    assert (tmp_path / "drop@.service").exists()
    assert commands.run == ["systemctl disable --now drop@a.service"]


def test_show_tells_the_unit_and_what_systemd_says(tmp_path: Path) -> None:
    """The status line among it."""
    commands = NotingCommands(answer="StatusText=Nothing to do")
    service = SystemdService(ONE, tmp_path, commands)
    list(service.install())
    told = "\n".join(service.show())
    assert service.text() in told
    assert "StatusText=Nothing to do" in told


def test_what_is_not_installed_can_be_neither_shown_nor_removed(tmp_path: Path) -> None:
    """It says what it looked for."""
    service = SystemdService(ONE, tmp_path, NotingCommands())
    for lines in (service.show(), service.uninstall()):
        with pytest.raises(BadConfiguration, match=r"drop\.service or .*drop@\.service"):
            list(lines)


def test_a_failing_command_ends_it(tmp_path: Path) -> None:
    """What systemd said is the message."""
    service = SystemdService(ONE, tmp_path, NotingCommands(failing="restart"))
    with pytest.raises(AgentError, match="Job failed"):
        list(service.install())
