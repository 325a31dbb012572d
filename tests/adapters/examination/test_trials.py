"""What is tried in folders, and that nothing of it stays behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox_agent.adapters.examination import try_folder, try_move, try_probe, try_sync
from dropbox_agent.adapters.writer_probe import probe
from dropbox_agent.core.diagnosis.folders import Cause, Refusal, Shape
from dropbox_agent.core.dropnames import ignored_by
from dropbox_agent.core.sighting import Writer
from tests.mountings import mounted
from tests.rights import as_nobody, needs_rights, open_folder


@pytest.fixture
def locked() -> Iterator[Path]:
    """Make a folder that only its owner may write to, in one that everybody may enter."""
    with open_folder() as folder:
        made = folder / "locked"
        made.mkdir(mode=0o755)
        yield made


def test_a_folder_that_works_is_left_as_it_was(tmp_path: Path) -> None:
    """All that is made for the try is removed."""
    (tmp_path / "precious.csv").write_bytes(b"code\n")
    facts = try_folder(tmp_path)
    assert (facts.shape, facts.refused, facts.left_behind) == (Shape.FOLDER, None, None)
    assert try_sync(tmp_path) is None
    assert [each.name for each in tmp_path.iterdir()] == ["precious.csv"]


def test_what_is_made_for_a_try_is_no_drop(tmp_path: Path) -> None:
    """Agents leave such names alone."""
    names = []

    def peek(path: Path) -> Writer:
        names.append(path.name)
        return Writer.FREE

    try_probe(tmp_path, peek)
    assert len(names) == 2
    assert all(ignored_by(name) for name in names)


def test_nothing_stays_behind_after_a_surprise(tmp_path: Path) -> None:
    """Whatever breaks a try off."""

    def surprise(_: Path) -> Writer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        try_probe(tmp_path, surprise)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_missing_or_none_is_told(tmp_path: Path) -> None:
    """A file in its place, or in the place of a folder above it, is no folder."""
    (tmp_path / "file").write_bytes(b"")
    assert try_folder(tmp_path / "missing").shape is Shape.MISSING
    assert try_folder(tmp_path / "file").shape is Shape.NO_FOLDER
    assert try_folder(tmp_path / "file" / "below").shape is Shape.NO_FOLDER


@needs_rights
def test_a_folder_that_may_not_be_written_to_is_told(locked: Path) -> None:
    """With what was tried and what the operating system said."""
    with as_nobody():
        refused = try_folder(locked).refused
        assert try_sync(locked) == refused
        assert try_probe(locked, probe).refused == refused
    assert refused == Refusal("make a file", Cause.RIGHTS, "Permission denied")


@needs_rights
def test_a_folder_that_may_not_be_listed_is_told(locked: Path) -> None:
    """A drop box that one may only write to; nothing stays in it."""
    locked.chmod(0o733)
    with as_nobody():
        refused = try_folder(locked).refused
    assert refused == Refusal("list the files", Cause.RIGHTS, "Permission denied")
    assert list(locked.iterdir()) == []


@needs_rights
def test_a_move_into_a_forbidden_folder_leaves_nothing_behind(tmp_path: Path, locked: Path) -> None:
    """Neither here nor there."""
    source = locked.parent / "source"
    source.mkdir()
    source.chmod(0o777)
    with as_nobody():
        refused = try_move(source, locked)
    assert refused == Refusal("rename a file", Cause.RIGHTS, "Permission denied")
    assert [*source.iterdir(), *locked.iterdir(), *tmp_path.iterdir()] == []


def test_a_move_within_a_mount_leaves_nothing_behind(tmp_path: Path) -> None:
    """It is removed at the other end."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert try_move(tmp_path / "a", tmp_path / "b") is None
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "a", tmp_path / "b"]


def test_two_mounts_of_one_disk_are_told_apart(tmp_path: Path) -> None:
    """Their device is the same, and still nothing can be renamed from one to the other."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with mounted(tmp_path / "a", "--bind", tmp_path / "a"):
        assert (tmp_path / "a").stat().st_dev == (tmp_path / "b").stat().st_dev
        refused = try_move(tmp_path / "a", tmp_path / "b")
    assert refused is not None
    assert refused.cause is Cause.OTHER_MOUNT


def test_a_disk_that_is_read_only_or_full_is_told(tmp_path: Path) -> None:
    """Each by its own word."""
    with mounted(tmp_path, "-t", "tmpfs", "-o", "ro", "tmpfs"):
        refused = try_folder(tmp_path).refused
        assert refused is not None
        assert refused.cause is Cause.READ_ONLY
    with mounted(tmp_path, "-t", "tmpfs", "-o", "nr_inodes=1", "tmpfs"):
        refused = try_folder(tmp_path).refused
        assert refused is not None
        assert refused.cause is Cause.FULL
