"""Tests for the key that a service manager hands over as a file."""

from pathlib import Path

import pytest

from dropbox_agent.errors import NoPermission
from dropbox_agent.settings import BadSettings, read_settings
from tests.rights import as_nobody, needs_rights, open_folder

KEY = "from-file:s3cret-half"
OTHER = "other-id:other-s3cret"


@pytest.fixture
def handed_over(tmp_path: Path) -> dict[str, str]:
    """An environment in which the key was handed over."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "connectif_api_key").write_text(f"{KEY}\n", encoding="utf-8")
    return {"CREDENTIALS_DIRECTORY": str(folder)}


def key_of(home: Path, environ: dict[str, str]) -> str:
    """Read the key that counts."""
    return read_settings(home, environ).require_key().get_secret_value()


def test_it_counts_before_the_one_in_the_file_of_settings(
    tmp_path: Path, handed_over: dict[str, str]
) -> None:
    """Who hands one over means that one; the environment is nearer still."""
    (tmp_path / "agent.env").write_text(f"CONNECTIF_API_KEY={OTHER}\n", encoding="utf-8")
    assert key_of(tmp_path, {}) == OTHER
    assert key_of(tmp_path, handed_over) == KEY
    assert key_of(tmp_path, handed_over | {"CONNECTIF_API_KEY": OTHER}) == OTHER


@pytest.mark.parametrize("folder", ["", "/nonexistent", "{home}/agent.env", "{home}"])
def test_where_nothing_was_handed_over_the_other_places_count(tmp_path: Path, folder: str) -> None:
    """Service managers hand over other things too."""
    (tmp_path / "agent.env").write_text(f"CONNECTIF_API_KEY={OTHER}\n", encoding="utf-8")
    assert key_of(tmp_path, {"CREDENTIALS_DIRECTORY": folder.format(home=tmp_path)}) == OTHER


@pytest.mark.parametrize(
    ("content", "word"), [(b"no-colon", "credential connectif_api_key"), (b"\xff\xfe", "UTF-8")]
)
def test_one_that_cannot_be_used_is_told_with_its_place(
    tmp_path: Path, handed_over: dict[str, str], content: bytes, word: str
) -> None:
    """The key itself is not shown."""
    (Path(handed_over["CREDENTIALS_DIRECTORY"]) / "connectif_api_key").write_bytes(content)
    with pytest.raises(BadSettings, match=word) as told:
        read_settings(tmp_path, handed_over)
    assert "credential connectif_api_key: CONNECTIF_API_KEY" in told.value.message
    assert "no-colon" not in told.value.message


@needs_rights
def test_one_that_may_not_be_read_is_told() -> None:
    """A secret that a container was given with the wrong rights must not be passed over."""
    with open_folder() as home:
        secret = home / "connectif_api_key"
        secret.write_text(KEY, encoding="utf-8")
        secret.chmod(0)
        with as_nobody(), pytest.raises(NoPermission, match="may not be read"):
            read_settings(home, {"CREDENTIALS_DIRECTORY": str(home)})


@needs_rights
def test_a_folder_that_is_shut_hands_over_nothing() -> None:
    """So systemd leaves it where it was given nothing to put there."""
    with open_folder() as home:
        shut = home / "credentials"
        shut.mkdir()
        (shut / "connectif_api_key").write_text(KEY, encoding="utf-8")
        shut.chmod(0)
        with as_nobody():
            assert read_settings(home, {"CREDENTIALS_DIRECTORY": str(shut)}).api_key is None
