"""The bytes of a part, as they are sent."""

import errno
import sys
from itertools import pairwise
from pathlib import Path
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.adapters.spool import CLAIMED, DiskSpool, Folders
from dropbox_agent.adapters.spool.bodies import CHUNK_BYTES, PartBody
from dropbox_agent.core import events
from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.issue import Slice
from dropbox_agent.core.job import JobId, Part
from tests.jobs import after, checked, new_job

HEADER = "_email,_name\r\n"


def body_of(path: Path, start: int, end: int, header: bytes = b"") -> PartBody:
    """Make a body that nobody stops."""
    return PartBody(path, header, start, end, Event())


@pytest.fixture
def payload(tmp_path: Path) -> Path:
    """A file of ten bytes."""
    path = tmp_path / "payload"
    path.write_bytes(b"0123456789")
    return path


def test_a_whole_file_is_given_as_it_is(payload: Path) -> None:
    """Without a header of its own a body is the bytes of the file."""
    body = body_of(payload, 0, 10)
    assert b"".join(body.chunks()) == b"0123456789"
    assert body.size == 10


def test_a_slice_comes_behind_its_header(payload: Path) -> None:
    """A later part begins with the header, and its size counts it."""
    body = body_of(payload, 4, 7, b"head\n")
    assert b"".join(body.chunks()) == b"head\n456"
    assert body.size == 8


def test_a_body_can_be_read_again(payload: Path) -> None:
    """A request that has to be repeated begins with the first byte."""
    body = body_of(payload, 2, 5, b"h")
    assert b"".join(body.chunks()) == b"".join(body.chunks()) == b"h234"


def test_a_large_file_comes_in_pieces(tmp_path: Path) -> None:
    """No more than one piece is in memory at a time."""
    path = tmp_path / "large"
    path.write_bytes(b"x" * (2 * CHUNK_BYTES + 1))
    pieces = list(body_of(path, 0, 2 * CHUNK_BYTES + 1).chunks())
    assert [len(piece) for piece in pieces] == [CHUNK_BYTES, CHUNK_BYTES, 1]


def test_an_empty_slice_is_nothing(payload: Path) -> None:
    """No bytes are no pieces."""
    assert list(body_of(payload, 3, 3).chunks()) == []


def test_a_file_that_became_shorter_is_an_error(payload: Path) -> None:
    """Fewer bytes than were announced are never taken for the whole."""
    chunks = body_of(payload, 5, 12).chunks()
    assert next(chunks) == b"56789"
    with pytest.raises(OSError, match="shorter") as caught:
        next(chunks)
    assert caught.value.errno == errno.EIO


def test_a_body_breaks_off_when_the_agent_stops(tmp_path: Path) -> None:
    """A stop in the middle leaves the request incomplete: it is no import."""
    path, stopping = tmp_path / "large", Event()
    path.write_bytes(b"x" * 2 * CHUNK_BYTES)
    chunks = PartBody(path, b"", 0, 2 * CHUNK_BYTES, stopping).chunks()
    next(chunks)
    stopping.set()
    with pytest.raises(OSError, match="stopping") as caught:
        next(chunks)
    assert caught.value.errno == errno.ECANCELED


@pytest.mark.skipif(sys.platform == "win32", reason="no such links there")
def test_a_link_in_place_of_the_payload_is_not_followed(tmp_path: Path, payload: Path) -> None:
    """Nothing outside of the claims is ever sent."""
    link = tmp_path / "link"
    link.symlink_to(payload)
    with pytest.raises(OSError, match="symbolic links"):
        list(body_of(link, 0, 10).chunks())


def test_a_missing_payload_is_an_error(tmp_path: Path) -> None:
    """A file that is gone cannot be sent."""
    with pytest.raises(FileNotFoundError):
        list(body_of(tmp_path / "gone", 0, 1).chunks())


def test_only_later_parts_get_a_header(folders: Folders, spool: DiskSpool) -> None:
    """The first slice has the sender's own; a stop of the spool ends every body."""
    claim = folders.inbox / CLAIMED / "c1"
    claim.mkdir()
    rows = [f"customer{number}@example.com,Ada\r\n".encode() for number in range(2)]
    (claim / "people.csv").write_bytes(HEADER.encode() + b"".join(rows))
    middle = len(HEADER) + len(rows[0])
    slices = (Slice(0, middle, 1), Slice(middle, middle + len(rows[1]), 1))
    parts = tuple(Part(each, ImportOptions()) for each in slices)
    job = after(new_job(), events.Passed(checked(2), parts))
    assert job.id == JobId("c1")
    first, second = (spool.body(job, part) for part in job.parts)
    assert b"".join(first.chunks()) == HEADER.encode() + rows[0]
    assert b"".join(second.chunks()) == HEADER.encode() + rows[1]
    spool.stop()
    for body in (first, second):
        with pytest.raises(OSError, match="stopping"):
            list(body.chunks())


@given(content=st.binary(max_size=200), cuts=st.lists(st.integers(0, 200), max_size=4))
def test_the_slices_of_a_file_give_all_of_it(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, cuts: list[int]
) -> None:
    """However a file is cut, the bodies of its slices together are the file."""
    path = tmp_path_factory.getbasetemp() / "sliced"
    path.write_bytes(content)
    marks = [0, *sorted(min(cut, len(content)) for cut in cuts), len(content)]
    bodies = [body_of(path, *ends) for ends in pairwise(marks)]
    assert b"".join(piece for body in bodies for piece in body.chunks()) == content
    assert sum(body.size for body in bodies) == len(content)
