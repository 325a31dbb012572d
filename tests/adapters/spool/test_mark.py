"""The mark by which an inbox is known again."""

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import CLAIMED
from dropbox_agent.adapters.spool.mark import MARK_NAME, InboxMark
from dropbox_agent.errors import BadConfiguration, TryLater
from tests.crashes import Crash, Fuse, FusedDisk, QuickDisk


class Site:
    """An inbox and a state folder, and the marks in both."""

    def __init__(self, root: Path) -> None:
        self.inbox = root / "inbox"
        self.claims = self.inbox / CLAIMED
        self.note = root / "state" / "inbox.json"
        self.claims.mkdir(parents=True)
        self.note.parent.mkdir()
        self.fuse = Fuse()

    def start(self) -> InboxMark:
        """Begin anew, as after a crash."""
        return InboxMark(self.claims, self.note, FusedDisk(self.fuse))

    def marked(self) -> InboxMark:
        """Leave a mark, as the first start does."""
        mark = self.start()
        mark.leave()
        return mark

    @property
    def text(self) -> str:
        """What the mark says."""
        return (self.claims / MARK_NAME).read_text(encoding="utf-8").strip()


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A home that was never used."""
    return Site(tmp_path)


def test_a_mark_is_left_once(site: Site) -> None:
    """The same one is known by every later start."""
    assert not site.start().is_expected
    site.marked().need()
    text = site.text
    again = site.start()
    assert again.is_expected
    again.need()
    again.leave()
    assert site.text == text


def test_no_two_homes_have_the_same_mark(tmp_path: Path) -> None:
    """So none takes the inbox of another one for its own."""
    texts = set()
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        site = Site(tmp_path / name)
        site.marked()
        texts.add(site.text)
    assert len(texts) == 3


def test_a_share_that_is_not_mounted_is_told_from_an_empty_inbox(site: Site) -> None:
    """There is no mark in the folder below the mount."""
    mark = site.marked()
    site.inbox.rename(site.inbox.with_name("mounted"))
    for folder in (None, site.inbox, site.claims):
        if folder:
            folder.mkdir()
        with pytest.raises(TryLater, match="not available") as caught:
            mark.need()
        assert caught.value.code == "inbox-unavailable"
    shutil.rmtree(site.inbox)
    site.inbox.with_name("mounted").rename(site.inbox)
    mark.need()


def test_the_inbox_of_another_home_is_not_taken(site: Site, tmp_path: Path) -> None:
    """Neither at work nor on request; the mark there is left as it is."""
    mark = site.marked()
    (tmp_path / "other").mkdir()
    other = Site(tmp_path / "other")
    other.marked()
    shutil.rmtree(site.inbox)
    shutil.copytree(other.inbox, site.inbox)
    with pytest.raises(TryLater):
        mark.need()
    for each in (mark, site.start()):
        with pytest.raises(BadConfiguration, match="another home") as caught:
            each.leave()
        assert str(site.claims / MARK_NAME) in caught.value.hint
    assert site.text == other.text


@pytest.mark.parametrize("remains", [b"", b"\n"])
def test_an_inbox_that_was_emptied_on_purpose_is_taken_again_on_request(
    site: Site, remains: bytes
) -> None:
    """Also under a running agent; a mark of which nothing is left is none."""
    mark = site.marked()
    text = site.text
    (site.claims / MARK_NAME).write_bytes(remains)
    with pytest.raises(TryLater):
        mark.need()
    site.start().leave()
    mark.need()
    assert site.text != text


def test_a_share_and_what_lies_below_it_never_have_one_mark(site: Site) -> None:
    """Marked by mistake while the share was away, and asked for again when it was mounted."""
    site.marked()
    below = site.inbox.with_name("below")
    site.inbox.rename(below)
    site.claims.mkdir(parents=True)
    mark = site.start()
    with pytest.raises(TryLater):
        mark.need()
    mark.leave()
    mark.need()
    share = site.inbox.with_name("share")
    site.inbox.rename(share)
    below.rename(site.inbox)
    with pytest.raises(TryLater):
        mark.need()
    site.start().leave()  # on request, either is ours
    site.start().need()
    site.inbox.rename(below)
    share.rename(site.inbox)
    site.start().leave()
    site.start().need()


def test_a_crash_while_an_emptied_inbox_is_marked_anew_only_means_to_ask_again(
    tmp_path: Path,
) -> None:
    """Nobody's inbox becomes another home's by it."""
    for at in range(20):
        (tmp_path / str(at)).mkdir()
        site = Site(tmp_path / str(at))
        site.marked()
        (site.claims / MARK_NAME).unlink()
        site.fuse.blow(len(site.fuse.points) + at, Crash())
        try:
            site.start().leave()
        except Crash:
            site.start().leave()
        else:
            assert at > 3, "it was never interrupted"
            return
        site.start().need()
    pytest.fail("it passes more points than that")


def test_a_lost_note_makes_no_other_inbox_ours(site: Site) -> None:
    """What an agent knows it does not forget while it runs."""
    mark = site.marked()
    site.note.unlink()
    (site.claims / MARK_NAME).write_text("another\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(TryLater):
            mark.need()


def test_a_place_goes_by_several_names(site: Site, tmp_path: Path) -> None:
    """Through a link it is the same inbox, with the same mark."""
    site.marked()
    (tmp_path / "link").symlink_to(tmp_path, target_is_directory=True)
    note = tmp_path / "link" / "state" / "inbox.json"
    linked = InboxMark(tmp_path / "link" / "inbox" / CLAIMED, note, QuickDisk())
    assert linked.is_expected
    linked.need()
    (site.claims / MARK_NAME).unlink()
    with pytest.raises(TryLater):
        linked.need()


def test_a_link_that_is_gone_changes_nothing(site: Site, tmp_path: Path) -> None:
    """The inbox was marked through it, and is known by its own name too."""
    link = tmp_path / "link"
    link.symlink_to(tmp_path, target_is_directory=True)
    note = link / "state" / "inbox.json"
    InboxMark(link / "inbox" / CLAIMED, note, QuickDisk()).leave()
    link.unlink()
    again = site.start()
    assert again.is_expected
    again.need()


def test_a_note_of_an_earlier_version_counts(site: Site) -> None:
    """It had the name alone under which the inbox was marked."""
    site.marked()
    note = json.loads(site.note.read_bytes())
    del note["resolved"]
    site.note.write_text(json.dumps(note), encoding="utf-8")
    assert site.start().is_expected


def test_where_no_mark_is_expected_nothing_can_be_told(site: Site, tmp_path: Path) -> None:
    """A command with another state folder does not call the inbox another one."""
    site.marked()
    InboxMark(site.claims, tmp_path / "nowhere.json", QuickDisk()).need()


def test_a_lost_state_folder_finds_the_mark_again(site: Site) -> None:
    """The inbox stays the one it was."""
    site.marked()
    text = site.text
    site.note.unlink()
    again = site.start()
    assert not again.is_expected
    again.leave()
    again.need()
    assert site.text == text
    assert site.start().is_expected


def test_an_inbox_set_elsewhere_is_a_new_one(site: Site, tmp_path: Path) -> None:
    """The note is about another place, so nothing is expected here."""
    site.marked()
    elsewhere = tmp_path / "elsewhere" / CLAIMED
    elsewhere.mkdir(parents=True)
    moved = InboxMark(elsewhere, site.note, QuickDisk())
    assert not moved.is_expected
    moved.leave()
    moved.need()
    assert not site.start().is_expected
    assert InboxMark(elsewhere, site.note, QuickDisk()).is_expected


@pytest.mark.parametrize(
    "damaged",
    [b"", b"\0" * 64, b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"mark": "abc"}', b"[" * 99],
)
def test_a_damaged_note_is_none(site: Site, damaged: bytes) -> None:
    """It is written anew from the mark, whatever a power cut has left of it."""
    site.marked()
    text = site.text
    site.note.write_bytes(damaged)
    again = site.start()
    assert not again.is_expected
    again.leave()
    note = json.loads(site.note.read_bytes())
    assert (note["mark"], note["inbox"]) == (text, str(site.inbox))


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such name")
def test_a_home_of_any_name_is_known_again(tmp_path: Path) -> None:
    """Also one whose name is no text."""
    root = tmp_path / os.fsdecode(b"h\xf6me\n")
    root.mkdir()
    site = Site(root)
    site.marked()
    assert site.start().is_expected


def test_no_crash_makes_an_inbox_unknown(tmp_path: Path) -> None:
    """Killed at any point of leaving the mark, the next start leaves it."""
    undisturbed = Site(tmp_path)
    undisturbed.marked()
    for at in range(len(undisturbed.fuse.points)):
        root = tmp_path / str(at)
        root.mkdir()
        site = Site(root)
        site.fuse.blow(at, Crash())
        with pytest.raises(Crash):
            site.marked()
        again = site.start()
        if again.is_expected:
            again.need()
        again.leave()
        again.need()
        site.start().need()
        assert site.start().is_expected


def test_a_mark_that_cannot_be_read_is_no_other_inbox(site: Site) -> None:
    """It is told what the operating system says, and tried again."""
    mark = site.marked()
    (site.claims / MARK_NAME).unlink()
    (site.claims / MARK_NAME).mkdir()
    with pytest.raises(TryLater, match="not available") as caught:
        mark.need()
    assert isinstance(caught.value.__cause__, OSError)
