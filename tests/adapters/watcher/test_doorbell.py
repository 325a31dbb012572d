"""What is done with an event, without any operating system."""

import os
from pathlib import Path

import pytest
from watchdog.events import FileCreatedEvent, FileMovedEvent

from dropbox_agent.adapters.bell import Bell
from dropbox_agent.adapters.watcher.doorbell import MOST_REMEMBERED, Announcements, Doorbell


@pytest.fixture
def announcements() -> Announcements:
    """Nothing was announced yet."""
    return Announcements()


@pytest.fixture
def doorbell(tmp_path: Path, announcements: Announcements) -> Doorbell:
    """A doorbell that only notes."""
    return Doorbell(tmp_path, lambda: None, announcements.note)


@pytest.mark.parametrize(
    ("source", "target", "rings"),
    [
        ("contacts/a.csv", "", True),
        ("contacts/a.part", "contacts/a.csv", True),
        (".claimed/job/a.csv", "contacts/a.csv", True),
        (".claimed-not/a.csv", "", True),
        ("contacts/a.csv", ".claimed/job/a.csv", False),
        (".claimed/job/a.csv", "", False),
        (".claimed/job", "", False),
        (".claimed", "", False),
    ],
)
def test_our_own_moves_do_not_ring(
    tmp_path: Path, announcements: Announcements, source: str, target: str, *, rings: bool
) -> None:
    """Claiming a drop is no news, but a file given back to its inbox is."""
    bell = Bell()
    was, now = (str(tmp_path / path) if path else "" for path in (source, target))
    Doorbell(tmp_path, bell.ring, announcements.note).dispatch(FileMovedEvent(was, now))
    assert bell.wait(0) is rings
    assert announcements.take() == ({target or source} if rings else set())


def test_paths_are_noted_as_listings_show_them(
    tmp_path: Path, doorbell: Doorbell, announcements: Announcements
) -> None:
    """Below the inbox, in the operating system's own spelling, and each once."""
    inside = os.path.join("vouchers", "spring", "a \udcff.csv")  # noqa: PTH118 - it is a text
    for _ in range(3):
        doorbell.dispatch(FileCreatedEvent(f"{tmp_path}{os.sep}{inside}"))
    assert announcements.take() == {inside}
    assert announcements.take() == set()


def test_only_so_much_is_remembered(
    tmp_path: Path, doorbell: Doorbell, announcements: Announcements
) -> None:
    """Beyond that there is no telling what was announced, until the next time."""
    for number in range(2 * MOST_REMEMBERED):
        doorbell.dispatch(FileCreatedEvent(f"{tmp_path}{os.sep}{number}.csv"))
    assert announcements.take() is None
    doorbell.dispatch(FileCreatedEvent(f"{tmp_path}{os.sep}a.csv"))
    assert announcements.take() == {"a.csv"}


def test_a_bell_that_fails_does_no_harm(tmp_path: Path, announcements: Announcements) -> None:
    """An exception here would end the thread that hands out events."""

    def fail() -> None:
        raise RuntimeError("broken bell")

    Doorbell(tmp_path, fail, announcements.note).dispatch(FileCreatedEvent("a.csv"))
    assert announcements.take() == {"a.csv"}
