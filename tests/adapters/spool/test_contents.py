"""The files made from compressed payloads: whole or not there, made again, and removed in time."""

import errno
import stat
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event

import pytest

from dropbox_agent.adapters.spool.contents import Contents, NoRoom
from dropbox_agent.core.expanding import NotExpandable
from dropbox_agent.core.job import JobId
from dropbox_agent.core.trouble import as_trouble
from tests.crashes import Crash, Fuse, FusedDisk
from tests.drops import contacts, gzipped, zipped

CSV = contacts(3)
JOB, OTHER = JobId("c1"), JobId("c2")


class Place:
    """A folder for contents, and payloads beside it.

    Attributes:
        root: The folder for contents.
        fuse: Is passed by every change.
        stopping: Whether the agent stops.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.root = folder / "contents"
        self.fuse = Fuse()
        self.stopping = Event()

    def contents(self, *, max_bytes: int = 1_000_000, min_free_bytes: int = 0) -> Contents:
        """Give the contents as an agent that just started."""
        return Contents(
            self.root,
            FusedDisk(self.fuse),
            max_bytes=max_bytes,
            min_free_bytes=min_free_bytes,
            stopping=self.stopping,
        )

    def payload(self, name: str = "a.csv.gz", content: bytes | None = None) -> Path:
        """Put a payload there."""
        path = self.folder / name
        path.write_bytes(gzipped(CSV) if content is None else content)
        return path

    def names(self) -> list[str]:
        """List what was made."""
        return sorted(each.name for each in self.root.glob("*"))


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place where nothing was made yet."""
    return Place(tmp_path)


def test_a_plain_csv_is_its_own_content(place: Place) -> None:
    """Nothing is made of it."""
    payload = place.payload("a.csv", CSV)
    assert place.contents().make(JOB, payload).path == payload
    assert place.contents().find(JOB, payload) == payload
    assert not place.root.exists()


@pytest.mark.parametrize(("name", "packed"), [("A.CSV.GZ", gzipped(CSV)), ("a.zip", zipped(CSV))])
def test_a_compressed_payload_is_expanded(place: Place, name: str, packed: bytes) -> None:
    """The content is a CSV named by the job; the payload stays as it is."""
    payload = place.payload(name, packed)
    content = place.contents().make(JOB, payload).path
    assert (content.name, content.read_bytes()) == ("c1.csv", CSV)
    assert payload.read_bytes() == packed


@pytest.mark.skipif(sys.platform == "win32", reason="modes are of another kind there")
def test_content_is_nobody_elses_to_read(place: Place) -> None:
    """It holds what customers have told the shop."""
    content = place.contents().make(JOB, place.payload()).path
    assert stat.S_IMODE(content.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.root.stat().st_mode) == 0o700


def test_content_is_made_anew_for_every_check(place: Place) -> None:
    """The payload may have been written to since."""
    place.contents().make(JOB, place.payload())
    content = place.contents().make(JOB, place.payload(content=gzipped(b"other"))).path
    assert content.read_bytes() == b"other"


def test_content_is_found_again_without_being_made(place: Place) -> None:
    """A send begins at once."""
    payload = place.payload()
    content = place.contents().make(JOB, payload).path
    content.write_bytes(b"as it was")
    assert place.contents().find(JOB, payload).read_bytes() == b"as it was"


def test_content_that_somebody_removed_is_made_again(place: Place) -> None:
    """With its folder, if need be."""
    payload = place.payload()
    place.contents().make(JOB, payload).path.unlink()
    place.root.rmdir()
    assert place.contents().find(JOB, payload).read_bytes() == CSV


def test_a_payload_that_was_whole_and_is_not_is_trouble_of_the_disk(place: Place) -> None:
    """Its verdict was given long ago."""
    with pytest.raises(OSError, match="expanded before") as caught:
        place.contents().find(JOB, place.payload(content=b"spoilt"))
    assert caught.value.errno == errno.EIO


def test_a_fault_leaves_nothing_behind(place: Place) -> None:
    """What was written until it was found is removed."""
    with pytest.raises(NotExpandable):
        place.contents().make(JOB, place.payload(content=gzipped(CSV)[:-1]))
    assert place.names() == []


