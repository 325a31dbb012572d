"""``service``: what is planned, what is refused, and what is shown."""

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Command
from tests.processes import Home

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="systemd is on Linux only")


def test_print_shows_the_unit_and_installs_nothing(
    home: Home, command: Command, tmp_path: Path
) -> None:
    """It may be looked at as anybody, and be piped into a file as it is."""
    told = command("service", "install", "--print", "--home", home.path, "--unit-folder", tmp_path)
    assert told.exit_code == 0
    assert told.out.startswith("# Written by: dropbox-agent service install\n")
    assert f"run --home {home.path}\n" in told.out
    assert told.out.endswith("WantedBy=multi-user.target\n")
    assert not list(tmp_path.glob("*.service"))


def test_the_stop_may_take_longer_than_one_silence_of_the_server(
    home: Home, command: Command
) -> None:
    """It follows from the settings of the home."""
    told = command(
        "service", "install", "--print", "--home", home.path,
        AGENT_READ_TIMEOUT_SECONDS="200", AGENT_STOP_SECONDS="10",
    )  # fmt: skip
    assert "TimeoutStopSec=240\n" in told.out


def test_folders_outside_the_home_are_refused_until_they_are_named(
    home: Home, command: Command, tmp_path: Path
) -> None:
    """The message has what to add; then files are copied there, and no other folder is opened."""
    archive = tmp_path / "archive"
    arguments = ("service", "install", "--print", "--home", home.path)
    told = command(*arguments, AGENT_PROCESSED=str(archive))
    assert told.exit_code == 78
    assert "AGENT_PROCESSED" in told.err
    assert f"--also-write {archive}" in told.err
    told = command(*arguments, "--also-write", archive, AGENT_PROCESSED=str(archive))
    assert told.exit_code == 0
    assert f"ReadWritePaths={home.path}\n" in told.out
    assert f"ReadWritePaths={archive}\n" in told.out


def test_metrics_outside_the_home_need_a_folder_to_be_named(
    home: Home, command: Command, tmp_path: Path
) -> None:
    """As for the node exporter's own folder."""
    file = tmp_path / "node-exporter" / "agent.prom"
    arguments = ("service", "install", "--print", "--home", home.path)
    told = command(*arguments, AGENT_METRICS_FILE=str(file))
    assert told.exit_code == 78
    assert f"--also-write {file.parent}" in told.err
    told = command(*arguments, "--also-write", file.parent, AGENT_METRICS_FILE=str(file))
    assert told.exit_code == 0


def test_a_folder_that_only_seems_to_lie_in_the_home_is_refused(
    home: Home, command: Command, tmp_path: Path
) -> None:
    """A link leads out of what the service may write to."""
    (home.path / "failed").rename(tmp_path / "failed")
    (home.path / "failed").symlink_to(tmp_path / "failed")
    told = command("service", "install", "--print", "--home", home.path)
    assert told.exit_code == 78
    assert "AGENT_FAILED" in told.err


def test_a_template_serves_several_homes(command: Command, tmp_path: Path) -> None:
    """Each instance has the home of its name."""
    for name in ("one", "two"):
        Home.made(tmp_path / name)
    told = command(
        "service", "install", "--print", "--home", tmp_path,
        "--instance", "one", "--instance", "two",
    )  # fmt: skip
    assert told.exit_code == 0
    assert f"run --home {tmp_path}/%i\n" in told.out
    missing = command("service", "install", "--print", "--home", tmp_path, "--instance", "three")
    assert missing.exit_code == 78
    assert "three" in missing.err


@pytest.mark.parametrize("option", ["--name", "--instance"])
def test_names_that_systemd_would_read_otherwise_are_refused(
    home: Home, command: Command, option: str
) -> None:
    """No paths, no specifiers."""
    for name in ("../x", "a@b", "%i", ""):
        told = command("service", "install", "--print", "--home", home.path, option, name)
        assert told.exit_code == 2


def test_a_user_that_is_not_there_is_told_with_the_command_that_makes_it(
    home: Home, command: Command, tmp_path: Path
) -> None:
    """Nothing is written before that."""
    told = command(
        "service", "install", "--home", home.path, "--unit-folder", tmp_path / "units",
        "--user", "nobody-of-this-name",
    )  # fmt: skip
    assert told.exit_code == 78
    assert "useradd --system --no-create-home nobody-of-this-name" in told.err
    assert not (tmp_path / "units").exists()


def test_a_home_of_somebody_else_is_told_with_the_command_that_gives_it(
    home: Home, command: Command, tmp_path: Path
) -> None:
    """The service could not read its settings."""
    told = command(
        "service", "install", "--home", home.path, "--unit-folder", tmp_path / "units",
        "--user", "daemon",
    )  # fmt: skip
    assert told.exit_code == 78
    assert f"chown -R daemon {home.path}" in told.err


@pytest.mark.parametrize("word", ["show", "uninstall"])
def test_without_a_service_there_is_nothing_to_show_or_remove(
    home: Home, command: Command, tmp_path: Path, word: str
) -> None:
    """It says where it looked."""
    told = command("service", word, "--home", home.path, "--unit-folder", tmp_path)
    assert told.exit_code == 78
    assert f"{tmp_path}/dropbox-agent.service" in told.err
