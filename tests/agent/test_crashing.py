"""The promises hold when the agent is killed, or something fails, at any point of a story."""

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
@pytest.mark.parametrize("steps", range(13, 29, 3))
def test_no_row_of_crashes_breaks_a_promise(tmp_path: Path, name: str, steps: int) -> None:
    """Killed again and again, also while it recovers, the agent gets on a little each time."""
    begun = points_of(STORIES[name], tmp_path / "undisturbed").index("journal.add to do")
    with FusedHome(tmp_path / "killed") as home:
        STORIES[name].begin(home)
        lives = 1
        while not _survives(home, begun + steps):
            lives += 1
            assert lives < 50
        assert lives > 1
        assert faults_of(home, STORIES[name]) == []


@each_story
def test_no_trouble_with_the_journal_breaks_a_promise(story: Story, tmp_path: Path) -> None:
    """Whatever cannot be recorded, or is although it seems not, it goes on to the very same end."""
    trouble = JournalTrouble("It is full.", hint="Make room.", code="journal-trouble")
    faults = []
    for at, name in enumerate(points_of(story, tmp_path / "undisturbed")):
        if not name.startswith("journal."):
            continue
        with FusedHome(tmp_path / str(at)) as home:
            story.begin(home)
            home.fuse.blow(at, trouble)
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
