"""The promises hold when the power is cut at any point: only what was synced is there after it."""

import errno
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from dropbox_agent.core.gates import SettleRules
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import AgentError
from tests.crashes import Crash
from tests.disasters import STORIES, FusedHome, Story, each_story, faults_of
from tests.drops import contacts
from tests.power import LossyDisk
from tests.promises import breaches

SYNCS = ("disk.sync_folder", "disk.write done", "disk.copy done")
"""Points at which an error means that a sync has failed, and nothing else."""


STARTING_POINTS = 15
"""So many points are passed at the most while a start takes up what it finds."""


class PowerCut(Crash):
    """The power is cut here."""


class DarkHome(FusedHome):
    """A home in which the power can be cut."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        folders = (self.folders.inbox, self.folders.processed, self.folders.failed)
        self.power = LossyDisk(self.fuse, folders, graveyard=self.state)
        self.disk = self.power

    def begin(self, story: Story) -> None:
        """Let a story begin with drops that have been there for long."""
        story.begin(self)
        mounts, self.disk = self.disk.mounts, self.power
        self.power.mounts = mounts
        self.power.assume_synced()

    def live(self) -> bool:
        """Start anew after every mishap until all is at rest; say whether the power was cut."""
        was_cut = False
        while True:
            try:
                self.start()
                self.rest()
            except PowerCut:
                self.power.cut_power()
                was_cut = True
            except (Crash, OSError):
                pass
            else:
                return was_cut


def points_of(story: Story, root: Path) -> list[str]:
    """Run a story undisturbed and list the points it passes."""
    with DarkHome(root) as home:
        home.begin(story)
        home.rest()
        return home.fuse.points


def after_power_cuts(
    story: Story, root: Path, *, synced_folders: bool = True, hasty_removals: bool = False
) -> list[str]:
    """Cut the power at every point of a story, and tell what was broken in the end."""
    faults = []
    for at, name in enumerate(points_of(story, root / "undisturbed")):
        with DarkHome(root / str(at)) as home:
            home.power.synced_folders = synced_folders
            home.power.hasty_removals = hasty_removals
            home.begin(story)
            home.fuse.blow(at, PowerCut())
            try:
                home.live()
                found = faults_of(home, story)
            except AgentError as error:
                found = [f"it does not start: {error}"]
            faults += [f"{at} {name}: {fault}" for fault in found]
    return faults


def after_mishap_and_power_cut(
    story: Story, root: Path, error: BaseException, at: int, later: int | None
) -> tuple[list[str], bool]:
    """Let something happen at one point, and cut the power some points later, or at the end.

    Returns:
        What was broken in the end, and whether so many points were passed before the end.
    """
    with DarkHome(root) as home:
        home.begin(story)
        home.fuse.blow(at, error)
        if later is not None:
            home.fuse.blow(at + 1 + later, PowerCut())
        was_cut = home.live()
        if not was_cut:
            home.power.cut_power()
            home.fuse.mend()
            home.live()
        return [f"{at}, {later}: {fault}" for fault in faults_of(home, story)], was_cut


def mishaps(points: list[str]) -> Iterator[tuple[int, BaseException]]:
    """List every kill that comes after something has changed, and every sync that fails."""
    for at, name in enumerate(points):
        if name.endswith(" done"):
            yield at, Crash()
        if name in SYNCS:
            yield at, OSError(errno.EIO, "Input/output error")


@each_story
def test_no_power_cut_breaks_a_promise(story: Story, tmp_path: Path) -> None:
    """Whenever the power is cut, the next start brings every file to its end, once."""
    assert after_power_cuts(story, tmp_path) == []


@each_story
def test_no_power_cut_after_all_is_done_breaks_a_promise(story: Story, tmp_path: Path) -> None:
    """What a kill or a failed sync left unsure is made sure before it counts as done."""
    faults = []
    for run, (at, error) in enumerate(mishaps(points_of(story, tmp_path / "undisturbed"))):
        faults += after_mishap_and_power_cut(story, tmp_path / str(run), error, at, None)[0]
    assert faults == []


def test_a_removal_that_is_safe_at_once_costs_no_file(tmp_path: Path) -> None:
    """Mounts keep their changes apart: the copy must be safe before the first file is removed."""
    assert after_power_cuts(STORIES["other mount"], tmp_path, hasty_removals=True) == []


@pytest.mark.parametrize("name", ["several", "other mount"])
def test_no_power_cut_while_it_recovers_breaks_a_promise(tmp_path: Path, name: str) -> None:
    """A start after a kill makes new names sure before it lets go of old ones."""
    faults = []
    for at, point in enumerate(points_of(STORIES[name], tmp_path / "undisturbed")):
        if point in {"disk.move done", "disk.remove done"}:
            for later in range(STARTING_POINTS):
                root = tmp_path / f"{at} {later}"
                faults += after_mishap_and_power_cut(STORIES[name], root, Crash(), at, later)[0]
    assert faults == []


def after_kill_and_next_drop(story: Story, root: Path, at: int, later: int) -> list[str]:
    """Kill at one point, drop another file, start, and cut the power some points later."""
    with DarkHome(root) as home:
        home.begin(story)
        home.fuse.blow(at, Crash())
        with pytest.raises(Crash):
            home.rest()
        home.settle = SettleRules(quiet_seconds=0)
        home.power.assume_safe(home.drop(Kind.CONTACTS, "next.csv", contacts(7)))
        home.fuse.blow(at + 1 + later, PowerCut())
        home.live()
        return [f"{at}, {later}: {fault}" for fault in breaches(home)]


@pytest.mark.parametrize("name", ["imported", "other mount"])
def test_what_comes_after_a_kill_costs_nothing(tmp_path: Path, name: str) -> None:
    """A file that is claimed by the next start at once does not take another's last name away."""
    faults = []
    for at, point in enumerate(points_of(STORIES[name], tmp_path / "undisturbed")):
        if point in {"disk.move done", "disk.remove done"}:
            for later in range(2 * STARTING_POINTS):
                root = tmp_path / f"{at} {later}"
                faults += after_kill_and_next_drop(STORIES[name], root, at, later)
    assert faults == []


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@each_story
def test_no_power_cut_after_a_mishap_breaks_a_promise(story: Story, tmp_path: Path) -> None:
    """Whatever was left unsure by a kill or a failed sync, a later power cut costs nothing."""
    faults = []
    runs = count()
    for at, error in mishaps(points_of(story, tmp_path / "undisturbed")):
        for later in count():
            root = tmp_path / str(next(runs))
            found, was_cut = after_mishap_and_power_cut(story, root, error, at, later)
            faults += found
            if not was_cut:
                break
    assert faults == []


def test_without_syncing_folders_promises_are_broken(tmp_path: Path) -> None:
    """The model would notice a missing sync: take them all away, and files are lost or doubled."""
    assert after_power_cuts(STORIES["imported"], tmp_path, synced_folders=False)
