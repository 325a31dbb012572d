"""The promises hold when the agent is killed, or something fails, at any point of a story."""

import errno
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import JournalTrouble
from tests.crashes import Crash
from tests.disasters import STORIES, FusedHome, Story, each_story, faults_of, points_of


@each_story
def test_no_crash_breaks_a_promise(story: Story, tmp_path: Path) -> None:
    """Killed at any point and started once more, the agent brings every file to its end, once."""
    faults = []
    for at, name in enumerate(points_of(story, tmp_path / "undisturbed")):
        if not name.endswith(" done"):
            continue  # nothing lasts that happens between a point done and the next one to do
        with FusedHome(tmp_path / str(at)) as home:
            story.begin(home)
            home.fuse.blow(at, Crash())
            with pytest.raises(Crash):
                home.rest()
            home.start()
            home.rest()
            faults += [f"{at} {name}: {fault}" for fault in faults_of(home, story)]
    assert faults == []


@pytest.mark.parametrize("name", ["three parts", "several"])
@pytest.mark.parametrize("points", range(16, 32, 3))
def test_no_row_of_crashes_breaks_a_promise(tmp_path: Path, name: str, points: int) -> None:
    """Killed again and again, also while it recovers, the agent gets on a little each time."""
    with FusedHome(tmp_path) as home:
        STORIES[name].begin(home)
        lives = 1
        while not _survives(home, points):
            lives += 1
            assert lives < 50
        assert lives > 1
        assert faults_of(home, STORIES[name]) == []


@each_story
@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("disk.", OSError(errno.ENOSPC, "No space left on device")),
        ("journal.", JournalTrouble("It is full.", hint="Make room.", code="journal-trouble")),
    ],
    ids=["full disk", "journal trouble"],
)
def test_no_failure_breaks_a_promise(
    story: Story, tmp_path: Path, what: str, error: Exception
) -> None:
    """Whatever fails once, done or not, the agent goes on by itself to the very same end."""
    points = points_of(story, tmp_path / "undisturbed")
    begun = 3  # the folder for claims is made by the start itself
    faults = []
    for at, name in enumerate(points[begun:], begun):
        if not name.startswith(what):
            continue
        with FusedHome(tmp_path / str(at)) as home:
            story.begin(home)
            home.fuse.blow(at, error)
            home.rest()
            faults += [f"{at} {name}: {fault}" for fault in faults_of(home, story)]
    assert faults == []


def _survives(home: FusedHome, points: int) -> bool:
    """Let an agent live for so many points; say whether it came to rest within them."""
    home.fuse.blow(len(home.fuse.points) + points, Crash())
    try:
        home.start()
        home.rest()
    except Crash:
        return False
    return True
