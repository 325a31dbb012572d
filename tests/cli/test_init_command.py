"""``init``: makes a home, and leaves alone what is there."""

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Command


def test_it_makes_the_folders_and_the_settings_file_and_says_what_comes_next(
    tmp_path: Path, command: Command
) -> None:
    """The key is what is still missing."""
    told = command("init", "--home", tmp_path / "new" / "home")
    assert told.exit_code == 0
    for root in ("inbox", "processed", "failed"):
        for kind in ("contacts", "products", "vouchers"):
            assert (tmp_path / "new" / "home" / root / kind).is_dir()
    assert str(tmp_path / "new" / "home" / "agent.env") in told.out
    assert "CONNECTIF_API_KEY" in told.out
    assert "dropbox-agent run" in told.out


def test_a_second_time_it_changes_nothing(tmp_path: Path, command: Command) -> None:
    """Files and settings that are there stay, and the key is not asked for again."""
    command("init", "--home", tmp_path)
    settings = tmp_path / "agent.env"
    settings.write_text("CONNECTIF_API_KEY=my-id:my-secret\n", encoding="utf-8")
    dropped = tmp_path / "inbox" / "contacts" / "a.csv"
    dropped.write_bytes(b"_email\n")

    told = command("init", "--home", tmp_path)
    assert told.exit_code == 0
    assert "made" not in told.out.split("\n\n")[0]
    assert "write your API key" not in told.out
    assert settings.read_text(encoding="utf-8") == "CONNECTIF_API_KEY=my-id:my-secret\n"
    assert dropped.read_bytes() == b"_email\n"


def test_the_settings_file_begins_with_defaults_that_can_be_read(
    tmp_path: Path, command: Command
) -> None:
    """A home that was just made works as soon as it has a key."""
    command("init", "--home", tmp_path)
    assert command("status", "--home", tmp_path).exit_code == 0


@pytest.mark.skipif(os.name == "nt", reason="Windows has no mode bits for it")
def test_only_its_owner_can_read_the_settings_file(tmp_path: Path, command: Command) -> None:
    """There will be a key in it."""
    command("init", "--home", tmp_path)
    assert (tmp_path / "agent.env").stat().st_mode & 0o777 == 0o600


def test_a_place_where_no_folder_can_be_made_is_refused_with_77(
    tmp_path: Path, command: Command
) -> None:
    """It names the place and what to do."""
    (tmp_path / "file").touch()
    told = command("init", "--home", tmp_path / "file" / "home")
    assert told.exit_code == 77
    assert str(tmp_path / "file" / "home") in told.err
