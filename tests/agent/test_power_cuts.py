"""The promises hold when the power is cut at any point: only what was synced is there after it."""

from pathlib import Path

import pytest

from tests.crashes import Crash
from tests.disasters import STORIES, FusedHome, Story, each_story, faults_of
from tests.power import LossyDisk


class DarkHome(FusedHome):
    """A home in which the power can be cut."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        folders = (self.folders.inbox, self.folders.processed, self.folders.failed)
        self.power = LossyDisk(self.fuse, folders)
        self.disk = self.power

    def begin(self, story: Story) -> None:
        """Let a story begin with drops that have been there for long."""
        story.begin(self)
        mounts, self.disk = self.disk.mounts, self.power
        self.power.mounts = mounts
        self.power.assume_synced()


def after_power_cuts(story: Story, root: Path, *, synced_folders: bool = True) -> list[str]:
    """Cut the power at every point of a story, and tell what was broken in the end."""
    with DarkHome(root / "undisturbed") as home:
        home.begin(story)
        home.rest()
        points = home.fuse.points
    faults = []
    for at, name in enumerate(points):
        with DarkHome(root / str(at)) as home:
            home.power.synced_folders = synced_folders
            home.begin(story)
            home.fuse.blow(at, Crash())
            with pytest.raises(Crash):
                home.rest()
            home.power.cut_power()
            home.start()
            home.rest()
            faults += [f"{at} {name}: {fault}" for fault in faults_of(home, story)]
    return faults


@each_story
def test_no_power_cut_breaks_a_promise(story: Story, tmp_path: Path) -> None:
    """Whenever the power is cut, the next start brings every file to its end, once."""
    assert after_power_cuts(story, tmp_path) == []


def test_without_syncing_folders_promises_are_broken(tmp_path: Path) -> None:
    """The model would notice a missing sync: take them all away, and files are lost or doubled."""
    assert after_power_cuts(STORIES["imported"], tmp_path, synced_folders=False)
