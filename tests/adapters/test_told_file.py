"""Tests for the file that remembers which troubles people have been told of."""

from pathlib import Path

import pytest

from dropbox_agent.adapters.told_file import NAME, ToldFile
from dropbox_agent.core.digest import Topic


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """By another run."""
    told = {Topic.HELD: {"c1": ""}, Topic.PAUSED: {"sending": "2026-01-15 11:45"}}
    ToldFile(tmp_path).write(told)
    assert ToldFile(tmp_path).read() == told


@pytest.mark.parametrize("text", ["", "[]", '{"lost": {}}', '{"held": 1}', "\ud800"])
def test_one_that_cannot_be_read_is_one_that_says_nothing(tmp_path: Path, text: str) -> None:
    """Then what still troubles is told once more."""
    (tmp_path / NAME).write_bytes(text.encode(errors="surrogatepass"))
    assert ToldFile(tmp_path).read() == {}


def test_a_folder_that_cannot_be_written_to_is_no_reason_to_stop(tmp_path: Path) -> None:
    """Nor is one that is not there."""
    ToldFile(tmp_path / "gone").write({Topic.HELD: {"c1": ""}})
    assert ToldFile(tmp_path / "gone").read() == {}
