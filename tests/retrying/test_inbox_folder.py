"""Files that are put into an inbox folder: whole, with their marker, and for the agent to take."""

import os
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import Disk
from dropbox_agent.core.dropnames import is_wanted
from dropbox_agent.retrying.inbox_folder import FORGOTTEN_SECONDS, InboxFolder
from tests.rights import NOBODY, as_nobody, needs_rights, open_folder

NAME = "20260115T120000Z-c1-people.csv"
CONTENT = b"_email\nada@example.com\n"


@pytest.fixture
def archived(tmp_path: Path) -> Path:
    """Give a file in an archive."""
    path = tmp_path / NAME
    path.write_bytes(CONTENT)
    return path


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Give an inbox folder."""
    path = tmp_path / "inbox"
    path.mkdir()
    return path


class Killed(BaseException):
    """The process is no more."""


class KilledDisk(Disk):
    """Dies in the middle of a copy, and afterwards does nothing more."""

    def copy(self, source: Path, target: Path) -> None:
        """Copy the half of it."""
        target.write_bytes(source.read_bytes()[:10])
        raise Killed

    def remove(self, path: Path) -> None:
        """Do nothing."""


class AtTheSameTime(Disk):
    """Behind its copy, another command begins to copy the same file, and is killed."""

    def copy(self, source: Path, target: Path) -> None:
        """Copy all of it."""
        super().copy(source, target)
        with pytest.raises(Killed):
            InboxFolder(target.parent, KilledDisk(), done_suffix=None).put(source, NAME)


def test_two_at_once_do_not_get_into_each_others_way(inbox: Path, archived: Path) -> None:
    """Each has a copy of its own; what a killed one leaves is never taken for a drop."""
    path = InboxFolder(inbox, AtTheSameTime(), done_suffix=None).put(archived, NAME)
    assert path.read_bytes() == CONTENT
    assert [each.name for each in inbox.iterdir() if is_wanted(each.name)] == [NAME]
    assert len(list(inbox.iterdir())) == 2


def test_what_a_killed_one_left_is_removed_a_day_later(inbox: Path, archived: Path) -> None:
    """Not before, and nothing that others have called alike."""
    foreign = inbox / ".notes.retry"
    foreign.touch()
    for _ in range(2):
        with pytest.raises(Killed):
            InboxFolder(inbox, KilledDisk(), done_suffix=None).put(archived, NAME)
    old, young = sorted(each for each in inbox.iterdir() if each != foreign)
    for each in (old, foreign):
        long_ago = each.stat().st_mtime - FORGOTTEN_SECONDS - 60
        os.utime(each, (long_ago, long_ago))
    InboxFolder(inbox, Disk(), done_suffix=None).put(archived, NAME)
    assert set(inbox.iterdir()) == {foreign, young, inbox / NAME}


class MarkerFirst(Disk):
    """Sees what lies there while a copy gets its name."""

    def move(self, source: Path, target: Path) -> None:
        """See the marker."""
        assert target.with_name(f"{target.name}.done").is_file()
        super().move(source, target)


def test_a_file_is_never_there_without_its_marker(inbox: Path, archived: Path) -> None:
    """It would wait for ever, and a second command would find it there already."""
    InboxFolder(inbox, MarkerFirst(), done_suffix=".done").put(archived, NAME)
    assert sorted(each.name for each in inbox.iterdir()) == [NAME, f"{NAME}.done"]


class Full(Disk):
    """Has no room for another name."""

    def move(self, source: Path, target: Path) -> None:  # noqa: ARG002 - whatever they are
        """Fail."""
        raise OSError(28, "No space left on device")


def test_what_cannot_be_put_leaves_nothing_behind(inbox: Path, archived: Path) -> None:
    """Neither the copy nor the marker."""
    with pytest.raises(OSError, match="No space"):
        InboxFolder(inbox, Full(), done_suffix=".done").put(archived, NAME)
    assert list(inbox.iterdir()) == []


def test_a_file_of_that_name_is_left_alone(inbox: Path, archived: Path) -> None:
    """With its marker."""
    folder = InboxFolder(inbox, Disk(), done_suffix=".done")
    folder.put(archived, NAME)
    (inbox / NAME).write_bytes(b"older")
    with pytest.raises(FileExistsError):
        folder.put(archived, NAME)
    assert (inbox / NAME).read_bytes() == b"older"
    assert (inbox / f"{NAME}.done").is_file()


@needs_rights
@pytest.mark.parametrize("rights", [0o700, 0o2770])
def test_what_an_administrator_puts_is_the_agents(archived: Path, rights: int) -> None:
    """Which owns the folder, or is of its group; files of the archive may be readable to few."""
    if os.geteuid() != 0:
        pytest.skip("only an administrator can give files away")
    archived.chmod(0o600)
    with open_folder() as inbox:
        os.chown(inbox, NOBODY, NOBODY)
        inbox.chmod(rights)
        folder = InboxFolder(inbox, Disk(), done_suffix=".done").make_below("Spring")
        path = folder.put(archived, NAME)
        with as_nobody():
            assert path.read_bytes() == CONTENT
            path.rename(inbox / "claimed.csv")
            path.with_name(f"{NAME}.done").unlink()
        assert bool((inbox / "claimed.csv").stat().st_mode & 0o040) == bool(rights & 0o020)
