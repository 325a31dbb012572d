"""The systemd unit: what stands in it, and what systemd itself says of it."""

import subprocess
import sys
from configparser import RawConfigParser
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from dropbox_agent.errors import BadConfiguration
from dropbox_agent.service import Plan
from dropbox_agent.service.unit import running_units, unit_name, unit_text
from tests.programs import program

HIGHEST_EXPOSURE = 30
"""In tenths, of 100: what ``systemd-analyze security`` may say at most."""

PLAN = Plan(
    name="dropbox-agent",
    home=PurePosixPath("/srv/drop"),
    program=("/opt/dropbox-agent/bin/dropbox-agent",),
    stop_seconds=95,
    user="dropbox-agent",
)
SHOPS = replace(PLAN, name="shops", instances=("one", "two"))
PLANS = {
    "one": PLAN,
    "template": SHOPS,
    "odd names": replace(
        PLAN,
        home=PurePosixPath('/srv/our 100% "drop" \\ $HOME\'s'),
        program=("/opt/p y/python", "-m", "dropbox_agent"),
    ),
    "everything": replace(
        SHOPS,
        home=PurePosixPath("/home/sftp users"),
        group="senders",
        other_folders=(PurePosixPath("/mnt/archive"), PurePosixPath("/home/o/ld")),
        program_folders=(PurePosixPath("/home/admin/venv"), PurePosixPath("/usr")),
        key_file=PurePosixPath("/etc/key"),
        leases=True,
    ),
}
each_plan = pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)


def lines_of(plan: Plan) -> set[str]:
    """Split the unit into its lines."""
    return set(unit_text(plan).splitlines())


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "NotifyAccess=main",
        "User=dropbox-agent",
        "ExecStart=/opt/dropbox-agent/bin/dropbox-agent run --home /srv/drop",
        "LoadCredential=connectif_api_key:dropbox-agent.connectif_api_key",
        "WatchdogSec=120",
        "Restart=on-failure",
        "RestartSec=5",
        "StartLimitIntervalSec=0",
        "RestartPreventExitStatus=77 78 79",
        "KillMode=mixed",
        "TimeoutStopSec=95",
        "RequiresMountsFor=/srv/drop",
        "ReadWritePaths=/srv/drop",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "NoNewPrivileges=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "SystemCallFilter=@system-service",
        "CapabilityBoundingSet=",
        "UMask=0027",
        "MemoryMax=1G",
        "WantedBy=multi-user.target",
    ],
)
def test_the_unit_has_what_a_service_of_ours_needs(line: str) -> None:
    """Each line is one of the service checklist."""
    assert line in lines_of(PLAN)


def test_there_is_one_root_to_write_to() -> None:
    """Files cannot be renamed from one root to another, though they are on one disk."""
    roots = [line for line in lines_of(PLAN) if line.startswith("ReadWritePaths=")]
    assert roots == ["ReadWritePaths=/srv/drop"]


def test_a_template_has_a_home_and_a_key_for_each_instance() -> None:
    """The name of the instance stands for both."""
    assert unit_name(SHOPS) == "shops@.service"
    assert running_units(SHOPS) == ["shops@one.service", "shops@two.service"]
    assert lines_of(SHOPS) >= {
        "RequiresMountsFor=/srv/drop/%i",
        "ReadWritePaths=/srv/drop/%i",
        "ExecStart=/opt/dropbox-agent/bin/dropbox-agent run --home /srv/drop/%i",
        "LoadCredential=connectif_api_key:shops-%i.connectif_api_key",
    }


def test_names_that_mean_something_to_systemd_are_written_so_that_they_do_not() -> None:
    """Blanks, quotes, percent and dollar signs."""
    home = r'''"/srv/our 100%% \"drop\" \\ $HOME's"'''
    command = home.replace("$", "$$")
    assert lines_of(PLANS["odd names"]) >= {
        f"ReadWritePaths={home}",
        f'ExecStart="/opt/p y/python" -m dropbox_agent run --home {command}',
    }


