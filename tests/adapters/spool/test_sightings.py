"""What the listing of the inboxes shows."""

import os
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import DiskSpool, Folders
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Writer
from dropbox_agent.errors import TryLater
from tests.adapters.spool.looking import seen_by
from tests.crashes import QuickDisk

SET = "61fa54f238319b3bf1990fdc"
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="no such files there")


def names(spool: DiskSpool) -> list[str]:
    """List the names of all drops in sight."""
    return sorted(each.name for each in seen_by(spool))


def test_a_drop_is_seen_with_its_kind_and_size(folders: Folders, spool: DiskSpool) -> None:
    """The folder tells the kind, the file its size and identity."""
    path = folders.inbox / "products" / "chairs.csv"
    path.write_bytes(b"12345")
    (seen,) = seen_by(spool)
    assert (seen.kind, seen.folder, seen.name, seen.size) == (Kind.PRODUCTS, None, "chairs.csv", 5)
    assert seen.path == str(Path("products", "chairs.csv"))
    assert seen.regular
    assert seen.inode == path.stat().st_ino


def test_vouchers_are_seen_in_the_folders_of_their_sets(folders: Folders, spool: DiskSpool) -> None:
    """Below vouchers a folder names the set; folders of other kinds are not looked into."""
    for place in (f"vouchers/{SET}", "vouchers/a.csv", f"vouchers/{SET}/deeper", "contacts/sub"):
        (folders.inbox / place).mkdir(parents=True, exist_ok=True)
        (folders.inbox / place / "codes.csv").write_bytes(b"code\n")
    seen = [each for each in seen_by(spool) if each.regular]
    assert [(each.folder, each.name) for each in seen] == [(SET, "codes.csv")]


@pytest.mark.parametrize("name", [".hidden", "@eaDir", "#recycle", "$RECYCLE.BIN", ".claimed"])
def test_folders_of_the_system_are_no_sets(folders: Folders, spool: DiskSpool, name: str) -> None:
    """What storage boxes and desktops put there is not looked into."""
    (folders.inbox / "vouchers" / name).mkdir()
    (folders.inbox / "vouchers" / name / "codes.csv").write_bytes(b"code\n")
    assert names(spool) == []


@pytest.mark.parametrize(
    "name",
    [
        "people.csv.part",
        ".people.csv",
        "people.txt",
        "~$people.csv",
        ".csv",
        "..csv",
        "people.csv~",
    ],
)
def test_names_that_are_no_drops_are_left_alone(
    folders: Folders, spool: DiskSpool, name: str
) -> None:
    """Unfinished transfers, hidden files and other kinds of files are not seen at all."""
    (folders.inbox / "contacts" / name).write_bytes(b"x")
    assert names(spool) == []


def test_the_users_own_patterns_are_left_alone(folders: Folders) -> None:
    """Names that the settings ignore are not seen."""
    spool = DiskSpool(folders, QuickDisk(), lambda _: Writer.FREE, ignore=("test-*",))
    for name in ("test-1.csv", "people.csv"):
        (folders.inbox / "contacts" / name).write_bytes(b"x")
    assert names(spool) == ["people.csv"]


@posix_only
@pytest.mark.parametrize(
    "name",
    [
        "two\nlines.csv",
        "-rf.csv",
        " .csv",
        "bell\a.csv",
        "a" * 251 + ".csv",
        "ÿ.CSV",
        "*.csv",
        "a\\b.csv",
        os.fsdecode(b"\xff\xfe.csv"),
    ],
    ids=["newline", "dash", "space", "bell", "255 bytes", "capitals", "star", "backslash", "bytes"],
)
def test_odd_names_are_seen_as_they_are(folders: Folders, spool: DiskSpool, name: str) -> None:
    """A sender may call a file anything; the listing tells the name unchanged."""
    (folders.inbox / "contacts" / name).write_bytes(b"x")
    assert names(spool) == [name]


