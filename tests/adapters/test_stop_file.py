"""Tests for stopping when a file asks for it."""

from pathlib import Path
from threading import Event

from dropbox_agent.adapters.stop_file import NAME, StopFile, ask_to_stop

DEADLINE_SECONDS = 30.0


def test_the_file_asks_for_a_stop_and_is_removed(tmp_path: Path) -> None:
    """So that the next start does not stop at once."""
    stopped = Event()
    with StopFile(tmp_path).watched(stopped.set):
        ask_to_stop(tmp_path)
        assert stopped.wait(DEADLINE_SECONDS)
    assert not (tmp_path / NAME).exists()


def test_an_old_request_is_for_nobody(tmp_path: Path) -> None:
    """The agent that it was meant for has ended."""
    ask_to_stop(tmp_path)
    stopped = Event()
    with StopFile(tmp_path).watched(stopped.set):
        assert not (tmp_path / NAME).exists()
    assert not stopped.is_set()


def test_a_request_that_comes_while_the_agent_starts_counts(tmp_path: Path) -> None:
    """It came after the agent began, so it was meant for this one."""
    stop_file = StopFile(tmp_path)
    ask_to_stop(tmp_path)
    stopped = Event()
    with stop_file.watched(stopped.set):
        assert stopped.wait(DEADLINE_SECONDS)


def test_nothing_watches_after_the_block(tmp_path: Path) -> None:
    """A request is left for the next agent to remove."""
    stopped = Event()
    with StopFile(tmp_path).watched(stopped.set):
        pass
    ask_to_stop(tmp_path)
    assert not stopped.is_set()
    assert (tmp_path / NAME).exists()
