"""A lock whose file is taken away keeps nobody away any more."""

import shutil
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.lock import HOLDER_NAME, LOCK_NAME, HomeLock
from dropbox_agent.errors import TryLater

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="a file that is locked cannot be taken away there"
)


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """A state folder."""
    folder = tmp_path / "state"
    folder.mkdir()
    return folder


def remove(state: Path) -> None:
    """Remove the folder with all that is in it."""
    shutil.rmtree(state)


def replace(state: Path) -> None:
    """Put another folder in its place, with a lock file of its own."""
    state.rename(state.with_name("old"))
    state.mkdir()
    (state / LOCK_NAME).touch()


def remove_lock(state: Path) -> None:
    """Remove nothing but the lock file."""
    (state / LOCK_NAME).unlink()


def restore(state: Path) -> None:
    """Copy the folder back from a backup."""
    shutil.copytree(state, state.with_name("backup"))
    shutil.rmtree(state)
    shutil.copytree(state.with_name("backup"), state)


@pytest.mark.parametrize("meddle", [remove, replace, remove_lock, restore])
def test_a_lock_that_was_taken_away_is_noticed(state: Path, meddle: object) -> None:
    """Another agent could have started by then."""
    with HomeLock(state) as lock:
        lock.need_ours()
        assert callable(meddle)
        meddle(state)
        with pytest.raises(TryLater, match="removed or replaced") as caught:
            lock.need_ours()
    assert (caught.value.code, caught.value.exit_code) == ("state-replaced", 75)
    assert str(state) in caught.value.message


def test_what_else_happens_in_the_folder_does_not_matter(state: Path) -> None:
    """Only the lock file itself counts."""
    with HomeLock(state) as lock:
        (state / HOLDER_NAME).unlink()
        (state / "journal").write_bytes(b"x")
        lock.need_ours()
        state.rename(state.with_name("moved"))
        state.with_name("moved").rename(state)
        lock.need_ours()


def test_a_lock_is_ours_again_after_another_start(state: Path) -> None:
    """Nothing of the lost one stands in the way."""
    with HomeLock(state) as lost:
        remove(state)
        state.mkdir()
        with HomeLock(state) as lock:
            lock.need_ours()
            with pytest.raises(TryLater):
                lost.need_ours()
