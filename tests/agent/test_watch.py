"""The watch on the inboxes is begun anew when it ends, and its troubles are told once."""

import pytest

from dropbox_agent.agent import Watch
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.drops import contacts
from tests.homes import Home
from tests.stand_ins import SetWatcher
from tests.witnesses import RecordingWitness

NO_WATCHES = TryLater("There are no watches left.", hint="Raise the limit.", code="no-watches")


@pytest.fixture
def watcher() -> SetWatcher:
    """A watch that goes on."""
    return SetWatcher()


@pytest.fixture
def witness() -> RecordingWitness:
    """Hears of troubles."""
    return RecordingWitness()


def test_a_watch_that_goes_on_is_left_alone(watcher: SetWatcher, witness: RecordingWitness) -> None:
    """Nothing is begun anew without need."""
    Watch(watcher, witness).keep()
    assert (watcher.restarts, witness.notices) == (0, [])


def test_a_watch_that_has_ended_is_begun_anew(
    watcher: SetWatcher, witness: RecordingWitness
) -> None:
    """An inbox that was replaced is watched again, without a word."""
    watcher.ended = "the folder was replaced"
    Watch(watcher, witness).keep()
    assert watcher.trouble() is None
    assert (watcher.restarts, witness.notices) == (1, [])


def test_a_watch_that_cannot_be_begun_is_told_of_once(
    watcher: SetWatcher, witness: RecordingWitness
) -> None:
    """It is tried at every look, and people read about it once."""
    watch = Watch(watcher, witness)
    watcher.ended, watcher.refusal = "no inotify", NO_WATCHES
    for _ in range(3):
        watch.keep()
    assert watcher.restarts == 3
    assert witness.notices == ["There are no watches left. Raise the limit."]


def test_a_trouble_that_comes_back_is_told_again(
    watcher: SetWatcher, witness: RecordingWitness
) -> None:
    """When the watch had gone on in between, it is news."""
    watch = Watch(watcher, witness)
    for refusal in (NO_WATCHES, None, NO_WATCHES):
        watcher.ended, watcher.refusal = ("no inotify", refusal) if refusal else (None, None)
        watch.keep()
    assert len(witness.notices) == 2


def test_files_are_found_without_a_watch(home: Home) -> None:
    """The listing is the truth: without any event a file is only found later."""
    home.watcher.ended, home.watcher.refusal = "no inotify", NO_WATCHES
    home.start()
    (home.folders.inbox / "contacts" / "people.csv").write_bytes(contacts(2))
    home.run_until(lambda: bool(home.reports()), seconds=120)
    assert home.report("people.csv")["file"]["kind"] == Kind.CONTACTS