@posix_only
def test_what_is_no_plain_file_is_seen_but_not_regular(folders: Folders, spool: DiskSpool) -> None:
    """Links, pipes and folders that are called like drops are told apart, and not opened."""
    inbox = folders.inbox / "contacts"
    (inbox / "folder.csv").mkdir()
    (inbox / "link.csv").symlink_to(inbox)
    (inbox / "dangling.csv").symlink_to("nowhere")
    if sys.platform != "win32":
        os.mkfifo(inbox / "pipe.csv")
    seen = seen_by(spool)
    assert len(seen) == 4
    assert not any(each.regular for each in seen)


def test_a_folder_that_somebody_removed_is_made_again(folders: Folders, spool: DiskSpool) -> None:
    """Senders would have nowhere to put their files."""
    (folders.inbox / "vouchers").rmdir()
    assert seen_by(spool) == []
    assert (folders.inbox / "vouchers").is_dir()


def test_an_inbox_that_was_replaced_on_purpose_can_be_taken_for_ours(
    folders: Folders, spool: DiskSpool
) -> None:
    """A person says so; from then on it is known by its mark again."""
    folders.inbox.rename(folders.inbox.with_name("elsewhere"))
    for folder in folders.all():
        folder.mkdir(exist_ok=True)
    spool.make_ours()
    assert seen_by(spool) == []


def test_an_inbox_that_is_away_is_an_error(folders: Folders, spool: DiskSpool) -> None:
    """What is there in its place is not taken for an empty inbox."""
    folders.inbox.rename(folders.inbox.with_name("elsewhere"))
    for folder in folders.all():
        folder.mkdir(exist_ok=True)
    with pytest.raises(TryLater, match="not available"):
        seen_by(spool)


def test_the_probe_is_asked_about_the_file_itself(folders: Folders) -> None:
    """Who writes is asked with the full path of the drop, and of a claimed payload."""
    asked: list[Path] = []

    def probe(path: Path) -> Writer:
        asked.append(path)
        return Writer.BUSY

    spool = DiskSpool(folders, QuickDisk(), probe)
    (folders.inbox / "contacts" / "people.csv").write_bytes(b"x")
    (seen,) = seen_by(spool)
    assert spool.writer(seen) is Writer.BUSY
    assert asked == [folders.inbox / "contacts" / "people.csv"]


def test_free_space_is_compared_with_what_must_stay_free(folders: Folders) -> None:
    """A claim that would leave too little free space names the folder; otherwise nothing."""
    (folders.inbox / "contacts" / "people.csv").write_bytes(b"x")
    roomy = DiskSpool(folders, QuickDisk(), lambda _: Writer.FREE)
    (seen,) = seen_by(roomy)
    assert roomy.lacks_room(seen) is None
    tight = DiskSpool(folders, QuickDisk(), lambda _: Writer.FREE, min_free_bytes=1 << 62)
    assert tight.lacks_room(seen) == str(folders.processed)


@posix_only
@pytest.mark.parametrize(("name", "takes_room"), [("people.csv", False), ("people.csv.gz", True)])
def test_what_is_in_a_compressed_file_needs_room_beside_the_journal(
    folders: Folders, name: str, *, takes_room: bool
) -> None:
    """It is hardly ever smaller than the file; a plain one takes no more room than it has."""
    path = folders.inbox / "contacts" / name
    path.touch()
    os.truncate(path, 1 << 43)
    spool = DiskSpool(folders, QuickDisk(), lambda _: Writer.FREE)
    (seen,) = seen_by(spool)
    assert spool.lacks_room(seen) == (str(folders.state) if takes_room else None)


def test_a_state_folder_that_is_away_is_no_room(folders: Folders) -> None:
    """Nothing could be recorded there."""
    (folders.inbox / "contacts" / "people.csv").write_bytes(b"x")
    spool = DiskSpool(folders, QuickDisk(), lambda _: Writer.FREE)
    (seen,) = seen_by(spool)
    folders.state.rmdir()
    with pytest.raises(FileNotFoundError):
        spool.lacks_room(seen)