class MeasuringDisk(FusedDisk):
    """A disk that remembers how much was on it.

    Attributes:
        most_bytes: Size of the largest file, whole or not.
    """

    most_bytes = 0

    def write(self, path: Path, chunks: Iterable[bytes], mode: int = 0o644) -> None:
        """Write a file."""
        super().write(path, self._measured(chunks), mode)

    def _measured(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        size = 0
        for chunk in chunks:
            size += len(chunk)
            self.most_bytes = max(self.most_bytes, size)
            yield chunk


def test_a_bomb_takes_no_more_room_than_the_cap(place: Place) -> None:
    """It is given up there, and the room is free again."""
    disk = MeasuringDisk(place.fuse)
    contents = Contents(place.root, disk, max_bytes=10_000, min_free_bytes=0, stopping=Event())
    with pytest.raises(NotExpandable, match=r"10\.0 KB"):
        contents.make(JOB, place.payload(content=gzipped(bytes(10_000_000))))
    assert disk.most_bytes <= 10_000
    assert place.names() == []


def test_a_missing_payload_is_told_as_missing(place: Place) -> None:
    """The job has to know that somebody took it away."""
    with pytest.raises(FileNotFoundError):
        place.contents().make(JOB, place.folder / "gone.zip")


def test_a_missing_folder_is_not_told_as_a_missing_payload(place: Place) -> None:
    """Else the job would be given up for trouble of our own."""
    payload = place.payload()
    place.root = place.folder / "away" / "contents"
    with pytest.raises(OSError, match="away") as caught:
        place.contents().make(JOB, payload)
    assert not isinstance(caught.value, FileNotFoundError)


@pytest.mark.skipif(sys.platform == "win32", reason="no such links there")
def test_a_link_in_place_of_the_payload_is_not_followed(place: Place) -> None:
    """Nothing outside of the claims is ever sent."""
    link = place.folder / "link.csv.gz"
    link.symlink_to(place.payload())
    with pytest.raises(OSError, match="symbolic links"):
        place.contents().make(JOB, link)


def test_without_room_the_contents_of_waiting_jobs_are_given_up_first(place: Place) -> None:
    """They can be made again; if that is not enough, the disk is full for this one too."""
    place.contents().make(OTHER, place.payload())
    with pytest.raises(NoRoom, match="space") as caught:
        place.contents(min_free_bytes=1 << 62).make(JOB, place.payload())
    assert caught.value.errno == errno.ENOSPC
    assert place.names() == []


def test_a_lack_of_room_is_told_as_what_it_is(place: Place) -> None:
    """The disk is not full: a setting keeps the rest of it free."""
    with pytest.raises(OSError, match="space") as caught:
        place.contents(min_free_bytes=1 << 62).make(JOB, place.payload())
    trouble = as_trouble(caught.value)
    assert trouble.code == "disk-full"
    assert str(place.root) in trouble.message
    assert "AGENT_MIN_FREE" in trouble.hint


def test_trouble_while_writing_leaves_nothing_behind(place: Place) -> None:
    """A disk that is full does not stay so because of us."""
    payload = place.payload()
    place.fuse.fail_while(
        lambda name: OSError(errno.ENOSPC, "full") if name == "disk.write half done" else None
    )
    with pytest.raises(OSError, match="full"):
        place.contents().make(JOB, payload)
    assert place.names() == []


def test_a_stop_breaks_off(place: Place) -> None:
    """The next start begins again."""
    place.stopping.set()
    with pytest.raises(OSError, match="stopping") as caught:
        place.contents().make(JOB, place.payload())
    assert caught.value.errno == errno.ECANCELED


def test_a_half_is_never_taken_for_the_whole(place: Place) -> None:
    """Killed at any point, the content is there whole or not at all, and can be made again."""
    payload = place.payload()
    place.contents().make(JOB, payload)
    for at in range(len(place.fuse.points)):
        killed = Place(place.folder / str(at))
        killed.folder.mkdir()
        killed.fuse.blow(at, Crash())
        with pytest.raises(Crash):
            killed.contents().make(JOB, payload)
        assert all(each.read_bytes() == CSV for each in killed.root.glob("*.csv"))
        assert killed.contents().find(JOB, payload).read_bytes() == CSV


def test_a_start_removes_what_no_job_needs(place: Place) -> None:
    """Contents of jobs under way stay; halves, and those of others, go."""
    for job in (JOB, OTHER):
        place.contents().make(job, place.payload())
    (place.root / "c1.tmp").write_bytes(b"half")
    place.contents().prepare({JOB})
    assert place.names() == ["c1.csv"]


def test_a_start_is_not_kept_by_what_cannot_be_removed(place: Place) -> None:
    """Nothing depends on it."""
    place.contents().make(OTHER, place.payload())
    (place.root / "a folder").mkdir()
    place.fuse.fail_while(lambda name: OSError(errno.EACCES, "no") if "remove" in name else None)
    place.contents().prepare(set())
    assert place.names() == ["a folder", "c2.csv"]


def test_what_was_made_for_a_job_is_removed_with_it(place: Place) -> None:
    """Once or twice, whether there is anything or not."""
    contents = place.contents()
    contents.make(JOB, place.payload())
    contents.make(OTHER, place.payload())
    contents.remove(JOB)
    contents.remove(JOB)
    assert place.names() == ["c2.csv"]


TEXT = "_email,_name\r\nzoe@example.com,Zoë\r\n"


def test_text_in_utf_16_is_converted(place: Place) -> None:
    """Its mark is enough; the payload stays as it is."""
    payload = place.payload("a.csv", TEXT.encode("utf-16"))
    made = place.contents().make(JOB, payload)
    assert (made.path.name, made.path.read_bytes()) == ("c1.csv", TEXT.encode())
    assert payload.read_bytes() == TEXT.encode("utf-16")


def test_text_in_a_declared_encoding_is_converted(place: Place) -> None:
    """Within a compressed file too."""
    payload = place.payload("a.csv.gz", gzipped(TEXT.encode("cp1252")))
    made = place.contents().make(JOB, payload, "windows-1252")
    assert made.path.read_bytes() == TEXT.encode()


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_converted_text_that_somebody_removed_is_made_again(place: Place, name: str) -> None:
    """From what it was found to be in: what is declared by now is of no importance."""
    raw = TEXT.encode("cp1252")
    payload = place.payload(name, raw if name == "a.csv" else gzipped(raw))
    place.contents().make(JOB, payload, "windows-1252").path.unlink()
    assert place.contents().find(JOB, payload, "windows-1252").read_bytes() == TEXT.encode()


def test_converted_text_may_not_grow_without_end(place: Place) -> None:
    """It is held to the same limit as what is expanded."""
    payload = place.payload("a.csv", TEXT.encode("utf-16") * 100)
    with pytest.raises(NotExpandable):
        place.contents(max_bytes=1_000).make(JOB, payload)
    assert place.names() == []
