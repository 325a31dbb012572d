"""People and programs move, copy and link files into the inbox."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.parcels import Site
from tests.programs import run

OTHER_FILE_SYSTEM = Path("/dev/shm")  # noqa: S108 - a file system, not a name in it


def test_mv_from_a_folder_beside(site: Site) -> None:
    """A file that is moved in from a folder nobody watches is imported (D27)."""
    parcel = site.parcel("mv")
    run("mv", str(parcel.source), str(parcel.target))
    parcel.is_imported_once()


def test_mv_from_another_inbox(site: Site) -> None:
    """A file that lay in the wrong inbox, under a name to be ignored, is imported (D27)."""
    parcel = site.parcel("mv-within")
    elsewhere = site.inbox / "products" / f"{parcel.name}.part"
    run("mv", str(parcel.source), str(elsewhere))
    parcel.is_left_alone(elsewhere)
    run("mv", str(elsewhere), str(parcel.target))
    parcel.is_imported_once()


def test_mv_from_another_file_system(site: Site) -> None:
    """A move that is really a copy, with the old times, is imported whole (D28)."""
    parcel = site.parcel("mv-across", rows=10_000)
    if not os.access(OTHER_FILE_SYSTEM, os.W_OK):
        pytest.skip(f"there is no other file system at {OTHER_FILE_SYSTEM}")
    parcel.make_old()
    with TemporaryDirectory(dir=OTHER_FILE_SYSTEM) as folder:
        run("cp", "-p", str(parcel.source), folder)
        run("mv", f"{folder}/{parcel.name}", str(parcel.target))
    parcel.is_imported_once()


def test_cp_with_old_times(site: Site) -> None:
    """A copy that keeps times of years ago is imported like any other file (D2, D28)."""
    parcel = site.parcel("cp-p")
    parcel.make_old()
    run("cp", "-p", str(parcel.source), str(parcel.target))
    parcel.is_imported_once()


def test_a_hard_link(site: Site) -> None:
    """A file that is linked in is imported, and its sender keeps the other name (D27)."""
    parcel = site.parcel("linked")
    run("ln", str(parcel.source), str(parcel.target))
    parcel.is_imported_once()
    assert parcel.source.read_bytes() == parcel.content


@pytest.mark.parametrize(
    ("sender", "unfinished"),
    [
        ("camel", "~{}"),
        ("excel", "A1B2C3D4"),
        ("nextcloud", "{}.part"),
        ("nifi", ".{}"),
        ("pure-ftpd", ".pureftpd-upload.6512f0a3.15.7c1.1f"),
        ("spring", "{}.writing"),
        ("syncthing", ".syncthing.{}.tmp"),
        ("winscp", "{}.filepart"),
        ("uploader", "{}.uploading"),
    ],
)
def test_a_name_for_what_is_not_complete(site: Site, sender: str, unfinished: str) -> None:
    """A file is left alone under such a name, and taken under its own (D9, D20, D30, D32, D33)."""
    parcel = site.parcel(f"named-by-{sender}")
    elsewhere = parcel.target.with_name(unfinished.format(parcel.name))
    elsewhere.write_bytes(parcel.content)
    parcel.is_left_alone(elsewhere)
    elsewhere.replace(parcel.target)
    parcel.is_imported_once()


def test_a_spreadsheet_that_is_saved_while_it_is_open(site: Site) -> None:
    """The note that a spreadsheet leaves beside an open file is never taken (D33)."""
    parcel = site.parcel("spreadsheet")
    note = parcel.target.with_name(f"~${parcel.name}")
    note.write_bytes(b"\x03Ada")
    parcel.target.write_bytes(parcel.content)
    parcel.is_imported_once()
    assert note.exists()
    note.unlink()