def test_what_lies_in_homes_of_people_is_bound_and_all_else_there_is_hidden() -> None:
    """The homes of SFTP users are a usual place for inboxes."""
    found = lines_of(PLANS["everything"])
    assert found >= {
        "ProtectHome=tmpfs",
        'BindPaths="/home/sftp users/%i"',
        "BindPaths=/home/o/ld",
        "BindReadOnlyPaths=/home/admin/venv",
        "ReadWritePaths=/mnt/archive /home/o/ld",
    }
    assert "BindReadOnlyPaths=/usr" not in found
    assert "ProtectHome=yes" not in found


def test_the_one_capability_is_given_only_when_asked_for() -> None:
    """It lets the agent ask whether files of other users are still being written."""
    assert "CAP_LEASE" not in unit_text(PLAN)
    assert lines_of(PLANS["everything"]) >= {
        "CapabilityBoundingSet=CAP_LEASE",
        "AmbientCapabilities=CAP_LEASE",
    }


@each_plan
def test_no_setting_is_there_twice_by_mistake(plan: Plan) -> None:
    """Those that add up may be."""
    settings = [line.split("=")[0] for line in unit_text(plan).splitlines() if "=" in line]
    twice = {each for each in settings if settings.count(each) > 1}
    assert twice <= {"BindPaths", "BindReadOnlyPaths", "ReadWritePaths"}


@each_plan
def test_it_is_read_as_sections_and_settings(plan: Plan) -> None:
    """Nothing is written before the first section or without a name."""
    parser = RawConfigParser(strict=False)
    parser.read_string(unit_text(plan))
    assert parser.sections() == ["Unit", "Service", "Install"]


@each_plan
def test_systemd_finds_no_fault_with_it(plan: Plan, tmp_path: Path) -> None:
    """The program has to be there for that, so a real one stands in for it."""
    there = replace(plan, program=(sys.executable, *plan.program[1:]), user="root", group=None)
    unit = written(there, tmp_path)
    ended = analyzed("verify", str(unit), folder=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")


@each_plan
def test_systemd_rates_it_as_well_protected(plan: Plan, tmp_path: Path) -> None:
    """Below 3.0 of 10, where 10 is a service without any protection."""
    unit = written(plan, tmp_path)
    threshold = f"--threshold={HIGHEST_EXPOSURE}"
    ended = analyzed("security", "--offline=true", threshold, str(unit), folder=tmp_path)
    assert ended.returncode == 0, ended.stdout


def written(plan: Plan, folder: Path) -> Path:
    """Write a unit into a folder; an instance where it is a template."""
    unit = folder / running_units(plan)[0]
    unit.write_text(unit_text(plan), encoding="utf-8")
    return unit


def analyzed(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run ``systemd-analyze`` with a folder of units of its own beside those of the system."""
    return subprocess.run(  # noqa: S603 - a program of this machine
        (program("systemd-analyze"), "--no-pager", *arguments),
        env={"PATH": "/usr/bin:/bin", "SYSTEMD_UNIT_PATH": f"{folder}:"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    "plan",
    [
        replace(PLAN, home=PurePosixPath("/srv/dr\nop")),
        replace(PLAN, other_folders=(PurePosixPath("/srv/a\x85b"),)),
        replace(PLAN, key_file=PurePosixPath("/etc/ke\ty")),
        replace(PLAN, home=PurePosixPath("/home/shop:one")),
        replace(PLAN, program_folders=(PurePosixPath("/home/shop/a:b"),)),
    ],
)
def test_paths_that_a_unit_cannot_name_are_refused(plan: Plan) -> None:
    """A line end would begin another setting, and a colon another path."""
    with pytest.raises(BadConfiguration) as told:
        unit_text(plan)
    assert told.value.code == "service-path"
    assert told.value.message.isprintable()


def test_a_colon_is_no_harm_where_nothing_is_bound() -> None:
    """Only what lies in homes of people is."""
    assert "ReadWritePaths=/srv/shop:one" in lines_of(
        replace(PLAN, home=PurePosixPath("/srv/shop:one"))
    )
