"""Markers beside drops, and what in the inboxes is a mistake."""

import os
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import DiskSpool, Folders
from dropbox_agent.adapters.spool.inboxes import NO_FOLDERS, NO_KIND, NO_MARKER
from dropbox_agent.core.job import Job, JobId
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.marker import MOST_BYTES
from dropbox_agent.core.pairing import NO_FILE, UNCLEAR
from dropbox_agent.core.sighting import Sighting, Writer
from tests.clocks import SetClock
from tests.crashes import QuickDisk

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="no such files there")
CONTENT = b"_email,_name\nada@example.com,Ada\n"
JOB = JobId("c1")
SET = "61fa54f238319b3bf1990fdc"


@pytest.fixture
def marked(folders: Folders) -> DiskSpool:
    """A spool whose senders write markers."""
    spool = DiskSpool(folders, QuickDisk(), lambda _: Writer.FREE, done_suffix=".done")
    spool.prepare()
    return spool


@pytest.fixture
def contacts(folders: Folders) -> Path:
    """The inbox of contacts."""
    return folders.inbox / "contacts"


def put(folder: Path, *names: str, content: bytes = CONTENT) -> None:
    """Put files into a folder."""
    for name in names:
        (folder / name).write_bytes(content)


def seen(spool: DiskSpool) -> dict[str, str | None]:
    """Name the drops among the contacts, each with its marker."""
    drops = spool.listing(Kind.CONTACTS).drops
    return {each.name: each.marker.name if each.marker else None for each in drops}


def mistakes(spool: DiskSpool, kind: Kind = Kind.CONTACTS) -> dict[str, str]:
    """Name what is a mistake, and why."""
    return {Path(each.path).as_posix(): each.why for each in spool.listing(kind).mistakes}


def only(spool: DiskSpool, kind: Kind = Kind.CONTACTS) -> Sighting:
    """See the only drop."""
    (drop,) = spool.listing(kind).drops
    return drop


def job_of(drop: Sighting) -> Job:
    """Make the job of a drop."""
    now = SetClock().now()
    return Job.claimed(JOB, drop.kind, drop.name, folder=drop.folder, size=drop.size, at=now)


# What is seen


@pytest.mark.parametrize("marker", ["people.csv.done", "people.done", "people.csv.DONE"])
def test_a_drop_is_seen_with_its_marker(marked: DiskSpool, contacts: Path, marker: str) -> None:
    """Its size and time are seen too: a marker that is written anew says something anew."""
    put(contacts, "people.csv", marker, content=b"12345")
    assert seen(marked) == {"people.csv": marker}
    facts = only(marked).marker
    assert facts is not None
    assert (facts.size, facts.mtime_ns) == (5, (contacts / marker).stat().st_mtime_ns)
    assert mistakes(marked) == {}


def test_a_short_marker_beside_two_files_marks_neither(marked: DiskSpool, contacts: Path) -> None:
    """Which of them is complete nobody can tell; people are told."""
    put(contacts, "x.csv", "x.csv.gz", "x.done")
    assert seen(marked) == {"x.csv": None, "x.csv.gz": None}
    assert mistakes(marked) == {"contacts/x.done": UNCLEAR}
    put(contacts, "x.csv.done")
    assert seen(marked) == {"x.csv": "x.csv.done", "x.csv.gz": "x.done"}


def test_a_marker_counts_only_in_its_own_folder(marked: DiskSpool, folders: Folders) -> None:
    """Files of the same name in the folders of two sets have nothing to do with each other."""
    vouchers = folders.inbox / "vouchers"
    (vouchers / SET).mkdir()
    put(vouchers / SET, "codes.csv")
    put(vouchers, "codes.done")
    assert only(marked, Kind.VOUCHERS).marker is None
    assert mistakes(marked, Kind.VOUCHERS) == {"vouchers/codes.done": NO_FILE}


def test_a_marker_in_the_making_is_no_mistake(marked: DiskSpool, contacts: Path) -> None:
    """Tools give it a name for the time being, as they do with files."""
    put(contacts, ".people.csv.done", "people.csv.done.part")
    assert mistakes(marked) == {}


