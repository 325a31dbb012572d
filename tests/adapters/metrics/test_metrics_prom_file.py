"""The file for the node exporter: whole, readable for it, and never a reason to stop."""

import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, Gauge

from dropbox_agent.adapters.metrics import PromFile
from tests.expositions import Exposition, a_registry

NAME = "dropbox-agent.prom"
posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and links are of POSIX")


class Written:
    """A file of metrics with one gauge, and what was told of trouble with it."""

    def __init__(self, folder: Path) -> None:
        registry: CollectorRegistry = a_registry()
        self.gauge = Gauge("dropbox_agent_beats", "Test.", registry=registry)
        self.path = folder / NAME
        self.notices: list[str] = []
        self.file = PromFile(self.path, registry, self.notices.append)

    @property
    def beats(self) -> float:
        """The gauge as the file has it."""
        return Exposition(self.path.read_text(encoding="utf-8"))["beats"]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """A file that has not been written yet."""
    return Written(tmp_path)


@pytest.fixture
def strict_umask() -> Iterator[None]:
    """The umask of the service."""
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_each_writing_replaces_the_file(written: Written, tmp_path: Path) -> None:
    """And leaves nothing else in the folder."""
    for number in (1, 2):
        written.gauge.set(number)
        written.file.write()
        assert written.beats == number
    assert [each.name for each in tmp_path.iterdir()] == [NAME]
    assert written.notices == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows replaces no file that is open")
def test_a_reader_has_the_old_file_or_the_new_one(written: Written) -> None:
    """What was opened before stays as it was: the file is replaced, never written over."""
    written.file.write()
    before = written.path.stat().st_ino
    with written.path.open(encoding="utf-8") as reader:
        old = written.path.read_text(encoding="utf-8")
        written.gauge.set(5)
        written.file.write()
        assert reader.read() == old
    assert written.path.stat().st_ino != before


@posix
@pytest.mark.usefixtures("strict_umask")
def test_everybody_may_read_it(written: Written) -> None:
    """The node exporter is another user, and the service's umask is strict."""
    written.file.write()
    assert stat.S_IMODE(written.path.stat().st_mode) == 0o644


def test_the_node_exporter_never_takes_a_file_in_the_making_for_one(
    written: Written, tmp_path: Path
) -> None:
    """It reads every name that ends in .prom."""
    written.path.mkdir()  # so that what was written cannot get its name
    left = {each.name for each in tmp_path.iterdir()}
    written.file.write()
    assert {each.name for each in tmp_path.iterdir()} == left
    assert written.notices


def test_what_a_killed_agent_left_is_no_obstacle(written: Written, tmp_path: Path) -> None:
    """The half-written file is replaced too."""
    (tmp_path / f".{NAME}.tmp").write_text("half", encoding="utf-8")
    written.file.write()
    assert [each.name for each in tmp_path.iterdir()] == [NAME]
    assert written.notices == []


@posix
def test_a_link_that_somebody_laid_is_not_followed(written: Written, tmp_path: Path) -> None:
    """The folder may be one that others write to."""
    victim = tmp_path / "victim"
    victim.write_text("precious", encoding="utf-8")
    (tmp_path / f".{NAME}.tmp").symlink_to(victim)
    written.file.write()
    assert victim.read_text(encoding="utf-8") == "precious"
    assert not written.path.is_symlink()


def test_a_missing_folder_is_told_once_and_so_is_its_return(tmp_path: Path) -> None:
    """Nobody has to restart the agent for it."""
    written = Written(tmp_path / "later")
    for _ in range(3):
        written.file.write()
    (notice,) = written.notices
    assert str(written.path) in notice
    assert "AGENT_METRICS_FILE" in notice
    written.path.parent.mkdir()
    for _ in range(2):
        written.file.write()
    assert written.notices[1:] == [f"The metrics are written to {written.path} again."]
    assert written.beats == 0


@posix
def test_a_full_disk_is_told_once(tmp_path: Path) -> None:
    """A file-size limit stands for the disk: what is written does not fit."""
    import resource
    import signal

    before, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    written = Written(tmp_path)
    written.file.write()
    written.gauge.set(1)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        written.file.write()
        written.file.write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, hard))
        signal.signal(signal.SIGXFSZ, ignored)
    assert len(written.notices) == 1
    assert written.beats == 0  # the last one that was whole
    assert [each.name for each in tmp_path.iterdir()] == [NAME]


def test_it_is_written_at_once_and_in_the_end(written: Written) -> None:
    """By a thread of its own, which is gone after that."""
    with written.file.kept_up():
        written.gauge.set(7)
    assert written.beats == 7
    assert "metrics-file" not in {each.name for each in threading.enumerate()}
