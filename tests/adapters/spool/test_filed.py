"""The agent's own files in the archive: gone is only what is gone for certain."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import Disk, FiledFiles
from dropbox_agent.core.job import JobId, Outcome
from dropbox_agent.core.keeping import Entry, Thing
from dropbox_agent.core.kind import Kind
from tests.rights import as_nobody, needs_rights, open_folder

ENTRY = Entry(
    1,
    JobId("c1"),
    Kind.CONTACTS,
    Outcome.FAILED,
    "bad.csv",
    "20260115T120000Z-c1-bad",
    datetime(2026, 1, 15, tzinfo=UTC),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the job was filed."""
    folder = tmp_path / "failed" / Kind.CONTACTS
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def filed(tmp_path: Path) -> FiledFiles:
    """The archive."""
    return FiledFiles(tmp_path / "processed", tmp_path / "failed", Disk())


@pytest.mark.parametrize("thing", [Thing.FILES, Thing.REPORT])
def test_what_is_not_there_any_more_has_begun_to_go(
    filed: FiledFiles, folder: Path, thing: Thing
) -> None:
    """Of a file and its rows to fix, the file goes first."""
    payload, rows, report = (
        folder / f"{ENTRY.stem}{ending}" for ending in (".csv", ".errors.csv", ".report.json")
    )
    for each in (payload, rows, report):
        each.touch()
    assert not filed.has_begun(thing, ENTRY)
    (payload if thing is Thing.FILES else report).unlink()
    assert filed.has_begun(thing, ENTRY)


@pytest.mark.parametrize("thing", [Thing.FILES, Thing.REPORT])
def test_in_an_empty_archive_nothing_has_gone(
    filed: FiledFiles, folder: Path, thing: Thing
) -> None:
    """It may be a mount that is away; nor is anything left behind."""
    assert not filed.has_begun(thing, ENTRY)
    assert not filed.is_left_behind(ENTRY)
    folder.rmdir()
    assert not filed.has_begun(thing, ENTRY)
    assert not filed.is_left_behind(ENTRY)


def test_an_entry_is_left_behind_when_nothing_of_it_is_there(
    filed: FiledFiles, folder: Path
) -> None:
    """Others are: so the archive is not away."""
    (folder / "note.txt").touch()
    assert filed.is_left_behind(ENTRY)
    (folder / f"{ENTRY.stem}.report.json").touch()
    assert not filed.is_left_behind(ENTRY)


def test_a_link_in_the_place_of_a_file_is_not_ours(filed: FiledFiles, folder: Path) -> None:
    """Neither it nor what it leads to is removed, and it is not taken for gone."""
    payload = folder / f"{ENTRY.stem}.csv"
    payload.symlink_to(folder.parent / "nowhere.csv")
    assert not filed.is_there(Thing.FILES, ENTRY)
    assert not filed.has_begun(Thing.FILES, ENTRY)
    filed.remove(Thing.FILES, ENTRY)
    assert payload.is_symlink()


@needs_rights
def test_what_cannot_be_looked_at_is_not_taken_for_gone() -> None:
    """A folder whose names can be listed, but which cannot be entered, is trouble."""
    with open_folder() as root:
        folder = root / "failed" / Kind.CONTACTS
        folder.mkdir(parents=True)
        (folder / f"{ENTRY.stem}.csv").touch()
        folder.chmod(0o744)
        folder.parent.chmod(0o755)
        root.chmod(0o755)
        filed = FiledFiles(root / "processed", root / "failed", Disk())
        questions: tuple[Callable[[Entry], bool], ...] = (
            partial(filed.has_begun, Thing.FILES),
            partial(filed.is_there, Thing.FILES),
            filed.is_left_behind,
        )
        with as_nobody():
            for question in questions:
                with pytest.raises(PermissionError):
                    question(ENTRY)
