"""Ways in which a watch fails, most of them without a word: each ends in recovery.

They were all produced with watchdog itself. What it does not notice, the watcher does, and what
the watcher cannot notice either, the listing finds and the count of misses tells.
"""

import collections
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dropbox_agent.adapters.bell import Bell
from dropbox_agent.adapters.watcher import CannotWatch, Watcher
from dropbox_agent.agent import Watch
from dropbox_agent.agent.watch import UNHEARD_RESCAN_SECONDS
from tests.clocks import SetClock
from tests.rights import as_nobody, needs_rights, open_folder
from tests.witnesses import RecordingWitness

PATIENCE_SECONDS = 20
MOST_QUEUED = Path("/proc/sys/fs/inotify/max_queued_events")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")

needs_mounts = pytest.mark.skipif(
    sys.platform != "linux"
    or subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode != 0,  # noqa: S607
    reason="mounts need an administrator, and the program unshare",
)

WATCH_A_SHARE_THAT_IS_REMOUNTED = """
import subprocess, sys
from pathlib import Path
from dropbox_agent.adapters.bell import Bell
from dropbox_agent.adapters.watcher import Watcher

inbox, bell = Path(sys.argv[1]), Bell()

def mount():
    subprocess.run(["mount", "-t", "tmpfs", "none", inbox], check=True)
    (inbox / "contacts").mkdir()
    return inbox.stat().st_dev, inbox.stat().st_ino

before = mount()
watcher = Watcher(inbox, bell.ring)
watcher.start()
assert watcher.healthy()
subprocess.run(["umount", *sys.argv[2:], inbox], check=True)
assert not watcher.healthy()
print("same device and inode:", mount() == before)
for _ in range(2000):
    if watcher.healthy():
        bell.wait(0.01)  # the kernel tells that it has let go, but not by an event
print(watcher.trouble())
watcher.restart()
bell.wait(0)
(inbox / "contacts" / "a.csv").write_bytes(b"x")
print("rings again:", bell.wait(20) and "contacts/a.csv" in watcher.announced())
watcher.stop()
"""


class WatchedInbox:
    """An inbox, and a watch over it that is to fail.

    Attributes:
        inbox: The folder.
        watcher: Watches it.
        bell: Rung by it.
    """

    def __init__(self, inbox: Path, *, stop_seconds: float = PATIENCE_SECONDS) -> None:
        self.inbox = inbox
        self.bell = Bell()
        self.watcher = Watcher(inbox, self.bell.ring, stop_seconds=stop_seconds)
        self.watcher.start()
        self._number = 0

    @property
    def inside(self) -> Any:  # noqa: ANN401 - watchdog's, and private
        """The part of watchdog that the thread that reads from the kernel works with."""
        assert self.watcher._observer is not None
        (emitter,) = self.watcher._observer.emitters
        return vars(emitter)["_inotify"]

    @property
    def threads(self) -> list[threading.Thread]:
        """All of watchdog's threads."""
        assert self.watcher._observer is not None
        return [self.watcher._observer, *self.watcher._observer.emitters, self.reader]

    @property
    def reader(self) -> threading.Thread:
        """The thread that reads from the kernel."""
        reader = self.inside._inotify_fd
        assert isinstance(reader, threading.Thread)
        return reader

    def put(self, folder: str = "contacts") -> str:
        """Put a file into the inbox, and give its path below it."""
        self._number += 1
        (self.inbox / folder).mkdir(exist_ok=True)
        (self.inbox / folder / f"{self._number}.csv").write_bytes(b"x")
        return f"{folder}/{self._number}.csv"

    def hears(self, path: str, patience_seconds: float = PATIENCE_SECONDS) -> bool:
        """Whether a file is announced in the end."""
        while self.bell.wait(patience_seconds):
            if path in (self.watcher.announced() or ()):
                return True
        return False

    def hears_again(self, folder: str) -> bool:
        """Whether one of many files in a folder is announced."""
        return any(self.hears(self.put(folder), 0.1) for _ in range(200))

    def recovers(self) -> bool:
        """Whether a watch that says in the end that it failed is in order when begun anew."""
        for _ in range(2000):
            if self.watcher.healthy():  # the kernel's word may not have come yet
                self.bell.wait(0.01)
        assert not self.watcher.healthy()
        self.watcher.restart()
        return self.watcher.healthy() and self.hears(self.put())


