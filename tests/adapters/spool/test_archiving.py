"""Archiving: payload, rows to fix and report at their final place, whatever comes in between."""

import errno
import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import CLAIMED, DiskSpool, Folders
from dropbox_agent.adapters.spool.archive import Archive
from dropbox_agent.core.job import Job, JobId, Outcome, Stage
from dropbox_agent.core.mending import Refusals, Refused
from dropbox_agent.core.naming import stem
from dropbox_agent.core.sighting import Writer
from tests.crashes import Crash, Fuse, FusedDisk, QuickDisk
from tests.jobs import job_at, new_job

CONTENT = b"_email,_name\nann@example.com,Ann\nbob@example.com,Bob\n"
REPORT = {"schema": "1", "name": "Böb"}
REFUSED = Refused((Refusals(("_email",), {("bob@example.com",): "No such mailbox"}),))
Claim = Callable[[str, bytes], Path]
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="no such files there")


def judged(outcome: Outcome = Outcome.IMPORTED, name: str = "people.csv") -> Job:
    """Make a job whose final name is decided."""
    job = new_job(name=name)
    at = job_at(Stage.JUDGED, job)
    return replace(at, id=JobId("c1"), outcome=outcome, stem=stem(job.received_at, job.id, name))


def file_all(spool: DiskSpool, job: Job) -> None:
    """Do everything that filing does, as the agent does it."""
    spool.archive(job)
    spool.write_rows_to_fix(job, REFUSED)
    spool.write_report(job, REPORT)
    spool.clear(job.id)


