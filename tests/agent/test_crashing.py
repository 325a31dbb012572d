"""The promises hold when the agent is killed, or something fails, at any point of a story."""

import errno
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import JournalTrouble
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.imports import Accepted, Import, Refused, SendAnswer, Status
from dropbox_agent.core.job import Outcome
from dropbox_agent.core.kind import Kind
from tests.crashes import Crash, Fuse, FusedApi, FusedDisk, FusedJournal
from tests.drops import contacts, products, vouchers
from tests.fakes import answer_with, lose_answer_after_accepting, lose_answer_before_accepting
from tests.homes import Home
from tests.promises import breaches
from tests.stand_ins import NoStatusFile

SET = "61fa54f238319b3bf1990fdc"
REFUSED = Refused(422, "validation-error", "The delimiter is wrong.", "Mend it.")


@dataclass(frozen=True)
class Story:
    """Something that happens to a home, and what must have become of its drops in the end."""

    begin: Callable[["FusedHome"], object]
    ends: dict[str, Outcome]


class FusedHome(Home):
    """A home in which everything that lasts can fail or crash."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.fuse = Fuse()
        self.disk = FusedDisk(self.fuse)
        self.api = FusedApi(self.clock, self.fuse)
        self.open_journal = lambda path: FusedJournal(path, self.fuse)
        self.status_file = NoStatusFile()

    @property
    def outcomes(self) -> dict[str, str]:
        """What became of each file on which there is a report."""
        return {report["file"]["name"]: report["outcome"] for _, report in self.reports()}


def _imported(home: FusedHome) -> None:
    home.drop(Kind.CONTACTS, "imported.csv", contacts(3))


def _partial(home: FusedHome) -> None:
    home.api.faulty_rows = 1
    home.drop(Kind.PRODUCTS, "partial.csv", products(3))


def _rejected(home: FusedHome) -> None:
    home.drop(Kind.CONTACTS, "rejected.csv", b"_email;_email\na@example.com;b@example.com\n")


def _refused(home: FusedHome) -> None:
    home.api.next_create(*[answer_with(REFUSED)] * 3)
    home.drop(Kind.CONTACTS, "refused.csv", contacts(3))


def _cancelled(home: FusedHome) -> None:
    def accept_and_cancel(accept: Callable[[], Import]) -> SendAnswer:
        home.api.end((made := accept()).id, Status.CANCELLED)
        return Accepted(made)

    home.api.next_create(accept_and_cancel)
    home.drop(Kind.CONTACTS, "cancelled.csv", contacts(3))


def _three_parts(home: FusedHome) -> None:
    home.policy = CheckPolicy(max_slice_bytes=70)
    home.drop(Kind.CONTACTS, "parts.csv", contacts(6))


def _vouchers(home: FusedHome) -> None:
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)


def _lost_answers(home: FusedHome) -> None:
    home.api.next_create(lose_answer_before_accepting(), lose_answer_after_accepting())
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)


def _other_mount(home: FusedHome) -> None:
    home.disk.mounts = (home.folders.processed,)
    home.drop(Kind.CONTACTS, "moved.csv", contacts(3))


def _several(home: FusedHome) -> None:
    home.drop(Kind.CONTACTS, "first.csv", contacts(3))
    home.drop(Kind.CONTACTS, "second.csv", contacts(3, name="Eva"))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(2))


def _several_side_by_side(home: FusedHome) -> None:
    home.api.next_create(lose_answer_after_accepting())
    home.drop(Kind.VOUCHERS, "default.csv", vouchers(3), folder=SET)
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))


STORIES = {
    "imported": Story(_imported, {"imported.csv": Outcome.IMPORTED}),
    "partial": Story(_partial, {"partial.csv": Outcome.PARTIAL}),
    "rejected": Story(_rejected, {"rejected.csv": Outcome.REJECTED}),
    "refused": Story(_refused, {"refused.csv": Outcome.FAILED}),
    "cancelled": Story(_cancelled, {"cancelled.csv": Outcome.FAILED}),
    "three parts": Story(_three_parts, {"parts.csv": Outcome.IMPORTED}),
    "vouchers": Story(_vouchers, {"codes.csv": Outcome.IMPORTED}),
    "lost answers": Story(_lost_answers, {"codes.csv": Outcome.IMPORTED}),
    "other mount": Story(_other_mount, {"moved.csv": Outcome.IMPORTED}),
    "several": Story(
        _several,
        dict.fromkeys(("first.csv", "second.csv", "chairs.csv"), Outcome.IMPORTED),
    ),
    "side by side": Story(
        _several_side_by_side, dict.fromkeys(("default.csv", "chairs.csv"), Outcome.IMPORTED)
    ),
}


each_story = pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)


def points_of(story: Story, root: Path) -> list[str]:
    """Run a story undisturbed and list the points it passes."""
    with FusedHome(root) as home:
        story.begin(home)
        home.rest()
        assert _faults(home, story) == []
        return home.fuse.points


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
            faults += [f"{at} {name}: {fault}" for fault in _faults(home, story)]
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
        assert _faults(home, STORIES[name]) == []


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
            faults += [f"{at} {name}: {fault}" for fault in _faults(home, story)]
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


def _faults(home: FusedHome, story: Story) -> list[str]:
    faults = breaches(home)
    if home.outcomes != story.ends:
        faults.append(f"outcomes are {home.outcomes}")
    return faults
