"""Tests for settings that are impossible together."""

import sys
from pathlib import Path

import pytest

from dropbox_agent.settings import BadSettings, SettingFault, read_settings


def fault(home: Path, environ: dict[str, str]) -> SettingFault:
    """Return the one mistake that reading reports."""
    with pytest.raises(BadSettings) as told:
        read_settings(home, environ)
    (only,) = told.value.faults
    return only


@pytest.mark.parametrize("kind", ["CONTACTS", "PRODUCTS", "VOUCHERS"])
def test_only_empty_fields_needs_overriding(tmp_path: Path, kind: str) -> None:
    """The server refuses the one without the other, for each kind."""
    name = f"{kind}_UPDATE_ONLY_EMPTY_FIELDS"
    told = fault(tmp_path, {f"{kind}_OVERRIDE_EXISTING": "false", name: "true"})
    assert (told.name, told.write) == (name, f"{name}=false")
    assert f"{kind}_OVERRIDE_EXISTING=true" in told.what


@pytest.mark.parametrize("what", ["POLL", "BACKOFF"])
def test_a_floor_cannot_be_above_its_ceiling(tmp_path: Path, what: str) -> None:
    """Whichever of the two was written is the one to change."""
    floor, ceiling = f"AGENT_{what}_FLOOR_SECONDS", f"AGENT_{what}_CEILING_SECONDS"
    assert fault(tmp_path, {floor: "1000"}).name == floor
    assert fault(tmp_path, {ceiling: "0.5"}).name == ceiling
    assert "(2) is more than" in fault(tmp_path, {floor: "2", ceiling: "1.5"}).what
    read_settings(tmp_path, {floor: "2", ceiling: "2"})


@pytest.mark.parametrize(
    ("environ", "what"),
    [
        ({"AGENT_PROCESSED": "inbox/done"}, "AGENT_PROCESSED lies inside AGENT_INBOX."),
        ({"AGENT_STATE": "inbox/../inbox/x"}, "AGENT_STATE lies inside AGENT_INBOX."),
        ({"AGENT_INBOX": "processed/new"}, "AGENT_INBOX lies inside AGENT_PROCESSED."),
        ({"AGENT_FAILED": "processed"}, "AGENT_FAILED and AGENT_PROCESSED are the same folder."),
        ({"AGENT_LOG_FILE": "inbox/agent.log"}, "AGENT_LOG_FILE lies inside AGENT_INBOX."),
    ],
)
def test_folders_must_lie_apart(tmp_path: Path, environ: dict[str, str], what: str) -> None:
    """A report inside an inbox would be taken for a drop; state inside one would be uploaded."""
    assert fault(tmp_path, environ).what == what


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs a right there")
def test_folders_are_compared_behind_links(tmp_path: Path) -> None:
    """A link does not hide that two folders are one."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "inbox", target_is_directory=True)
    assert "AGENT_STATE lies inside" in fault(tmp_path, {"AGENT_STATE": "link/state"}).what


def test_a_home_that_is_an_inbox_clashes_with_every_folder(tmp_path: Path) -> None:
    """Each folder that would lie inside is named, at the setting that was written."""
    with pytest.raises(BadSettings) as told:
        read_settings(tmp_path, {"AGENT_INBOX": "."})
    assert [each.name for each in told.value.faults] == ["AGENT_INBOX"] * 3


def test_a_value_that_is_wrong_itself_is_not_compared(tmp_path: Path) -> None:
    """One mistake is not told twice."""
    told = fault(
        tmp_path, {"AGENT_POLL_FLOOR_SECONDS": "20", "AGENT_POLL_CEILING_SECONDS": "often"}
    )
    assert told.name == "AGENT_POLL_CEILING_SECONDS"
