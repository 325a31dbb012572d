"""Tests for the question whether somebody writes to a file: the same on every system."""

import mmap
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dropbox_agent.adapters.writer_probe import probe
from dropbox_agent.core.sighting import Writer

TELLS = sys.platform in {"linux", "win32"}
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="a rule of leases")
telling = pytest.mark.skipif(not TELLS, reason="this system gives no way to tell")

WRITE = """
import sys
with open(sys.argv[1], "ab"):
    print("open", flush=True)
    sys.stdin.read()
"""

PROBE_AGAINST_WRITERS = """
import sys, threading
from pathlib import Path
from dropbox_agent.adapters.writer_probe import probe
path, done = Path(sys.argv[1]), threading.Event()
def write():
    while not done.is_set():
        path.open("ab").close()
writer = threading.Thread(target=write)
writer.start()
for _ in range(3000):
    probe(path)
done.set()
writer.join()
"""


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """A complete file that nobody has open."""
    path = tmp_path / "drop.csv"
    path.write_bytes(b"code\nA1\n")
    return path


@contextmanager
def writer_elsewhere(path: Path) -> Iterator[None]:
    """Have another process hold the file open for writing."""
    with subprocess.Popen(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", WRITE, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"open"
        yield


@telling
def test_a_file_nobody_has_open_is_free(drop: Path) -> None:
    """A file at rest is free, and stays so however often it is asked about."""
    assert [probe(drop) for _ in range(3)] == [Writer.FREE] * 3


@telling
def test_a_writer_in_this_process_makes_it_busy(drop: Path) -> None:
    """Our own open descriptor counts like anybody's."""
    with drop.open("ab"):
        assert probe(drop) is Writer.BUSY
    assert probe(drop) is Writer.FREE


@telling
def test_a_writer_in_another_process_makes_it_busy(drop: Path) -> None:
    """A transfer server that holds the file open is seen until it closes it."""
    with writer_elsewhere(drop):
        assert probe(drop) is Writer.BUSY
    assert probe(drop) is Writer.FREE


@linux_only
def test_another_reader_does_no_harm(drop: Path) -> None:
    """A program that only reads, such as a backup, does not hold the drop up."""
    with drop.open("rb"):
        assert probe(drop) is Writer.FREE


@linux_only
def test_a_mapping_that_can_be_written_makes_it_busy(drop: Path) -> None:
    """A closed descriptor does not hide a mapping that still writes."""
    with drop.open("r+b") as file:
        mapping = mmap.mmap(file.fileno(), 0)
    with mapping:
        assert probe(drop) is Writer.BUSY


@linux_only
def test_the_probe_leaves_no_lease_behind(drop: Path) -> None:
    """A writer that comes right after the probe does not have to wait."""
    probe(drop)
    os.close(os.open(drop, os.O_WRONLY | os.O_NONBLOCK))


@linux_only
def test_a_writer_that_breaks_the_lease_does_not_end_the_agent(drop: Path) -> None:
    """Thousands of probes against a writer that keeps coming survive the kernel's signals."""
    subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", PROBE_AGAINST_WRITERS, str(drop)], check=True
    )


def test_what_is_not_there_cannot_be_told(tmp_path: Path) -> None:
    """A file that has just gone is not free."""
    assert probe(tmp_path / "gone.csv") is Writer.UNKNOWN


def test_a_folder_cannot_be_told(tmp_path: Path) -> None:
    """A folder has no writers to look for."""
    assert probe(tmp_path) is Writer.UNKNOWN


@linux_only
def test_a_symlink_is_not_followed(drop: Path) -> None:
    """The file behind a link is nobody's drop."""
    link = drop.with_name("link.csv")
    link.symlink_to(drop)
    assert probe(link) is Writer.UNKNOWN


@linux_only
def test_a_pipe_does_not_block_the_probe(tmp_path: Path) -> None:
    """A pipe without a writer is answered at once."""
    pipe = tmp_path / "pipe.csv"
    os.mkfifo(pipe)
    assert probe(pipe) is Writer.UNKNOWN