@pytest.fixture
def watched(inbox: Path) -> Iterator[WatchedInbox]:
    """An inbox whose watch works."""
    watched = WatchedInbox(inbox)
    assert watched.hears(watched.put())
    yield watched
    watched.watcher.stop()


@contextmanager
def stalled(watched: WatchedInbox) -> Iterator[None]:
    """Hold up the thread that reads from the kernel, as a busy process or a dead share does."""
    with watched.inside._lock:
        yield


def test_a_bell_that_fails(inbox: Path) -> None:
    """The next event still arrives; with watchdog alone it would have been the last."""
    rung = threading.Semaphore(0)

    def fail() -> None:
        rung.release()
        raise RuntimeError("broken bell")

    watcher = Watcher(inbox, fail)
    watcher.start()
    try:
        for name in ("a.csv", "b.csv"):
            (inbox / "contacts" / name).mkdir()
            assert rung.acquire(timeout=PATIENCE_SECONDS)
        assert watcher.healthy()
    finally:
        watcher.stop()


def test_an_inbox_that_is_renamed_away_and_made_anew(watched: WatchedInbox) -> None:
    """All threads live on, watching the old folder; the new one is another folder."""
    watched.inbox.rename(watched.inbox.with_name("old"))
    assert "is not there" in (watched.watcher.trouble() or "")
    with pytest.raises(CannotWatch):
        watched.watcher.restart()
    watched.inbox.mkdir()
    assert watched.recovers()


def test_an_inbox_that_another_folder_replaces(watched: WatchedInbox) -> None:
    """Between two looks, so that it seems to have been there all the time."""
    watched.inbox.rename(watched.inbox.with_name("old"))
    watched.inbox.mkdir()
    assert "another folder" in (watched.watcher.trouble() or "")
    assert watched.recovers()


def test_an_inbox_that_is_deleted_and_made_anew(watched: WatchedInbox) -> None:
    """The part of watchdog that reads events ends, while the rest lives on."""
    for folder, _, files in os.walk(watched.inbox, topdown=False):
        for name in files:
            (Path(folder) / name).unlink()
        Path(folder).rmdir()
    watched.inbox.mkdir()
    assert watched.recovers()


def test_a_folder_of_the_inbox_that_is_deleted_and_made_anew(watched: WatchedInbox) -> None:
    """It is watched again without any help."""
    (watched.inbox / "vouchers").rmdir()
    assert watched.hears(watched.put("vouchers"))
    assert watched.hears(watched.put("vouchers"))
    assert watched.watcher.healthy()


@needs_mounts
@pytest.mark.parametrize("how", [(), ("--lazy",)], ids=["unmounted", "lazily"])
def test_a_share_that_is_unmounted_and_comes_back(tmp_path: Path, how: tuple[str, ...]) -> None:
    """It may come back with the same device and inode; the kernel has let go all the same."""
    outcome = subprocess.run(  # noqa: S603 - our own interpreter
        ["unshare", "-m", sys.executable, "-c", WATCH_A_SHARE_THAT_IS_REMOUNTED, tmp_path, *how],  # noqa: S607
        check=False,
        capture_output=True,
        text=True,
    )
    assert outcome.stderr == ""
    assert "None" not in outcome.stdout
    assert "rings again: True" in outcome.stdout


