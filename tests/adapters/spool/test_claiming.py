"""Claiming: one atomic move, of exactly the file that had settled."""

import errno
import os
import shutil
import stat
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import CLAIMED, Disk, DiskSpool, Folders
from dropbox_agent.core.job import Job, JobId
from dropbox_agent.core.sighting import Sighting, Writer
from tests.adapters.spool.looking import seen_by
from tests.crashes import QuickDisk
from tests.jobs import NOON

JOB = JobId("c1")
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="no such files there")


class ToldDisk(Disk):
    """The real disk, which keeps a list of what it did."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []

    def move(self, source: Path, target: Path) -> None:
        """Rename a file."""
        super().move(source, target)
        self.told.append(("move", source.name))

    def sync_folder(self, path: Path) -> None:
        """Sync a folder."""
        super().sync_folder(path)
        self.told.append(("sync", path.name))


class HastyDisk(QuickDisk):
    """A disk on which a sender replaces a file in the instant before it is moved.

    Attributes:
        files: What it is replaced with, one after another.
    """

    def __init__(self, *files: bytes) -> None:
        self.files = [*files]

    def move(self, source: Path, target: Path) -> None:
        """Rename what is there by then; a second file comes as soon as the name is free."""
        self._replace(source)
        super().move(source, target)
        self._replace(source)

    def _replace(self, path: Path) -> None:
        if self.files:
            path.with_name("new").write_bytes(self.files.pop(0))
            path.with_name("new").replace(path)


@pytest.fixture
def seen(folders: Folders, spool: DiskSpool) -> Sighting:
    """A drop that has settled."""
    (folders.inbox / "contacts" / "people.csv").write_bytes(b"_email\nann@example.com\n")
    (seen,) = seen_by(spool)
    return seen


def test_a_claim_moves_the_file_into_the_folder_of_the_job(
    folders: Folders, spool: DiskSpool, seen: Sighting
) -> None:
    """The payload keeps its name and its bytes, and is gone from the inbox."""
    spool.claim(seen, JOB)
    assert spool.payload(JOB) == folders.inbox / CLAIMED / JOB / "people.csv"
    assert spool.payload(JOB).read_bytes() == b"_email\nann@example.com\n"
    assert seen_by(spool) == []
    assert spool.claimed() == [JOB]
    assert spool.claimed_name(JOB) == "people.csv"


def test_a_claim_is_durable_the_new_name_first(folders: Folders, seen: Sighting) -> None:
    """A power cut after a claim may leave both names, but never none: new folders are synced."""
    disk = ToldDisk()
    spool = DiskSpool(folders, disk, lambda _: Writer.FREE)
    spool.prepare()
    spool.claim(seen, JOB)
    assert disk.told == [
        ("sync", "inbox"),
        ("move", "people.csv"),
        ("sync", JOB),
        ("sync", CLAIMED),
        ("sync", "contacts"),
    ]


@posix_only
def test_claims_are_for_the_agent_alone(folders: Folders, spool: DiskSpool, seen: Sighting) -> None:
    """Senders cannot reach into the claims."""
    spool.claim(seen, JOB)
    for folder in (folders.inbox / CLAIMED, folders.inbox / CLAIMED / JOB):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_was_replaced_is_not_claimed(
    folders: Folders, spool: DiskSpool, seen: Sighting
) -> None:
    """Another file of the same name has not settled, however alike it is."""
    path = folders.inbox / seen.path
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    other.replace(path)
    with pytest.raises(FileNotFoundError):
        spool.claim(seen, JOB)
    assert path.exists()
    assert spool.claimed() == []


def test_a_file_that_has_grown_is_not_claimed(
    folders: Folders, spool: DiskSpool, seen: Sighting
) -> None:
    """Its sender has come back to it."""
    with (folders.inbox / seen.path).open("ab") as file:
        file.write(b"bob@example.com\n")
    with pytest.raises(FileNotFoundError):
        spool.claim(seen, JOB)
    assert (folders.inbox / seen.path).exists()


@posix_only
def test_a_file_replaced_by_a_link_is_not_claimed(
    tmp_path: Path, folders: Folders, spool: DiskSpool, seen: Sighting
) -> None:
    """A link put into the place of the drop is not followed."""
    secret = tmp_path / "secret"
    secret.write_bytes((folders.inbox / seen.path).read_bytes())
    (folders.inbox / seen.path).unlink()
    (folders.inbox / seen.path).symlink_to(secret)
    with pytest.raises(FileNotFoundError):
        spool.claim(seen, JOB)
    assert secret.exists()


@pytest.mark.parametrize("content", [b"_em", b"_email\nbob@example.com\n"], ids=["part", "whole"])
def test_a_file_that_is_replaced_while_it_is_claimed_goes_back(
    folders: Folders, seen: Sighting, content: bytes
) -> None:
    """The other file may still be written, so it has to settle where it is."""
    spool = DiskSpool(folders, HastyDisk(content), lambda _: Writer.FREE)
    spool.prepare()
    with pytest.raises(FileNotFoundError):
        spool.claim(seen, JOB)
    assert (folders.inbox / seen.path).read_bytes() == content
    assert spool.claimed() == []


def test_a_file_that_was_claimed_by_mistake_never_replaces_a_newer_one(
    folders: Folders, seen: Sighting
) -> None:
    """Where it cannot go back it stays claimed; neither is lost."""
    spool = DiskSpool(folders, HastyDisk(b"second", b"third"), lambda _: Writer.FREE)
    spool.prepare()
    with pytest.raises(FileExistsError):
        spool.claim(seen, JOB)
    assert (folders.inbox / seen.path).read_bytes() == b"third"
    assert spool.payload(JOB).read_bytes() == b"second"
    assert spool.claimed() == [JOB]


def test_a_share_that_numbers_moved_files_anew_is_none_that_replaces_them(
    folders: Folders, seen: Sighting
) -> None:
    """The size and the time of the last change are still those of the file that had settled."""

    class RenumberingDisk(QuickDisk):
        def move(self, source: Path, target: Path) -> None:
            shutil.copy2(source, target)
            source.unlink()

    spool = DiskSpool(folders, RenumberingDisk(), lambda _: Writer.FREE)
    spool.prepare()
    spool.claim(seen, JOB)
    assert spool.claimed() == [JOB]


def test_a_file_that_is_gone_is_not_claimed(
    folders: Folders, spool: DiskSpool, seen: Sighting
) -> None:
    """Its sender took it back."""
    (folders.inbox / seen.path).unlink()
    with pytest.raises(FileNotFoundError):
        spool.claim(seen, JOB)


def test_a_claim_never_replaces_a_payload(
    folders: Folders, spool: DiskSpool, seen: Sighting
) -> None:
    """Two jobs of one id would be a bug of ours; it must not cost a file."""
    spool.claim(seen, JOB)
    (folders.inbox / seen.path).write_bytes(b"another")
    (again,) = seen_by(spool)
    with pytest.raises(FileExistsError):
        spool.claim(again, JOB)
    assert spool.payload(JOB).read_bytes() == b"_email\nann@example.com\n"
    assert (folders.inbox / seen.path).read_bytes() == b"another"


@posix_only
@pytest.mark.parametrize(
    "name",
    ["two\nlines.csv", "-rf.csv", "a" * 251 + ".csv", os.fsdecode(b"\xff\xfe.csv"), " .csv"],
    ids=["newline", "dash", "255 bytes", "bytes", "space"],
)
def test_odd_names_are_claimed(folders: Folders, spool: DiskSpool, name: str) -> None:
    """Whatever a file is called, its claim keeps the name to the byte."""
    (folders.inbox / "contacts" / name).write_bytes(b"x")
    (seen,) = seen_by(spool)
    spool.claim(seen, JOB)
    assert spool.claimed_name(JOB) == name
    assert spool.payload(JOB).read_bytes() == b"x"


def test_a_change_of_the_payload_shows(spool: DiskSpool, seen: Sighting) -> None:
    """Somebody who still writes to a claimed file changes its fingerprint."""
    spool.claim(seen, JOB)
    before = spool.fingerprint(JOB)
    assert spool.fingerprint(JOB) == before
    with spool.payload(JOB).open("ab") as file:
        file.write(b"x")
    assert spool.fingerprint(JOB) != before


def test_a_payload_that_is_not_there_is_an_error(spool: DiskSpool) -> None:
    """It is named in the error, whether its folder exists or not."""
    for question in (spool.payload, spool.fingerprint, spool.claimed_name, spool.is_being_written):
        with pytest.raises(FileNotFoundError) as caught:
            question(JOB)
        assert caught.value.errno == errno.ENOENT
        assert JOB in str(caught.value.filename)


def test_a_folder_that_is_away_says_nothing_about_its_payloads(folders: Folders) -> None:
    """Also where no mark tells which inbox to expect, nobody is told that a file is missing."""
    spool = DiskSpool(folders, QuickDisk(), lambda _: Writer.FREE)
    for ask in (spool.claimed, lambda: spool.payload(JOB)):
        with pytest.raises(OSError, match="away") as caught:
            ask()
        assert caught.value.errno == errno.ENODEV


def test_claims_are_listed_in_their_order(folders: Folders, spool: DiskSpool) -> None:
    """Also without a journal the order of arrival is known."""
    for number, job_id in enumerate(("c9", "c1", "c5")):
        (folders.inbox / "contacts" / f"{number}.csv").write_bytes(b"x")
        (seen,) = seen_by(spool)
        spool.claim(seen, JobId(job_id))
        os.utime(folders.inbox / CLAIMED / job_id, (number, number))
    assert spool.claimed() == ["c9", "c1", "c5"]


def test_what_is_no_claim_is_not_listed(folders: Folders, spool: DiskSpool) -> None:
    """Files and empty folders among the claims are no jobs."""
    (folders.inbox / CLAIMED / "desktop.ini").write_bytes(b"")
    (folders.inbox / CLAIMED / "empty").mkdir()
    assert spool.claimed() == []


def test_clearing_leaves_a_payload_alone(spool: DiskSpool, seen: Sighting) -> None:
    """Only an empty claim folder is removed, and a missing one is no error."""
    spool.claim(seen, JOB)
    folder = spool.payload(JOB).parent
    spool.clear(JOB)
    assert spool.claimed() == [JOB]
    spool.payload(JOB).unlink()
    spool.clear(JOB)
    spool.clear(JOB)
    assert not folder.exists()


@pytest.fixture
def claimed(spool: DiskSpool, seen: Sighting) -> Job:
    """The job of a drop that was just claimed."""
    spool.claim(seen, JOB)
    return Job.claimed(JOB, seen.kind, seen.name, folder=None, size=seen.size, at=NOON)


def test_the_name_that_a_power_cut_has_left_in_the_inbox_is_removed(
    folders: Folders, spool: DiskSpool, claimed: Job
) -> None:
    """A move of which only the new name was kept durably leaves both; ours is the claimed one."""
    (folders.inbox / "contacts" / claimed.name).hardlink_to(spool.payload(JOB))
    spool.finish_claims([claimed])
    assert seen_by(spool) == []
    assert spool.payload(JOB).read_bytes() == b"_email\nann@example.com\n"


def test_a_new_drop_of_the_same_name_is_no_leftover_of_a_claim(
    folders: Folders, spool: DiskSpool, claimed: Job
) -> None:
    """Not even one with the same bytes: senders may drop a file twice."""
    dropped = folders.inbox / "contacts" / claimed.name
    dropped.write_bytes(spool.payload(JOB).read_bytes())
    spool.finish_claims([claimed])
    assert dropped.exists()
    assert spool.claimed() == [JOB]


@posix_only
@pytest.mark.parametrize("target", ["nowhere", "people.csv", "../.claimed/c1/people.csv"])
def test_a_link_of_the_same_name_is_no_leftover_of_a_claim(
    folders: Folders, spool: DiskSpool, claimed: Job, target: str
) -> None:
    """Wherever it leads, even round in a circle: it is somebody's, and hinders no start."""
    link = folders.inbox / "contacts" / claimed.name
    link.symlink_to(target)
    spool.finish_claims([claimed])
    assert link.is_symlink()


def test_what_others_put_beside_a_payload_is_none(folders: Folders, spool: DiskSpool) -> None:
    """A claim in which only the litter of a desktop is left has lost its payload."""
    claim = folders.inbox / CLAIMED / JOB
    claim.mkdir()
    (claim / ".DS_Store").write_bytes(b"x")
    assert spool.claimed() == []
