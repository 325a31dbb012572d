"""What comes between two looks: files that go, folders that are forbidden, strays that stay."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import Disk, DiskSpool, Folders
from dropbox_agent.adapters.spool.inboxes import Inboxes
from dropbox_agent.core.job import JobId, Outcome, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import stem
from dropbox_agent.core.sighting import Writer
from dropbox_agent.errors import TryLater
from tests.crashes import QuickDisk
from tests.jobs import job_at, new_job
from tests.rights import as_nobody, needs_rights, open_folder


def remove_when_asked_for(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let a folder go away in the very moment in which something in it is looked at."""
    look = os.stat

    def remove_and_look(path: str | Path, **options: bool) -> os.stat_result:
        if Path(path) != folder and folder in Path(path).parents:
            monkeypatch.undo()
            shutil.rmtree(folder)
        return look(path, **options)

    monkeypatch.setattr(os, "stat", remove_and_look)


@pytest.mark.parametrize("content", [b"x", b""])
def test_a_file_that_goes_during_the_listing_is_not_seen(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """Senders rename and remove files at any moment; that is no error of the listing."""
    inbox = folders.inbox / "contacts"
    for name in ("one.csv", "two.csv", "three.csv"):
        (inbox / name).write_bytes(content)
    remove_when_asked_for(monkeypatch, inbox)
    assert Inboxes(folders.inbox, QuickDisk()).listing(Kind.CONTACTS).drops == []


def test_a_file_that_goes_during_a_glance_is_not_seen(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only empty files are asked for then: whether they have content yet."""
    inbox = folders.inbox / "contacts"
    (inbox / "one.csv").write_bytes(b"")
    inboxes = Inboxes(folders.inbox, QuickDisk())
    assert len(inboxes.listing(Kind.CONTACTS).drops) == 1
    remove_when_asked_for(monkeypatch, inbox)
    assert inboxes.listing(Kind.CONTACTS, closely=False).drops == []


def test_a_marker_that_goes_during_the_listing_marks_nothing(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its sender has thought better of it."""
    inbox = folders.inbox / "contacts"
    (inbox / "people.csv.done").write_bytes(b"")
    remove_when_asked_for(monkeypatch, inbox)
    inboxes = Inboxes(folders.inbox, QuickDisk(), done_suffix=".done")
    listing = inboxes.listing(Kind.CONTACTS)
    assert (listing.drops, listing.mistakes) == ([], [])


def test_a_set_that_goes_during_the_listing_is_not_seen(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People remove the folder of an old set at any moment; that is no error of the listing."""
    inbox = folders.inbox / "vouchers"
    for name in ("SPRING", "SUMMER"):
        (inbox / name).mkdir()
        (inbox / name / "codes.csv").write_bytes(b"code\n1\n")
    remove_when_asked_for(monkeypatch, inbox)
    assert Inboxes(folders.inbox, QuickDisk()).listing(Kind.VOUCHERS).drops == []


@needs_rights
def test_a_set_that_may_not_be_listed_does_not_hide_the_other_drops() -> None:
    """It is shown as a whole, so that people see why nothing is taken from it."""
    with open_folder() as root:
        folders = Folders(root / "inbox", root / "processed", root / "failed", root / "state")
        for folder in folders.all():
            folder.mkdir()
        closed = folders.inbox / "vouchers" / "SPRING"
        closed.mkdir()
        (folders.inbox / "vouchers" / "codes.csv").write_bytes(b"code\n1\n")
        closed.chmod(0)
        with as_nobody():
            seen = (
                Inboxes(folders.inbox, QuickDisk(), done_suffix=None).listing(Kind.VOUCHERS).drops
            )
        closed.chmod(0o700)
    assert {(each.name, each.regular) for each in seen} == {("SPRING", False), ("codes.csv", True)}


@needs_rights
def test_a_set_that_may_not_be_listed_hinders_no_start() -> None:
    """Claims from other folders are made whole all the same."""
    with open_folder() as root, as_nobody():
        folders = Folders(root / "inbox", root / "processed", root / "failed", root / "state")
        for folder in (*folders.all(), folders.state):
            folder.mkdir()
        spool = DiskSpool(folders, Disk(), lambda _: Writer.FREE)
        spool.prepare()
        (folders.inbox / "vouchers" / "codes.csv").write_bytes(b"code\n1\n")
        (seen,) = spool.listing(Kind.VOUCHERS).drops
        job = new_job(Kind.VOUCHERS, "codes.csv")
        spool.claim(seen, job.id)
        closed = folders.inbox / "vouchers" / "SPRING"
        closed.mkdir(mode=0)
        spool.finish_claims([job])
        closed.chmod(0o700)
        assert spool.claimed() == [job.id]


@needs_rights
def test_a_drop_that_may_not_be_read_is_told_apart() -> None:
    """It is left to its sender, who can give the right to read it."""
    with open_folder() as root:
        folders = Folders(root / "inbox", root / "processed", root / "failed", root / "state")
        for folder in (*folders.all(), folders.state):
            folder.mkdir()
        drop = folders.inbox / "contacts" / "people.csv"
        drop.write_bytes(b"_email\nann@example.com\n")
        spool = DiskSpool(folders, QuickDisk(), lambda _: Writer.FREE)
        spool.prepare()
        (seen,) = spool.listing(Kind.CONTACTS).drops
        drop.chmod(0)
        with as_nobody():
            assert not spool.is_readable(seen)
        drop.chmod(0o644)
        with as_nobody():
            assert spool.is_readable(seen)


def test_another_file_among_the_claims_of_an_archived_job_is_left_alone(
    folders: Folders, spool: DiskSpool
) -> None:
    """Only the very same bytes are taken for what a crash has left; anything else is somebody's."""
    job = new_job()
    job = replace(
        job_at(Stage.JUDGED, job),
        id=JobId("c1"),
        outcome=Outcome.IMPORTED,
        stem=stem(job.received_at, JobId("c1"), job.name),
    )
    (folders.inbox / ".claimed" / "c1").mkdir()
    stray = folders.inbox / ".claimed" / "c1" / "other.csv"
    stray.write_bytes(b"_email\nbob@example.com\n")
    archived = folders.processed / "contacts" / f"{job.stem}.csv"
    archived.write_bytes(b"_email\nann@example.com\n")
    spool.archive(job)
    assert stray.read_bytes() == b"_email\nbob@example.com\n"
    assert archived.read_bytes() == b"_email\nann@example.com\n"


def test_claims_that_cannot_be_reached_are_not_taken_for_none(
    tmp_path: Path, folders: Folders, spool: DiskSpool
) -> None:
    """While a share is away nobody can say which files are claimed."""
    (folders.inbox / ".claimed" / "c1").mkdir()
    (folders.inbox / ".claimed" / "c1" / "people.csv").write_bytes(b"x")
    assert spool.claimed() == ["c1"]
    folders.inbox.rename(tmp_path / "away")
    with pytest.raises(TryLater, match="not available"):
        spool.claimed()
