"""Tests for wake-ups from the operating system, on real folders."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from watchdog.events import FileMovedEvent

from dropbox_agent.adapters.bell import Bell
from dropbox_agent.adapters.watcher import ARRIVALS, CannotWatch, Doorbell, Watcher

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


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """An inbox as the agent lays it out."""
    folder = tmp_path / "inbox"
    for name in ("contacts", "vouchers", ".claimed"):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.fixture
def bell() -> Bell:
    """The bell that the watcher rings."""
    return Bell()


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


@pytest.mark.parametrize(
    ("source", "target", "rings"),
    [
        ("contacts/a.csv", "", True),
        ("contacts/a.part", "contacts/a.csv", True),
        (".claimed/job/a.csv", "contacts/a.csv", True),
        (".claimed-not/a.csv", "", True),
        ("contacts/a.csv", ".claimed/job/a.csv", False),
        (".claimed/job/a.csv", "", False),
        (".claimed/job", "", False),
        (".claimed", "", False),
    ],
)
def test_our_own_moves_do_not_ring(
    tmp_path: Path, bell: Bell, source: str, target: str, *, rings: bool
) -> None:
    """Claiming a drop is no news, but a file given back to its inbox is."""
    was, now = (str(tmp_path / path) if path else "" for path in (source, target))
    Doorbell(tmp_path, bell.ring).dispatch(FileMovedEvent(was, now))
    assert bell.wait(0) is rings


@linux_only
def test_no_event_is_held_back_by_a_move_out_of_the_inbox() -> None:
    """The kernel is not asked for the half of a rename after which watchdog waits for more."""
    from watchdog.observers.api import EventQueue, ObservedWatch
    from watchdog.observers.inotify_c import InotifyConstants

    from dropbox_agent.adapters.watcher import ArrivalEmitter

    watch = ObservedWatch("/", recursive=True, event_filter=ARRIVALS)
    mask = ArrivalEmitter(EventQueue(), watch, event_filter=ARRIVALS).get_event_mask_from_filter()
    assert mask & InotifyConstants.IN_MOVED_TO
    assert not mask & InotifyConstants.IN_MOVED_FROM


def test_a_bell_that_fails_does_not_end_the_watch(inbox: Path) -> None:
    """An exception while ringing is swallowed, and the next event still arrives."""
    rung = threading.Semaphore(0)

    def fail() -> None:
        rung.release()
        raise RuntimeError("broken bell")

    watcher = Watcher(inbox, fail)
    watcher.start()
    try:
        (inbox / "contacts" / "a.csv").write_bytes(b"x")
        assert rung.acquire(timeout=PATIENCE_SECONDS)
        (inbox / "contacts" / "b.csv").write_bytes(b"x")
        assert rung.acquire(timeout=PATIENCE_SECONDS)
        assert watcher.healthy()
    finally:
        watcher.stop()


def test_starting_and_stopping_may_be_repeated(inbox: Path, bell: Bell) -> None:
    """A second start or stop changes nothing, and a stopped watch says so."""
    watcher = Watcher(inbox, bell.ring)
    watcher.stop()
    watcher.start()
    watcher.start()
    assert watcher.healthy()
    watcher.stop()
    watcher.stop()
    assert watcher.trouble() == "The inbox is not being watched."


def test_no_thread_or_descriptor_is_left_behind(inbox: Path, bell: Bell) -> None:
    """Fifty restarts leave as many threads as before."""
    before = threading.active_count()
    watcher = Watcher(inbox, bell.ring)
    for _ in range(50):
        watcher.restart()
    watcher.stop()
    assert threading.active_count() == before


def test_a_missing_inbox_is_a_plain_error(tmp_path: Path, bell: Bell) -> None:
    """The message names the folder, and the hint says that work goes on without events."""
    watcher = Watcher(tmp_path / "inbox", bell.ring)
    with pytest.raises(CannotWatch, match="inbox") as told:
        watcher.start()
    assert "AGENT_RESCAN_SECONDS" in told.value.hint
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


@linux_only
def test_a_replaced_inbox_is_noticed_and_watched_again(inbox: Path, bell: Bell) -> None:
    """Renamed away and made anew, the folder is another one until the watch is restarted."""
    with watching(inbox, bell) as watcher:
        inbox.rename(inbox.with_name("old"))
        assert "is not there" in (watcher.trouble() or "")
        with pytest.raises(CannotWatch):
            watcher.restart()
        inbox.mkdir()
        watcher.restart()
        assert watcher.healthy()
        (inbox / "a.csv").write_bytes(b"x")
        assert bell.wait(PATIENCE_SECONDS)


@linux_only
def test_another_folder_in_its_place_is_not_taken_for_the_inbox(inbox: Path, bell: Bell) -> None:
    """A folder put where the inbox was, such as a mount, is told apart."""
    with watching(inbox, bell) as watcher:
        inbox.rename(inbox.with_name("old"))
        inbox.mkdir()
        assert "another folder" in (watcher.trouble() or "")


@linux_only
def test_a_watch_that_ends_by_itself_is_noticed(inbox: Path, bell: Bell) -> None:
    """When any of its threads has ended, the watch says that it needs a restart."""
    with watching(inbox, bell) as watcher:
        assert watcher._observer is not None
        for emitter in watcher._observer.emitters:
            emitter.stop()
            emitter.join()
        assert watcher.trouble() == "The watch on the inbox has ended by itself."
        watcher.restart()
        assert watcher.healthy()
