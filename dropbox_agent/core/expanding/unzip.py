"""Expands the only CSV in a ZIP file. Names in there are read, but never used as paths."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from dropbox_agent.core.checking.rule import quoted
from dropbox_agent.core.checking.rules_compressed import (
    COMPRESSED_CUT_SHORT,
    COMPRESSED_DAMAGED,
    NOT_COMPRESSED,
    ZIP_ENCRYPTED,
    ZIP_METHOD,
    ZIP_NOT_ONE_CSV,
)
from dropbox_agent.core.expanding.fault import NotExpandable, told, too_big
from dropbox_agent.core.naming import PLAIN_ENDING, ZIP_ENDING

PIECE_BYTES = 262_144
ZIP_MAGIC = b"PK\x03\x04"
ZIP_END_MAGIC = b"PK\x05\x06"
ZIP_END_BYTES = 22
ZIP_TAIL_BYTES = ZIP_END_BYTES + 65_535
"""The record that ends a ZIP file, and the longest comment behind it."""

MOST_AT_ONCE = 1 << 20
"""Bytes that zipfile may read in one go. It reads the whole list of contents so; one of this size
names ten thousand files."""

METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""All that common programs use. Others may want gigabytes of memory to be expanded."""

LOCKED = 0x41
"""Flags of an entry that is encrypted, in the old or in the strong way."""

ARCHIVES = (".zip", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".zst", ".7z", ".rar")
LITTER_FOLDER = "__MACOSX"
LITTER = ("thumbs.db", "desktop.ini")
MOST_NAMES = 3

ZIP_TROUBLES = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""All that zipfile raises for archives that are damaged."""


def unzip(file: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """Expand the CSV, unless the archive says itself that it is larger than allowed.

    Raises:
        NotExpandable: The archive is damaged, or holds anything else than one CSV.
        OSError: It cannot be read.
    """
    _need_zip_end(file)
    careful = _Careful(file)
    try:
        with zipfile.ZipFile(careful) as archive:
            entry = _only_csv(archive.infolist())
            if entry.file_size > max_bytes:
                raise too_big(max_bytes)
            with archive.open(entry) as content:
                while piece := content.read(PIECE_BYTES):
                    yield piece
    except ZIP_TROUBLES as error:
        if careful.trouble:
            raise careful.trouble from error
        raise NotExpandable(COMPRESSED_DAMAGED, what=told(error)) from error


def _need_zip_end(file: BinaryIO) -> None:
    """Tell a file that lost its end, or never was a ZIP file, from one that is damaged inside."""
    head = file.read(len(ZIP_MAGIC))
    end = file.seek(0, io.SEEK_END)
    file.seek(max(end - ZIP_TAIL_BYTES, 0))
    tail = file.read(ZIP_TAIL_BYTES)
    if 0 <= tail.rfind(ZIP_END_MAGIC) <= len(tail) - ZIP_END_BYTES:
        return
    if not head.startswith(ZIP_MAGIC):
        raise NotExpandable(NOT_COMPRESSED, ending=ZIP_ENDING)
    raise NotExpandable(COMPRESSED_CUT_SHORT, end=end)


def _only_csv(entries: list[zipfile.ZipInfo]) -> zipfile.ZipInfo:
    """Find the one entry that is meant. Others, such as a readme, are left alone.

    An archive inside may hold more CSVs. So nobody can say that the one beside it is all.
    """
    files = [each for each in entries if not each.is_dir() and not _is_litter(each.filename)]
    meant = [each for each in files if each.filename.lower().endswith((PLAIN_ENDING, *ARCHIVES))]
    if len(meant) != 1 or not meant[0].filename.lower().endswith(PLAIN_ENDING):
        raise NotExpandable(ZIP_NOT_ONE_CSV, what=_listed(meant or files))
    (entry,) = meant
    if entry.flag_bits & LOCKED:
        raise NotExpandable(ZIP_ENCRYPTED)
    if entry.compress_type not in METHODS:
        raise NotExpandable(ZIP_METHOD, method=entry.compress_type)
    return entry


def _is_litter(name: str) -> bool:
    """Whether a desktop has put something into an archive that nobody asked for."""
    *folders, last = name.split("/")
    return LITTER_FOLDER in folders or last.startswith(".") or last.lower() in LITTER


def _listed(entries: list[zipfile.ZipInfo]) -> str:
    names = [quoted(each.filename) for each in entries[:MOST_NAMES]]
    if len(entries) > MOST_NAMES:
        names.append(f"{len(entries) - MOST_NAMES:,} more")
    return ", ".join(names) or "no file"


class _Careful:
    """A file as zipfile reads it, kept from reading too much at once.

    zipfile takes every trouble with a file for damage of the archive; here it is not forgotten.

    Attributes:
        trouble: What the operating system said when the file could not be read.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.trouble: OSError | None = None
        self.tell = file.tell
        self.seekable = file.seekable

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        try:
            return self._file.seek(offset, whence)
        except (OverflowError, ValueError) as error:
            # zipfile knows only what the operating system says of places outside of a file.
            raise OSError("it points to a place outside of the file") from error

    def read(self, length: int = -1, /) -> bytes:
        if length > MOST_AT_ONCE:
            raise NotExpandable(ZIP_NOT_ONE_CSV, what="thousands of files")
        try:
            return self._file.read(length)
        except OSError as error:
            self.trouble = error
            raise
