"""``demo`` makes a folder of its own, and leaves alone what is there."""

from pathlib import Path

import pytest

from dropbox_agent.cli.demo import DEMO_HOME, _new_home
from tests.cli.conftest import Command


def test_each_demo_has_a_new_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that a user put into the folder of the one before are the user's."""
    monkeypatch.chdir(tmp_path)
    first = _new_home(None)
    (first / "mine.csv").write_text("mine")
    second = _new_home(None)
    (second / "mine.csv").write_text("mine as well")
    assert [each.name for each in (first, second)] == [DEMO_HOME, f"{DEMO_HOME}-2"]
    assert _new_home(None).name == f"{DEMO_HOME}-3"
    assert (first / "mine.csv").read_text() == "mine"


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path, command: Command) -> None:
    """Also when it is named, nothing in it is touched."""
    (tmp_path / "mine.csv").write_text("mine")
    told = command("demo", "--home", tmp_path)
    assert told.exit_code == 78
    assert [each.name for each in tmp_path.iterdir()] == ["mine.csv"]
