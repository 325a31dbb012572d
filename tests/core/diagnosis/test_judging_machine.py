"""What is said of room, limits, users and the peculiarities of Windows."""

import pytest

from dropbox_agent.core.diagnosis import Verdict
from dropbox_agent.core.diagnosis.machine import (
    Room,
    of_drives,
    of_long_paths,
    of_open_files,
    of_program,
    of_room,
    of_sync,
    of_user,
)
from dropbox_agent.core.mount import Mount, Reach


@pytest.mark.parametrize(
    ("room", "verdict"),
    [
        (Room(("inbox",), 1_000), Verdict.OK),
        (Room(("inbox",), 149), Verdict.WARNING),
        (Room(("inbox",), 99), Verdict.FAULT),
        (Room(("inbox",), 1_000, has_places=False), Verdict.FAULT),
    ],
)
def test_room_is_needed_for_what_waits_beside_what_stays_free(room: Room, verdict: Verdict) -> None:
    """Below the limit nothing is taken; above it perhaps not the largest."""
    assert of_room(room, min_free=100, largest=50).verdict is verdict


def test_few_open_files_are_told() -> None:
    """Systems without a limit say nothing."""
    assert list(of_open_files(None)) == []
    assert [each.verdict for each in of_open_files(64)] == [Verdict.WARNING]
    assert [each.verdict for each in of_open_files(1024)] == [Verdict.OK]


def test_letters_of_shares_are_faults_and_paths_of_shares_are_not() -> None:
    """A mapped letter exists only for the user who has mapped it."""
    mounts = {
        "Z:\\drop\\inbox": Mount("", Reach.NETWORK, "Z:\\"),
        "\\\\server\\share\\inbox": Mount("", Reach.NETWORK, ""),
        "D:\\drop\\state": Mount("fixed drive", Reach.LOCAL, "D:\\"),
    }
    (found,) = of_drives(mounts)
    assert found.verdict is Verdict.FAULT
    assert found.found.startswith("Z:\\drop\\inbox")


@pytest.mark.parametrize(
    ("folder", "are_enabled", "verdicts"),
    [
        ("C:\\drop\\processed\\contacts", None, []),
        ("C:\\drop\\processed\\contacts", True, [Verdict.OK]),
        ("C:\\drop\\processed\\contacts", False, [Verdict.WARNING]),
        ("C:\\", False, [Verdict.OK]),
    ],
)
def test_long_names_need_long_paths_on_windows(
    *, folder: str, are_enabled: bool | None, verdicts: list[Verdict]
) -> None:
    """Names in the archive may have 255 characters."""
    told = of_long_paths([folder], are_enabled=are_enabled)
    assert [each.verdict for each in told] == verdicts


@pytest.mark.parametrize(
    ("folder", "is_synced"),
    [
        ("C:\\Users\\shop\\OneDrive - Example Ltd\\drop", True),
        ("/home/shop/Dropbox/inbox", True),
        ("/srv/dropbox-agent/inbox", False),
        ("/srv/OneDriveless/inbox", False),
    ],
)
def test_folders_that_are_synced_with_a_cloud_are_told(*, folder: str, is_synced: bool) -> None:
    """Such programs lock and move files."""
    assert bool(list(of_sync([folder]))) is is_synced


@pytest.mark.parametrize(
    ("user", "is_root", "runs_as", "verdict"),
    [
        ("shop", False, None, Verdict.OK),
        ("shop", False, "shop", Verdict.OK),
        ("root", True, None, Verdict.UNKNOWN),
        ("root", True, "root", Verdict.OK),
        ("root", True, "shop", Verdict.WARNING),
    ],
)
def test_what_root_may_says_little_of_what_the_agent_may(
    *, user: str, is_root: bool, runs_as: str | None, verdict: Verdict
) -> None:
    """The way to try as the agent's user is told."""
    found = of_user(user, is_root=is_root, runs_as=runs_as)
    assert found.verdict is verdict
    assert ("--user" in found.mend) is (verdict is not Verdict.OK)


def test_a_program_that_its_user_may_not_read_is_a_fault() -> None:
    """Such as one that root has installed in its own home."""
    assert list(of_program(None, "shop")) == []
    (found,) = of_program("/home/admin/venv/bin", "shop")
    assert found.verdict is Verdict.FAULT
