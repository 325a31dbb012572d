"""What is said to be written reaches the disk: the calls that make it so, seen from below."""

import errno
import os
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import Disk

CONTENT = b"_email\r\nann@example.com\r\n" * 50_000


class Below:
    """The operating system's sync, with a record of what was synced.

    Attributes:
        synced: What each synced file or folder was, and how much was in it at that moment.
        error: What the next sync ends with.
    """

    def __init__(self) -> None:
        self.synced: list[tuple[int, int]] = []
        self.error: OSError | None = None
        self._sync = os.fsync

    def __call__(self, descriptor: int) -> None:
        """Sync, or fail."""
        found = os.fstat(descriptor)
        self.synced.append((found.st_ino, found.st_size))
        error, self.error = self.error, None
        if error:
            raise error
        self._sync(descriptor)


@pytest.fixture
def below(monkeypatch: pytest.MonkeyPatch) -> Below:
    """Take note of every sync."""
    below = Below()
    monkeypatch.setattr(os, "fsync", below)
    return below


def test_a_written_file_is_synced_when_all_of_it_is_written(tmp_path: Path, below: Below) -> None:
    """Not before the last byte: what comes after a sync may be lost."""
    path = tmp_path / "report.json"
    Disk().write(path, [CONTENT, b"the end"])
    assert below.synced == [(path.stat().st_ino, len(CONTENT) + 7)]


def test_a_copy_is_synced_when_all_of_it_is_written(tmp_path: Path, below: Below) -> None:
    """The source is removed after that, so nothing may be missing."""
    (tmp_path / "payload.csv").write_bytes(CONTENT)
    Disk().copy(tmp_path / "payload.csv", tmp_path / "copy")
    assert below.synced == [((tmp_path / "copy").stat().st_ino, len(CONTENT))]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps folders by itself")
def test_a_folder_is_synced(tmp_path: Path, below: Below) -> None:
    """The folder itself, so that the names in it are kept."""
    Disk().sync_folder(tmp_path)
    assert [inode for inode, _ in below.synced] == [tmp_path.stat().st_ino]


def test_a_file_that_could_not_be_synced_is_written_anew(tmp_path: Path, below: Below) -> None:
    """After a failed sync the system may have dropped the data: only a new file is trusted."""
    path = tmp_path / "report.json"
    below.error = OSError(errno.EIO, "Input/output error")
    with pytest.raises(OSError, match="Input/output"):
        Disk().write(path, [CONTENT])
    with path.open("rb"):  # so that its place is not given to the new one
        Disk().write(path, [CONTENT])
    (failed, _), (written, _) = below.synced
    assert failed != written
    assert path.stat().st_ino == written