def test_more_events_than_the_kernel_queues(watched: WatchedInbox) -> None:
    """Those beyond are lost; later arrivals are announced, also in folders that went unnoticed."""
    limit = int(MOST_QUEUED.read_text())
    if limit > 50_000:
        pytest.skip(f"{MOST_QUEUED} is so high that it would take too long")
    there, back = watched.inbox / "contacts" / "there", watched.inbox / "contacts" / "back"
    back.write_bytes(b"x")
    with stalled(watched):
        for _ in range(limit // 2 + 2_000):
            back.rename(there)
            there.rename(back)
        lost = watched.put("vouchers/lost")
    assert not watched.hears(lost, 0.5)
    assert watched.hears_again("contacts")
    assert watched.hears_again("vouchers/lost")
    assert watched.watcher.healthy()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_reader_that_dies(watched: WatchedInbox) -> None:
    """As it did in the field, with an error about its own table of paths."""
    watched.inside._active_callbacks_by_watch.clear()
    (watched.inbox / "vouchers").rmdir()
    watched.reader.join(PATIENCE_SECONDS)
    assert watched.recovers()


def test_a_part_that_ends_by_itself(watched: WatchedInbox) -> None:
    """When any of its threads has ended, the watch says so."""
    assert watched.watcher._observer is not None
    for emitter in watched.watcher._observer.emitters:
        emitter.stop()
        emitter.join()
    assert watched.watcher.trouble() == "The watch on the inbox has ended by itself."
    assert watched.recovers()


def test_a_watch_that_cannot_be_ended(inbox: Path) -> None:
    """It is left behind, as on a share that hangs, and a new one takes its place."""
    watched = WatchedInbox(inbox, stop_seconds=0.01)
    threads = watched.threads
    with stalled(watched):
        (inbox / "contacts" / "a.csv").mkdir()
        watched.watcher.restart()
        assert watched.hears(watched.put())
        assert watched.reader not in threads
    threads += watched.threads
    watched.watcher.stop()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()


def test_arrivals_that_no_event_tells_of(watched: WatchedInbox, tmp_path: Path) -> None:
    """A folder behind a link is listed, but not watched: only the count of misses shows it."""
    (watched.inbox / "vouchers").rmdir()
    (watched.inbox / "vouchers").symlink_to(tmp_path, target_is_directory=True)
    witness, clock = RecordingWitness(), SetClock()
    watch = Watch(watched.watcher, witness)

    def look(*found: str) -> None:
        clock.advance(60)
        watch.keep(clock.monotonic())
        watch.found(found, clock.monotonic())

    for _ in range(10):
        look(watched.put("vouchers"))
        look()
    assert watched.watcher.healthy()
    assert watch.missed > 5
    assert watch.rescan_seconds == UNHEARD_RESCAN_SECONDS
    assert len(witness.notices) == 2


@needs_rights
def test_an_inbox_that_may_not_be_read() -> None:
    """Watchdog begins to watch it and stays silent; here it is an error."""
    with open_folder() as folder, as_nobody():
        inbox = folder / "inbox"
        inbox.mkdir()
        inbox.chmod(0o300)
        watcher = Watcher(inbox, lambda: None)
        with pytest.raises(CannotWatch, match="Permission denied"):
            watcher.start()
        inbox.chmod(0o700)
        watched = WatchedInbox(inbox)
        assert watched.hears(watched.put())
        watched.watcher.stop()


@pytest.mark.parametrize("arrive", [Path.rename, os.link], ids=["rename", "hard link"])
def test_a_complete_file_that_was_never_closed(
    watched: WatchedInbox, tmp_path: Path, arrive: Callable[[Path, Path], object]
) -> None:
    """It shows as *created* only, so that has to be listened for."""
    (tmp_path / "a.csv").write_bytes(b"x")
    arrive(tmp_path / "a.csv", watched.inbox / "contacts" / "a.csv")
    assert watched.hears("contacts/a.csv")


def test_memory_does_not_grow_with_what_passes_through(
    watched: WatchedInbox, tmp_path: Path
) -> None:
    """Three thousand files come and are moved out; nothing of theirs stays behind."""
    for number in range(3000):
        (tmp_path / "a.csv").touch()
        (tmp_path / "a.csv").rename(watched.inbox / "contacts" / f"{number}.csv")
        (watched.inbox / "contacts" / f"{number}.csv").rename(tmp_path / "b.csv")
    assert watched.hears(watched.put())
    gc.collect()
    kept = [each for each in gc.get_objects() if "watchdog." in str(type(each))]
    assert len(kept) < 300, collections.Counter(map(type, kept))