def tree(root: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    ours = {"home.txt", "inbox.json"}
    found = (path for path in sorted(root.rglob("*")) if path.name not in ours)
    files = (path for path in found if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize(
    ("outcome", "root"),
    [
        (Outcome.IMPORTED, "processed"),
        (Outcome.PARTIAL, "processed"),
        (Outcome.DUPLICATE, "processed"),
        (Outcome.REJECTED, "failed"),
        (Outcome.FAILED, "failed"),
    ],
)
def test_the_outcome_names_the_folder(
    tmp_path: Path, spool: DiskSpool, claim: Claim, outcome: Outcome, root: str
) -> None:
    """Payload and report of a job lie side by side where its outcome belongs."""
    claim("people.csv", CONTENT)
    job = judged(outcome)
    spool.archive(job)
    spool.write_report(job, REPORT)
    place = f"{root}/contacts/20260115T120000Z-c1-people"
    assert tree(tmp_path) == {
        f"{place}.csv": CONTENT,
        f"{place}.report.json": (json.dumps(REPORT, indent=2, ensure_ascii=False) + "\n").encode(),
    }
    assert spool.is_archived(job)


def test_rows_to_fix_lie_beside_the_payload(
    folders: Folders, spool: DiskSpool, claim: Claim
) -> None:
    """The refused rows come from the archived file, with line and reason."""
    claim("people.csv", CONTENT)
    job = judged(Outcome.PARTIAL)
    spool.archive(job)
    spool.write_rows_to_fix(job, REFUSED)
    assert (folders.processed / "contacts" / f"{job.stem}.errors.csv").read_bytes() == (
        b"_email,_name,_line,_error\r\nbob@example.com,Bob,3,No such mailbox\r\n"
    )


def test_archiving_twice_changes_nothing(tmp_path: Path, spool: DiskSpool, claim: Claim) -> None:
    """After an interruption everything may be done once more."""
    claim("people.csv", CONTENT)
    job = judged()
    file_all(spool, job)
    before = tree(tmp_path)
    file_all(spool, job)
    assert tree(tmp_path) == before


def test_another_mount_gets_a_copy(
    tmp_path: Path, folders: Folders, spool: DiskSpool, disk: QuickDisk, claim: Claim
) -> None:
    """Where a rename is impossible the file is copied whole, and only then removed."""
    disk.mounts = (folders.processed,)
    payload = claim("people.csv", CONTENT)
    file_all(spool, judged())
    assert not payload.exists()
    assert tree(tmp_path)["processed/contacts/20260115T120000Z-c1-people.csv"] == CONTENT
    assert not [name for name in tree(tmp_path) if "tmp" in name]


@posix_only
def test_what_goes_by_another_name_too_gets_a_copy(
    tmp_path: Path, folders: Folders, spool: DiskSpool, claim: Claim
) -> None:
    """A sender who has linked the file in, and writes to his own, changes nothing that is filed."""
    payload = claim("people.csv", CONTENT)
    other = tmp_path / "other.csv"
    os.link(payload, other)
    file_all(spool, judged())
    other.write_bytes(b"changed")
    assert not payload.exists()
    archived = folders.processed / "contacts" / "20260115T120000Z-c1-people.csv"
    assert archived.read_bytes() == CONTENT


def test_a_copy_that_differs_is_not_kept(folders: Folders, claim: Claim) -> None:
    """A share that garbles what is written to it does not cost the file."""

    class GarblingDisk(QuickDisk):
        def copy(self, source: Path, target: Path) -> None:
            super().copy(source, target)
            target.write_bytes(b"?" + target.read_bytes()[1:])

    disk = GarblingDisk()
    disk.mounts = (folders.processed,)
    payload = claim("people.csv", CONTENT)
    spool = DiskSpool(folders, disk, lambda _: Writer.FREE)
    with pytest.raises(OSError, match="differs") as caught:
        spool.archive(judged())
    assert caught.value.errno == errno.EIO
    assert payload.read_bytes() == CONTENT
    assert tree(folders.processed) == {}


@pytest.mark.parametrize("apart", [False, True], ids=["one mount", "another mount"])
@pytest.mark.parametrize(
    "error", [Crash(), OSError(errno.ENOSPC, "No space left on device")], ids=["crash", "full"]
)
def test_an_interruption_anywhere_leads_to_the_same_end(
    tmp_path: Path,
    error: BaseException,
    *,
    apart: bool,
) -> None:
    """Interrupted at any change and done once more, filing ends as if nothing had happened."""
    undisturbed = _interrupted(tmp_path / "undisturbed", None, error, apart=apart)
    assert len(tree(tmp_path / "undisturbed")) == 3
    for at in range(len(undisturbed)):
        root = tmp_path / str(at)
        _interrupted(root, at, error, apart=apart)
        assert tree(root) == tree(tmp_path / "undisturbed"), undisturbed[at]


def _interrupted(root: Path, at: int | None, error: BaseException, *, apart: bool) -> list[str]:
    """File a job, interrupted once at a point and then repeated; return the points passed."""
    folders = Folders(root / "inbox", root / "processed", root / "failed", root / "state")
    for folder in folders.all():
        folder.mkdir(parents=True)
    fuse = Fuse()
    disk = FusedDisk(fuse)
    disk.mounts = (folders.processed,) if apart else ()
    spool = DiskSpool(folders, disk, lambda _: Writer.FREE)
    (folders.inbox / CLAIMED / "c1").mkdir(parents=True)
    (folders.inbox / CLAIMED / "c1" / "people.csv").write_bytes(CONTENT)
    if at is None:
        file_all(spool, judged())
        return fuse.points
    fuse.blow(at, error)
    with pytest.raises(type(error)):
        file_all(spool, judged())
    there = tree(root)
    assert CONTENT in there.values()
    for name in there:
        if name.endswith(".report.json"):  # then it is whole, with payload and rows beside it
            assert json.loads(there[name]) == REPORT
            assert len(there) == 3
    file_all(spool, judged())
    return fuse.points


def test_a_payload_that_was_taken_away_is_no_error(spool: DiskSpool) -> None:
    """There is nothing to move then, and the report can say so."""
    job = judged(Outcome.FAILED)
    spool.archive(job)
    assert not spool.is_archived(job)


def test_a_stray_among_the_claims_never_replaces_the_archived_file(
    folders: Folders, spool: DiskSpool, claim: Claim
) -> None:
    """What a desktop leaves in a claim folder does not cost the file when filing is repeated."""
    payload = claim("people.csv", CONTENT)
    job = judged()
    spool.archive(job)
    (payload.parent / "Thumbs.db").write_bytes(b"not the file")
    spool.archive(job)
    assert (folders.processed / "contacts" / f"{job.stem}.csv").read_bytes() == CONTENT


def test_a_missing_archive_folder_is_an_error(
    folders: Folders, spool: DiskSpool, claim: Claim
) -> None:
    """An archive that is not mounted keeps the file in the claims."""
    payload = claim("people.csv", CONTENT)
    (folders.processed / "contacts").rmdir()
    with pytest.raises(FileNotFoundError):
        spool.archive(judged())
    assert payload.exists()


def test_a_job_that_is_not_judged_has_no_place(spool: DiskSpool, claim: Claim) -> None:
    """Filing before judging would be a bug of ours, and says so."""
    claim("people.csv", CONTENT)
    with pytest.raises(ValueError, match="not judged"):
        spool.archive(new_job())


@posix_only
@pytest.mark.parametrize(
    "name",
    [
        "two\nlines.csv",
        "-rf.csv",
        "a" * 251 + ".csv",
        "\N{BLACK HEART SUIT}" * 83 + "a.csv",
        os.fsdecode(b"\xff\xfe.csv"),
        "a\\..\\up.csv",
        "CON.csv",
        " .csv",
        "\u202egpj.csv",
    ],
    ids=["newline", "dash", "long", "long letters", "bytes", "up", "device", "space", "backwards"],
)
def test_odd_names_stay_in_their_folder(
    tmp_path: Path, folders: Folders, spool: DiskSpool, claim: Claim, name: str
) -> None:
    """Whatever the sender calls a file, all three files of its job get names that can be had."""
    claim(name, CONTENT)
    job = judged(name=name)
    file_all(spool, job)
    archived = [path.name for path in (folders.processed / "contacts").iterdir()]
    assert len(archived) == len(tree(tmp_path)) == 3
    for each in archived:
        assert each.isprintable()
        assert each.startswith("20260115T120000Z-c1-")
        assert len(each.encode()) <= 255


def test_there_are_no_rows_to_fix_of_what_was_never_checked(
    folders: Folders, disk: QuickDisk
) -> None:
    """Nobody knows its columns; asking for it is a bug of ours, and makes no file."""
    job = replace(new_job(), outcome=Outcome.FAILED, stem="20260115T120000Z-c1-people")
    archive = Archive(folders.processed, folders.failed, disk)
    with pytest.raises(ValueError, match="never checked"):
        archive.write_rows_to_fix(job, folders.inbox, Refused())
    assert list((folders.failed / "contacts").iterdir()) == []
