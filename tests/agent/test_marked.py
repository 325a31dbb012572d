"""Senders that put a marker beside each file that is complete."""

import hashlib
from pathlib import Path

import pytest

from dropbox_agent.core.gates import Gate, SettleRules
from dropbox_agent.core.job import Outcome
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.pairing import NO_FILE
from dropbox_agent.core.settling import Standing
from tests.crashes import Crash
from tests.disasters import STORIES, FusedHome, faults_of, points_of
from tests.drops import contacts, gzipped, products
from tests.homes import Home
from tests.promises import breaches

PEOPLE = contacts(3)
LONG = 3600.0


@pytest.fixture
def marked(home: Home) -> Home:
    """A home whose senders do so."""
    home.settle = SettleRules(quiet_seconds=5.0, cut_hold_seconds=120.0, done_suffix=".done")
    home.rescan_seconds = 600.0
    home.start()
    return home


def mark(home: Home, name: str = "people.csv.done", text: str = "") -> Path:
    """Put a marker among the contacts."""
    marker = home.folders.inbox / "contacts" / name
    marker.write_text(text, encoding="utf-8")
    home.agent.look_soon()
    return marker


def standing(home: Home) -> Standing:
    """Say where the only drop in sight stands."""
    (only,) = home.overview.drops
    return only


def is_imported(home: Home, name: str = "people.csv") -> bool:
    """Whether there is a good report on a file."""
    return any(
        report["file"]["name"] == name and report["outcome"] == Outcome.IMPORTED
        for _, report in home.reports()
    )


def markers(home: Home) -> list[str]:
    """List the markers that are there."""
    return sorted(path.name for path in home.folders.inbox.rglob("*.done"))


@pytest.mark.parametrize("name", ["people.csv.done", "people.done"])
def test_a_file_waits_for_its_marker_and_takes_it_along(marked: Home, name: str) -> None:
    """However long that takes; then it is imported, and the marker is gone."""
    marked.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    marked.run_for(LONG)
    assert standing(marked).gate is Gate.DONE
    assert "people.csv.done" in standing(marked).why
    mark(marked, name)
    marked.run_until(lambda: is_imported(marked))
    marked.rest()
    assert markers(marked) == []
    assert breaches(marked) == []


def test_a_marker_that_comes_first_waits_for_its_file(marked: Home) -> None:
    """It is a mistake only as long as there is none; the file has to be quiet all the same."""
    mark(marked)
    marked.run_for(60.0)
    assert [each.why for each in marked.overview.mistakes] == [NO_FILE]
    marked.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    marked.run_for(1.0)
    assert marked.overview.mistakes == ()
    assert standing(marked).gate is Gate.QUIET
    marked.run_until(lambda: is_imported(marked))
    marked.rest()
    assert markers(marked) == []


def test_a_marker_from_yesterday_lets_no_fragment_through(marked: Home) -> None:
    """What breaks off is held, until its rest has come."""
    mark(marked, text="")
    marked.run_for(86_400.0)
    target = marked.drop(Kind.CONTACTS, "people.csv", PEOPLE[:-9])
    marked.run_for(60.0)
    assert standing(marked).gate is Gate.WHOLE
    target.write_bytes(PEOPLE)
    marked.dropped["contacts/people.csv"] = PEOPLE
    marked.run_until(lambda: is_imported(marked))
    marked.rest()
    assert breaches(marked) == []


def test_a_marker_from_yesterday_that_says_what_it_marks_marks_nothing_else(marked: Home) -> None:
    """Today's file waits for its own."""
    mark(marked, text=f"{hashlib.sha256(b'yesterday').hexdigest()}  people.csv\n")
    marked.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    marked.run_for(LONG)
    assert standing(marked).gate is Gate.DONE
    assert "sha256" in standing(marked).why
    mark(marked, text=f"{hashlib.sha256(PEOPLE).hexdigest()}  people.csv\n")
    marked.run_until(lambda: is_imported(marked))
    marked.rest()


@pytest.mark.parametrize("right", [f"bytes={len(PEOPLE)}", "rows=3", "3", str(len(PEOPLE))])
def test_a_file_that_is_not_what_its_marker_says_waits(marked: Home, right: str) -> None:
    """Until the file or the marker is another one."""
    target = marked.drop(Kind.CONTACTS, "people.csv", contacts(2))
    mark(marked, text=right)
    marked.run_for(LONG)
    assert standing(marked).gate is Gate.DONE
    assert "says otherwise" in standing(marked).why
    target.write_bytes(PEOPLE)
    marked.dropped["contacts/people.csv"] = PEOPLE
    marked.run_until(lambda: is_imported(marked))
    marked.rest()
    assert markers(marked) == []
    assert breaches(marked) == []


def test_a_marked_file_that_others_wait_behind_holds_up_none(marked: Home) -> None:
    """Each file has a marker of its own; one without waits for itself."""
    marked.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    marked.drop(Kind.CONTACTS, "more.csv.gz", gzipped(contacts(2, first=10)))
    marked.drop(Kind.PRODUCTS, "chairs.csv", products(2))
    mark(marked, "more.done")
    marked.run_until(lambda: is_imported(marked, "more.csv.gz"))
    assert {each.seen.name for each in marked.overview.drops} == {"people.csv", "chairs.csv"}


def test_the_next_file_of_a_name_needs_a_marker_of_its_own(marked: Home) -> None:
    """That of the first one went with it."""
    marked.drop(Kind.CONTACTS, "people.csv", PEOPLE)
    mark(marked)
    marked.rest()
    marked.drop(Kind.CONTACTS, "people.csv", contacts(5))
    marked.run_for(LONG)
    assert standing(marked).gate is Gate.DONE
    assert len(marked.reports()) == 1


def test_no_crash_leaves_a_marker_that_releases_the_next_file(tmp_path: Path) -> None:
    """Killed at any point, the next start removes what the claim had to."""
    story = STORIES["marked"]
    faults = []
    for at, name in enumerate(points_of(story, tmp_path / "undisturbed")):
        with FusedHome(tmp_path / str(at)) as home:
            story.begin(home)
            home.fuse.blow(at, Crash())
            with pytest.raises(Crash):
                home.rest()
            home.start()
            home.rest()
            found = [*faults_of(home, story), *markers(home)]
            faults += [f"{at} {name}: {fault}" for fault in found]
    assert faults == []
