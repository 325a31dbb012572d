"""Programs write their files slowly, in pieces, or not from front to back.

The test itself is the program that writes; the agent is another process, as it always is.
"""

import mmap
from itertools import pairwise

from tests.parcels import RECORD_BYTES, Site


def test_a_pause_while_the_file_is_open(site: Site) -> None:
    """A file that its writer still has open is left alone however long the pause (D25)."""
    parcel = site.parcel("pause")
    with parcel.target.open("wb") as file:
        file.write(parcel.half)
        file.flush()
        parcel.is_left_alone()
        file.write(parcel.after(parcel.half))
    parcel.is_imported_once()


def test_a_pause_after_the_last_byte(site: Site) -> None:
    """A file that looks complete is left alone as long as it is open for writing (D25)."""
    parcel = site.parcel("late-close")
    with parcel.target.open("wb") as file:
        file.write(parcel.content)
        file.flush()
        parcel.is_left_alone()
    parcel.is_imported_once()


def test_a_file_that_is_opened_again_for_every_piece(site: Site) -> None:
    """A file that grows in short visits is imported when the last one is over (D26)."""
    parcel = site.parcel("pieces")
    cuts = range(0, len(parcel.content), len(parcel.content) // 5 // RECORD_BYTES * RECORD_BYTES)
    for start, end in pairwise([*cuts, len(parcel.content)]):
        with parcel.target.open("ab") as file:
            file.write(parcel.content[start:end])
        site.wait(0.3)
    parcel.is_imported_once()


def test_a_file_that_is_opened_again_after_a_long_time(site: Site) -> None:
    """A file that ends within a record is left alone until the rest has come (D26)."""
    parcel = site.parcel("pieces-late")
    parcel.target.write_bytes(parcel.fragment)
    parcel.is_left_alone()
    with parcel.target.open("ab") as file:
        file.write(parcel.after(parcel.fragment))
    parcel.is_imported_once()


def test_an_empty_file_first(site: Site) -> None:
    """An empty file is left alone until it has content (D23, D29)."""
    parcel = site.parcel("placeholder")
    parcel.target.touch()
    parcel.is_left_alone()
    parcel.target.write_bytes(parcel.content)
    parcel.is_imported_once()


def test_a_file_that_is_emptied_and_written_anew(site: Site) -> None:
    """A file whose writer begins again is imported as it is in the end (D24)."""
    parcel = site.parcel("rewritten")
    with parcel.target.open("wb") as file:
        file.write(parcel.content.replace(b"Ada", b"Eva"))
        file.flush()
        parcel.is_left_alone()
        file.seek(0)
        file.truncate()
        file.write(parcel.half)
        file.flush()
        parcel.is_left_alone()
        file.write(parcel.after(parcel.half))
    parcel.is_imported_once()


def test_a_file_that_has_its_size_before_its_content(site: Site) -> None:
    """A file of full size that is still being filled is left alone (D22)."""
    parcel = site.parcel("preallocated")
    with parcel.target.open("wb") as file:
        file.truncate(len(parcel.content))
        parcel.is_left_alone()
        file.write(parcel.content)
    parcel.is_imported_once()


def test_a_file_that_is_written_through_memory(site: Site) -> None:
    """A file that is mapped for writing is left alone, although it is not open any more (D25)."""
    parcel = site.parcel("mapped")
    size = len(parcel.content)
    with parcel.target.open("w+b") as file:
        file.truncate(size)
        mapped = mmap.mmap(file.fileno(), size)
    with mapped:
        mapped.write(parcel.half)
        parcel.is_left_alone()
        mapped.write(parcel.after(parcel.half))
    parcel.is_imported_once()
