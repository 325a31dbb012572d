"""Every error number that the operating system may give, at every change and every look.

The normal suite meets every place once, with the numbers taking turns; the whole square of places
and numbers is marked ``exhaustive``.
"""

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.disasters import (
    STORIES,
    FusedHome,
    PeeringHome,
    Story,
    each_story,
    faults_of,
    points_of,
)

EVERYWHERE = ("EIO", "EACCES", "EPERM", "EMFILE", "ENFILE", "EINTR", "ESTALE")
CHANGES = ("ENOSPC", "EDQUOT", "EROFS", "ENOENT", "EXDEV", *EVERYWHERE)
"""Numbers that a change may end with: no room, no quota, a broken disk, no right, a lost share."""

ONLY_AT = {"EXDEV": "disk.move to do"}
NEVER_AT = {"ENOENT": ("disk.remove", "disk.copy half", "disk.write half")}
"""Removing what is not there is no error, and an open file does not cease to be there."""

OUTAGE_SECONDS = 100.0
RESTART_SECONDS = 5.0


def numbers_at(point: str) -> list[str]:
    """List the error numbers that can come up at a point."""
    if point.startswith("spool."):
        return list(EVERYWHERE)
    if not point.startswith("disk."):
        return []
    return [
        name
        for name in CHANGES
        if point.startswith(ONLY_AT.get(name, ""))
        and not point.startswith(NEVER_AT.get(name, "nowhere"))
    ]


def squares(points: list[str]) -> Iterator[tuple[int, str]]:
    """List every place with every number that can come up there."""
    for at, point in enumerate(points):
        yield from ((at, number) for number in numbers_at(point))


def taking_turns(points: list[str], story: Story) -> Iterator[tuple[int, str]]:
    """List every place once; the numbers take turns, in each story beginning with another one."""
    turn = list(STORIES.values()).index(story)
    for at, point in enumerate(points):
        if numbers := numbers_at(point):
            yield at, numbers[(at + turn) % len(numbers)]


def faults_after(
    story: Story, home: FusedHome, at: int, number: str, seconds: float = 0.0
) -> list[str]:
    """Let a story run into an error, once or for a while, and name what was broken in the end."""
    until = home.clock.monotonic() + seconds
    error = OSError(getattr(errno, number), os.strerror(getattr(errno, number)))

    def outage(point: str) -> OSError | None:
        lasts = at < len(home.fuse.points) and home.clock.monotonic() < until
        return error if lasts and number in numbers_at(point) else None

    with home:
        story.begin(home)
        home.fuse.blow(at, error)
        home.fuse.fail_while(outage)
        while not _starts(home):
            home.clock.advance(RESTART_SECONDS)
        home.rest()
        home.fuse.mend()
        home.rest()
        return [f"{at} {home.fuse.points[at]} {number}: {each}" for each in faults_of(home, story)]


def _starts(home: FusedHome) -> bool:
    """Start the agent, as its service manager does again and again; say whether it started."""
    try:
        home.start()
    except OSError:
        return False
    return True


@each_story
def test_no_error_breaks_a_promise(story: Story, tmp_path: Path) -> None:
    """Whatever fails once, done or not, it goes on by itself to the very same end."""
    faults = []
    for at, number in taking_turns(points_of(story, tmp_path / "undisturbed", PeeringHome), story):
        faults += faults_after(story, PeeringHome(tmp_path / str(at)), at, number)
    assert faults == []


@each_story
def test_no_outage_breaks_a_promise(story: Story, tmp_path: Path) -> None:
    """Whatever fails for a while, beginning anywhere, it goes on by itself when that is over."""
    faults = []
    for at, number in taking_turns(points_of(story, tmp_path / "undisturbed", PeeringHome), story):
        home = PeeringHome(tmp_path / str(at))
        faults += faults_after(story, home, at, number, OUTAGE_SECONDS)
    assert faults == []


@pytest.mark.exhaustive
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seconds", [0.0, OUTAGE_SECONDS], ids=["once", "for a while"])
@each_story
def test_no_error_number_anywhere_breaks_a_promise(
    story: Story, tmp_path: Path, seconds: float
) -> None:
    """Every number at every place, done or not: it goes on by itself to the very same end."""
    faults = []
    points = points_of(story, tmp_path / "undisturbed", PeeringHome)
    for run, (at, number) in enumerate(squares(points)):
        faults += faults_after(story, PeeringHome(tmp_path / str(run)), at, number, seconds)
    assert faults == []
