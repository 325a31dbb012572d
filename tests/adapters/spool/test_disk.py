"""The one place that changes files: each change by itself, on the real disk."""

import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import Disk
from dropbox_agent.adapters.spool import disk as disk_module

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="a rule of POSIX")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with something in it."""
    path = tmp_path / "file"
    path.write_bytes(b"content")
    return path


def test_a_move_takes_the_new_name(tmp_path: Path, file: Path) -> None:
    """The file is under its new name, and no longer under the old one."""
    Disk().move(file, tmp_path / "moved")
    assert (tmp_path / "moved").read_bytes() == b"content"
    assert not file.exists()


def test_a_move_replaces_nothing(tmp_path: Path, file: Path) -> None:
    """A file that is there already is more than an error: it is somebody's."""
    taken = tmp_path / "taken"
    taken.write_bytes(b"other")
    with pytest.raises(FileExistsError):
        Disk().move(file, taken)
    assert (taken.read_bytes(), file.read_bytes()) == (b"other", b"content")


@posix_only
def test_a_move_replaces_no_dangling_link(tmp_path: Path, file: Path) -> None:
    """A link that leads nowhere takes the name as well."""
    (tmp_path / "link").symlink_to("nowhere")
    with pytest.raises(FileExistsError):
        Disk().move(file, tmp_path / "link")
    assert file.exists()


def test_a_copy_is_the_same_bytes(tmp_path: Path, file: Path) -> None:
    """The source stays, and a target that is there is not written over."""
    Disk().copy(file, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == file.read_bytes() == b"content"
    with pytest.raises(FileExistsError):
        Disk().copy(file, tmp_path / "copy")


@posix_only  # elsewhere a file that is open cannot be removed
def test_writing_replaces_an_older_file(file: Path) -> None:
    """The older one is removed and not written over: what could not be synced is let go."""
    with file.open("rb") as before:
        Disk().write(file, [b"new ", b"content"])
        assert before.read() == b"content"
    assert file.read_bytes() == b"new content"


@posix_only
def test_writing_follows_no_link(tmp_path: Path, file: Path) -> None:
    """A link in the place of the file is removed; where it leads nothing changes."""
    link = tmp_path / "link"
    link.symlink_to(file)
    Disk().write(link, [b"new"])
    assert not link.is_symlink()
    assert file.read_bytes() == b"content"


@posix_only
def test_a_file_is_written_with_the_rights_asked_for(tmp_path: Path) -> None:
    """What should be for the agent alone is so from the first byte."""
    Disk().write(tmp_path / "secret", [b"x"], 0o600)
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_write_that_breaks_off_raises(tmp_path: Path) -> None:
    """What the chunks raise comes out; a half written file is left to the caller."""

    def chunks() -> Iterator[bytes]:
        yield b"half"
        raise OSError(errno.EIO, "the source is gone")

    with pytest.raises(OSError, match="the source is gone"):
        Disk().write(tmp_path / "new", chunks())


def test_a_replace_takes_the_place_of_another_file(tmp_path: Path, file: Path) -> None:
    """Readers see the old file or the new one."""
    (tmp_path / "taken").write_bytes(b"other")
    Disk().replace(file, tmp_path / "taken")
    assert (tmp_path / "taken").read_bytes() == b"content"


def test_removing_may_be_repeated(tmp_path: Path, file: Path) -> None:
    """Files and folders that are not there are no error; a full folder is."""
    folder = tmp_path / "folder"
    disk = Disk()
    for _ in range(2):
        disk.remove(file)
        disk.make_folder(folder)
        disk.make_folder(folder)
    (folder / "file").write_bytes(b"")
    with pytest.raises(OSError, match="not empty"):
        disk.remove_folder(folder)
    (folder / "file").unlink()
    disk.remove_folder(folder)
    disk.remove_folder(folder)
    assert not folder.exists()


def test_a_folder_can_be_synced(tmp_path: Path) -> None:
    """It costs a moment and changes nothing; a missing one is an error where it can be told."""
    Disk().sync_folder(tmp_path)
    if sys.platform != "win32":
        with pytest.raises(FileNotFoundError):
            Disk().sync_folder(tmp_path / "gone")


def test_a_file_in_use_is_waited_for_a_little() -> None:
    """On Windows scanners hold new files for a moment; that is no reason to fail."""
    tries: list[int] = []

    def change() -> None:
        tries.append(1)
        if len(tries) == 1:
            error = OSError(errno.EACCES, "in use")
            error.winerror = 32  # type: ignore[attr-defined,unused-ignore]  # only on Windows
            raise error

    disk_module._patiently(change)
    assert len(tries) == 2


def test_other_errors_are_not_waited_for() -> None:
    """A full disk is told at once."""
    tries: list[int] = []

    def change() -> None:
        tries.append(1)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space"):
        disk_module._patiently(change)
    assert len(tries) == 1


def test_a_file_that_stays_in_use_is_told_in_the_end() -> None:
    """After the last pause it is tried once more, and then the error comes out."""
    tries: list[int] = []

    def change() -> None:
        tries.append(1)
        error = OSError(errno.EACCES, "in use")
        error.winerror = 32  # type: ignore[attr-defined,unused-ignore]  # only on Windows
        raise error

    with pytest.raises(OSError, match="in use"):
        disk_module._patiently(change, pauses_seconds=(0.0, 0.0))
    assert len(tries) == 3