@posix_only
def test_what_is_no_plain_file_marks_nothing(marked: DiskSpool, contacts: Path) -> None:
    """Links, pipes and folders are not opened, whatever they are called."""
    put(contacts, "a.csv", "b.csv", "c.csv", "d.csv")
    (contacts / "a.csv.done").mkdir()
    (contacts / "b.csv.done").symlink_to(contacts / "b.csv")
    (contacts / "c.csv.done").symlink_to("nowhere")
    if sys.platform != "win32":
        os.mkfifo(contacts / "d.csv.done")
    assert set(seen(marked).values()) == {None}
    assert mistakes(marked) == {f"contacts/{name}.csv.done": NO_MARKER for name in "abcd"}


def test_without_a_suffix_nothing_is_a_marker(spool: DiskSpool, contacts: Path) -> None:
    """It is a mistake then, and people are told how to mend it."""
    put(contacts, "people.csv", "people.csv.done")
    assert seen(spool) == {"people.csv": None}
    assert "AGENT_DONE_SUFFIX" in mistakes(spool)["contacts/people.csv.done"]


# Mistakes


def test_what_lies_in_a_wrong_place_is_listed(spool: DiskSpool, folders: Folders) -> None:
    """Beside the folders of the kinds, or in folders within them."""
    put(folders.inbox, "loose.csv", ".hidden.csv", "Thumbs.db")
    (folders.inbox / "Contacts").mkdir()
    (folders.inbox / "contacts" / "archive").mkdir()
    put(folders.inbox / "contacts", "export.csv.txt", "people.xlsx", "people.csv.part")
    found = mistakes(spool)
    assert found.pop("contacts/archive") == NO_FOLDERS
    assert "rename it" in found.pop("contacts/export.csv.txt")
    assert "workbook" in found.pop("contacts/people.xlsx")
    assert found == {"loose.csv": NO_KIND, "Contacts": NO_KIND}
    assert mistakes(spool, Kind.PRODUCTS) == {}


def test_mistakes_in_the_folders_of_sets_are_listed(spool: DiskSpool, folders: Folders) -> None:
    """With their paths below the inbox."""
    (folders.inbox / "vouchers" / SET / "deeper").mkdir(parents=True)
    put(folders.inbox / "vouchers" / SET, "codes.txt")
    found = mistakes(spool, Kind.VOUCHERS)
    assert found.keys() == {f"vouchers/{SET}/deeper", f"vouchers/{SET}/codes.txt"}


def test_the_users_patterns_leave_folders_alone_too(folders: Folders) -> None:
    """Such a folder is neither that of a set nor a mistake."""
    spool = DiskSpool(folders, QuickDisk(), lambda _: Writer.FREE, ignore=("old*",))
    (folders.inbox / "vouchers" / "Old codes").mkdir()
    put(folders.inbox / "vouchers" / "Old codes", "codes.csv")
    listing = spool.listing(Kind.VOUCHERS)
    assert (listing.drops, listing.mistakes) == ([], [])


# What a marker says


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", None),
        ("rows=1", None),
        ("rows=2", "the file has 1 rows, not 2"),
        ("5", "neither of them 5"),
        ("0" * (MOST_BYTES + 1), None),
    ],
    ids=["nothing", "right", "wrong", "number", "huge"],
)
def test_a_drop_is_compared_with_its_marker(
    marked: DiskSpool, contacts: Path, text: str, told: str | None
) -> None:
    """In what it says; a huge one is not read to its end."""
    put(contacts, "people.csv")
    (contacts / "people.done").write_text(text, encoding="utf-8")
    found = marked.examine(only(marked)).unlike_marker
    assert found == told if told is None else told in (found or "")


def test_a_compressed_drop_is_compared_by_size_and_checksum(
    marked: DiskSpool, contacts: Path
) -> None:
    """Its rows are not counted."""
    put(contacts, "people.csv.gz", content=b"12345")
    put(contacts, "people.csv.gz.done", content=b"rows=7 bytes=6")
    assert marked.examine(only(marked)).unlike_marker == "the file has 5 bytes, not 6"


