"""Tests for wake-ups from the operating system, on real folders."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dropbox_agent.adapters.bell import Bell
from dropbox_agent.adapters.watcher import CannotWatch, Watcher

PATIENCE_SECONDS = 20
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")

WATCH_WITHOUT_DESCRIPTORS = """
import os, resource, sys
from pathlib import Path
from dropbox_agent.adapters.watcher import CannotWatch, Watcher
in_use = len(os.listdir("/proc/self/fd"))
resource.setrlimit(resource.RLIMIT_NOFILE, (in_use, in_use))
try:
    Watcher(Path(sys.argv[1]), print).start()
except CannotWatch as error:
    print(error.hint)
"""


@contextmanager
def watching(inbox: Path, bell: Bell) -> Iterator[Watcher]:
    """Watch the inbox as it is now."""
    watcher = Watcher(inbox, bell.ring)
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop()


class TestArrivals:
    """Whatever way a file comes, the bell rings."""

    def test_a_new_file_rings(self, inbox: Path, bell: Bell) -> None:
        """A file written straight into an inbox."""
        with watching(inbox, bell):
            (inbox / "contacts" / "a.csv").write_bytes(b"x")
            assert bell.wait(PATIENCE_SECONDS)

    def test_a_move_from_outside_rings(self, inbox: Path, bell: Bell, tmp_path: Path) -> None:
        """A rename from a folder that is not watched."""
        (tmp_path / "a.csv").write_bytes(b"x")
        with watching(inbox, bell):
            (tmp_path / "a.csv").rename(inbox / "contacts" / "a.csv")
            assert bell.wait(PATIENCE_SECONDS)

    def test_a_rename_from_a_temporary_name_rings(self, inbox: Path, bell: Bell) -> None:
        """The usual end of an upload, which may come long after the last write."""
        (inbox / "contacts" / "a.csv.part").write_bytes(b"x")
        with watching(inbox, bell):
            (inbox / "contacts" / "a.csv.part").rename(inbox / "contacts" / "a.csv")
            assert bell.wait(PATIENCE_SECONDS)

    def test_overwriting_rings(self, inbox: Path, bell: Bell) -> None:
        """An upload over a file that is there already."""
        (inbox / "contacts" / "a.csv").write_bytes(b"x")
        with watching(inbox, bell):
            (inbox / "contacts" / "a.csv").write_bytes(b"yy")
            assert bell.wait(PATIENCE_SECONDS)

    def test_a_file_in_a_new_folder_rings(self, inbox: Path, bell: Bell) -> None:
        """A folder for a coupon set, made while we watch, is watched as well."""
        with watching(inbox, bell):
            (inbox / "vouchers" / "spring").mkdir()
            assert bell.wait(PATIENCE_SECONDS)
            (inbox / "vouchers" / "spring" / "a.csv").write_bytes(b"x")
            assert bell.wait(PATIENCE_SECONDS)

    @linux_only
    def test_a_hard_link_rings(self, inbox: Path, bell: Bell, tmp_path: Path) -> None:
        """Some servers rename by linking and unlinking."""
        (tmp_path / "a.csv").write_bytes(b"x")
        with watching(inbox, bell):
            (inbox / "contacts" / "a.csv").hardlink_to(tmp_path / "a.csv")
            assert bell.wait(PATIENCE_SECONDS)

    @linux_only
    def test_a_file_in_a_renamed_folder_rings(self, inbox: Path, bell: Bell) -> None:
        """A folder that gets another name stays watched."""
        (inbox / "vouchers" / "spring").mkdir()
        with watching(inbox, bell) as watcher:
            (inbox / "vouchers" / "spring").rename(inbox / "vouchers" / "summer")
            assert bell.wait(PATIENCE_SECONDS)
            (inbox / "vouchers" / "summer" / "a.csv").write_bytes(b"x")
            assert bell.wait(PATIENCE_SECONDS)
            assert watcher.healthy()

    @linux_only
    def test_names_that_are_not_text_ring(self, inbox: Path, bell: Bell) -> None:
        """A name in no known encoding does not end the watch."""
        with watching(inbox, bell) as watcher:
            Path(os.fsdecode(os.fsencode(inbox / "contacts") + b"/\xff.csv")).write_bytes(b"x")
            assert bell.wait(PATIENCE_SECONDS)
            assert watcher.healthy()

    @linux_only
    def test_a_watch_on_a_link_sees_what_is_behind(
        self, inbox: Path, bell: Bell, tmp_path: Path
    ) -> None:
        """The inbox may be a link to where the transfer server writes."""
        (tmp_path / "link").symlink_to(inbox)
        with watching(tmp_path / "link", bell):
            (inbox / "contacts" / "a.csv").write_bytes(b"x")
            assert bell.wait(PATIENCE_SECONDS)


def test_starting_and_stopping_may_be_repeated(inbox: Path, bell: Bell) -> None:
    """A second start or stop changes nothing, and a stopped watch says so for good."""
    watcher = Watcher(inbox, bell.ring)
    watcher.start()
    watcher.start()
    assert watcher.healthy()
    watcher.stop()
    watcher.stop()
    watcher.restart()
    assert watcher.trouble() == "The inbox is not being watched."


def test_no_thread_or_descriptor_is_left_behind(inbox: Path, bell: Bell) -> None:
    """Fifty restarts leave as many threads as before."""
    before = threading.active_count()
    watcher = Watcher(inbox, bell.ring)
    for _ in range(50):
        watcher.restart()
    watcher.stop()
    assert threading.active_count() <= before


def test_a_missing_inbox_is_a_plain_error(tmp_path: Path, bell: Bell) -> None:
    """The message names the folder, and the hint says that work goes on without events."""
    watcher = Watcher(tmp_path / "inbox", bell.ring)
    with pytest.raises(CannotWatch, match="inbox") as told:
        watcher.start()
    assert "found all the same" in told.value.hint
    assert told.value.code == "no-watch"
    assert not watcher.healthy()


@linux_only
def test_a_reached_limit_names_what_to_raise(inbox: Path) -> None:
    """When the kernel gives no more watches, the hint names its setting."""
    outcome = subprocess.run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", WATCH_WITHOUT_DESCRIPTORS, str(inbox)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "fs.inotify.max_user_instances" in outcome.stdout
