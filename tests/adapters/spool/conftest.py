"""A spool on real folders."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import DiskSpool, Folders
from dropbox_agent.core.job import JobId
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Writer
from tests.adapters.spool.looking import seen_by
from tests.crashes import QuickDisk

Claim = Callable[[str, bytes], Path]


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    """The folders of a home, all there."""
    folders = Folders(
        tmp_path / "inbox", tmp_path / "processed", tmp_path / "failed", tmp_path / "state"
    )
    for folder in (*folders.all(), folders.state):
        folder.mkdir()
    return folders


@pytest.fixture
def disk() -> QuickDisk:
    """A disk that works."""
    return QuickDisk()


@pytest.fixture
def spool(folders: Folders, disk: QuickDisk) -> DiskSpool:
    """The spool, ready for claims."""
    spool = DiskSpool(folders, disk, lambda _: Writer.FREE)
    spool.prepare()
    return spool


@pytest.fixture
def claim(folders: Folders, spool: DiskSpool) -> Claim:
    """Drop contacts of a name and claim them as job ``c1``; returns the claimed payload."""

    def claim(name: str, content: bytes) -> Path:
        (folders.inbox / Kind.CONTACTS / name).write_bytes(content)
        (seen,) = seen_by(spool)
        spool.claim(seen, JobId("c1"))
        return spool.payload(JobId("c1"))

    return claim