@posix_only
@pytest.mark.parametrize("name", ["people.csv", "people.csv.done"])
@pytest.mark.parametrize("thing", ["pipe", "link", "folder", "nothing"])
def test_what_comes_in_the_place_of_a_file_is_not_waited_for(
    marked: DiskSpool, contacts: Path, name: str, thing: str
) -> None:
    """Between the listing and the look; reading a pipe would take for ever."""
    put(contacts, "people.csv", "people.csv.done")
    drop = only(marked)
    path = contacts / name
    path.unlink()
    if thing == "pipe" and sys.platform != "win32":
        os.mkfifo(path)
    elif thing == "link":
        path.symlink_to(contacts)
    elif thing == "folder":
        path.mkdir()
    with pytest.raises(OSError, match=r"."):
        marked.examine(drop)


# Claims


def test_a_marker_goes_with_the_claim(marked: DiskSpool, contacts: Path) -> None:
    """It would mark the next file of that name otherwise."""
    put(contacts, "people.csv", "people.csv.done")
    marked.claim(only(marked), JOB)
    assert list(contacts.iterdir()) == []
    assert marked.payload(JOB).read_bytes() == CONTENT


@pytest.mark.parametrize("marker", ["people.csv.done", "people.done", "people.DONE"])
def test_a_marker_that_a_crash_has_left_is_removed(
    marked: DiskSpool, contacts: Path, marker: str
) -> None:
    """Unless there is another file by now that it may belong to."""
    put(contacts, "people.csv", marker)
    drop = only(marked)
    marked.claim(drop, JOB)
    put(contacts, "people.csv", marker)
    marked.finish_claims([job_of(drop)])
    assert seen(marked) == {"people.csv": marker}
    (contacts / "people.csv").unlink()
    marked.finish_claims([job_of(drop)])
    assert list(contacts.iterdir()) == []


def test_markers_and_files_in_other_folders_are_left_alone(
    marked: DiskSpool, folders: Folders
) -> None:
    """They belong to other drops of that name, even if it is the very same file on disk."""
    vouchers = folders.inbox / "vouchers"
    for name in (SET, "other"):
        (vouchers / name).mkdir()
    put(vouchers / SET, "codes.csv", "codes.done")
    drop = next(each for each in marked.listing(Kind.VOUCHERS).drops if each.folder == SET)
    marked.claim(drop, JOB)
    (vouchers / "other" / "codes.csv").hardlink_to(marked.payload(JOB))
    put(vouchers, "codes.done")
    marked.finish_claims([job_of(drop)])
    assert (vouchers / "other" / "codes.csv").exists()
    assert (vouchers / "codes.done").exists()


def test_a_set_whose_folder_is_gone_hinders_no_start(marked: DiskSpool, folders: Folders) -> None:
    """Whoever removed it has removed all that was in it."""
    folder = folders.inbox / "vouchers" / SET
    folder.mkdir()
    put(folder, "codes.csv", "codes.done")
    drop = only(marked, Kind.VOUCHERS)
    marked.claim(drop, JOB)
    folder.rmdir()
    marked.finish_claims([job_of(drop)])
    assert marked.claimed() == [JOB]


@posix_only
def test_the_longest_name_hinders_no_start(marked: DiskSpool, contacts: Path) -> None:
    """A marker with the whole name before the suffix cannot even exist then."""
    name = "x" * 251
    put(contacts, f"{name}.csv", f"{name[:250]}.done")
    drop = only(marked)
    marked.claim(drop, JOB)
    marked.finish_claims([job_of(drop)])
    assert marked.claimed_name(JOB) == f"{name}.csv"


class _StickyDisk(QuickDisk):
    """A disk on which nothing may be removed."""

    def remove(self, path: Path) -> None:
        """Refuse it."""
        raise PermissionError(1, "Operation not permitted", str(path))


def test_a_marker_that_must_not_be_removed_holds_up_nothing(folders: Folders) -> None:
    """The file is claimed all the same, and the marker is listed as a mistake from then on."""
    spool = DiskSpool(folders, _StickyDisk(), lambda _: Writer.FREE, done_suffix=".done")
    spool.prepare()
    put(folders.inbox / "contacts", "people.csv", "people.done")
    drop = only(spool)
    with pytest.raises(PermissionError):
        spool.claim(drop, JOB)
    spool.finish_claims([job_of(drop)])
    assert spool.claimed() == [JOB]
    assert mistakes(spool) == {"contacts/people.done": NO_FILE}
