"""The status file: replaced whole, never a reason to stop."""

import json
import shutil
from pathlib import Path

import pytest

from dropbox_agent.adapters.status_file import NAME, StatusFile, read_status


def test_what_was_written_last_is_read(tmp_path: Path) -> None:
    """Each beat replaces the one before, with what the file says of the agent."""
    file = StatusFile(tmp_path, version="1.2", pid=42)
    file.write({"jobs": [1]})
    file.write({"jobs": []})
    assert read_status(tmp_path) == {"version": "1.2", "pid": 42, "jobs": []}


def test_nothing_but_the_file_is_left(tmp_path: Path) -> None:
    """The file in the making is gone when it is made."""
    StatusFile(tmp_path).write({})
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_a_file_in_the_making_is_not_read(tmp_path: Path) -> None:
    """A process killed while it wrote leaves the beat before."""
    file = StatusFile(tmp_path)
    file.write({"beat": 1})
    (tmp_path / NAME).with_suffix(".tmp").write_text('{"beat"', encoding="utf-8")
    assert read_status(tmp_path) == {"beat": 1}
    file.write({"beat": 2})
    assert read_status(tmp_path) == {"beat": 2}


def test_a_folder_that_is_gone_is_no_error(tmp_path: Path) -> None:
    """A disk that cannot be written is no reason to stop importing."""
    StatusFile(tmp_path / "nowhere").write({"jobs": []})
    assert read_status(tmp_path / "nowhere") is None


def test_the_first_write_that_fails_is_told(tmp_path: Path) -> None:
    """Once; and once more when it begins anew."""
    told: list[str] = []
    file = StatusFile(tmp_path / "state", told.append)
    for _ in range(3):
        file.write({})
    assert len(told) == 1
    assert str(tmp_path / "state" / NAME) in told[0]

    (tmp_path / "state").mkdir()
    file.write({})
    shutil.rmtree(tmp_path / "state")
    file.write({})
    assert len(told) == 2


def test_any_text_can_be_written(tmp_path: Path) -> None:
    """Names that are not text at all, as some senders give them, are no error."""
    StatusFile(tmp_path).write({"path": "contacts/\udcff \N{SNOWMAN}.csv"})
    assert read_status(tmp_path) == {"path": "contacts/\udcff \N{SNOWMAN}.csv"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", json.dumps("x").encode()])
def test_what_cannot_be_read_is_nothing(tmp_path: Path, content: bytes) -> None:
    """A file that is empty, cut or none of ours is as good as none."""
    (tmp_path / NAME).write_bytes(content)
    assert read_status(tmp_path) is None
