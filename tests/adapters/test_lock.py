"""Tests for the lock that keeps a second agent away."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from dropbox_agent.adapters.lock import HOLDER_NAME, LOCK_NAME, Holder, HomeLock, who_runs
from dropbox_agent.errors import AlreadyRunning, BadConfiguration
from tests.mountings import mounted

HOLD = """
import sys
from pathlib import Path
from dropbox_agent.adapters.lock import HomeLock
with HomeLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def another_agent(state: Path) -> Iterator[subprocess.Popen[str]]:
    """Have another process hold the lock."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", HOLD, str(state)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process


def test_nobody_runs_where_no_agent_ever_ran(tmp_path: Path) -> None:
    """Asking who runs leaves an untouched folder untouched."""
    assert who_runs(tmp_path) is None
    assert who_runs(tmp_path / "missing") is None
    assert list(tmp_path.iterdir()) == []


def test_the_holder_is_named_while_the_block_runs(tmp_path: Path) -> None:
    """Whoever asks learns the process, the host and the time, and afterwards that nobody runs."""
    with HomeLock(tmp_path):
        holder = who_runs(tmp_path)
    assert holder is not None
    assert holder.pid == os.getpid()
    assert holder.host
    assert datetime.fromisoformat(holder.since or "").tzinfo
    assert who_runs(tmp_path) is None


def test_a_second_agent_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    """A second start fails with exit code 79 and names the process that works there."""
    with another_agent(tmp_path) as other:
        with pytest.raises(AlreadyRunning, match=f"process {other.pid} on .*, since 20") as told:
            HomeLock(tmp_path).__enter__()
        assert told.value.exit_code == 79
        assert told.value.code == "already-running"


def test_two_locks_in_one_process_exclude_each_other(tmp_path: Path) -> None:
    """The lock belongs to the object that took it, not to the process."""
    with HomeLock(tmp_path), pytest.raises(AlreadyRunning):
        HomeLock(tmp_path).__enter__()


def test_a_killed_agent_leaves_no_lock(tmp_path: Path) -> None:
    """After kill -9 the next agent starts, whatever the dead one's note says."""
    with another_agent(tmp_path) as other:
        other.kill()
        other.wait()
    assert (tmp_path / HOLDER_NAME).exists()
    assert who_runs(tmp_path) is None
    with HomeLock(tmp_path):
        holder = who_runs(tmp_path)
    assert holder is not None
    assert holder.pid == os.getpid()


def test_asking_does_not_keep_an_agent_from_starting(tmp_path: Path) -> None:
    """The lock is free again as soon as the question is answered."""
    (tmp_path / LOCK_NAME).touch()
    assert who_runs(tmp_path) is None
    with HomeLock(tmp_path):
        pass


def test_on_a_file_system_that_can_only_be_read_it_is_still_known_who_runs(tmp_path: Path) -> None:
    """A disk with faults becomes such a one under the agent; then people want to know."""
    state, seen = tmp_path / "state", tmp_path / "seen"
    state.mkdir()
    seen.mkdir()
    with another_agent(state) as other, mounted(seen, "--bind", "-o", "ro", state):
        holder = who_runs(seen)
        assert holder is not None
        assert holder.pid == other.pid
        other.kill()
        other.wait()
        assert who_runs(seen) is None
        with pytest.raises(BadConfiguration, match="can only be read") as told:
            HomeLock(seen).__enter__()
        assert told.value.code == "state-read-only"


@pytest.mark.parametrize("note", ["", "{", "[]", '{"pid": "x"}', json.dumps({"pid": 1})])
def test_a_broken_note_only_hides_who_it_is(tmp_path: Path, note: str) -> None:
    """The lock decides; a note that cannot be read leaves the holder without a name."""
    with HomeLock(tmp_path):
        (tmp_path / HOLDER_NAME).write_text(note, encoding="utf-8")
        holder = who_runs(tmp_path)
    assert holder == Holder()
    assert str(holder) == "a process"


def test_a_note_that_cannot_be_written_does_not_stop_the_agent(tmp_path: Path) -> None:
    """The note is for people; the agent works without it."""
    (tmp_path / HOLDER_NAME).mkdir()
    with HomeLock(tmp_path):
        assert who_runs(tmp_path) == Holder()


def test_a_state_folder_that_is_a_file_is_a_configuration_error(tmp_path: Path) -> None:
    """The message names the folder and the setting to change."""
    wrong = tmp_path / "state"
    wrong.write_bytes(b"")
    with pytest.raises(BadConfiguration, match="state") as told:
        HomeLock(wrong).__enter__()
    assert "AGENT_STATE" in told.value.hint
