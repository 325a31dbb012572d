"""Expands gzip, member by member."""

import zlib
from collections.abc import Iterator
from typing import BinaryIO

from dropbox_agent.core.checking.rules_compressed import (
    COMPRESSED_CUT_SHORT,
    COMPRESSED_DAMAGED,
    NOT_COMPRESSED,
)
from dropbox_agent.core.expanding.fault import NotExpandable, told

PIECE_BYTES = 262_144
READ_BYTES = 16_384
"""Small, because each of many tiny members copies what is left of it."""

GZIP = 31
"""For zlib: a gzip header, a window of any size, and a trailer with checksum and length."""

GZIP_MAGIC = b"\x1f\x8b"


def gunzip(file: BinaryIO) -> Iterator[bytes]:
    """Expand one gzip member behind the other, as gzip itself does.

    Raises:
        NotExpandable: It is no gzip file, or not a whole one.
    """
    member = zlib.decompressobj(GZIP)
    behind = 0
    while data := file.read(READ_BYTES):
        if behind == 0 and not data.startswith(GZIP_MAGIC[: len(data)]):
            raise NotExpandable(NOT_COMPRESSED, ending=".gz")
        behind += len(data)
        while data:
            if member.eof:
                data = data.lstrip(b"\0")  # what pads blocks of tapes is ignored by gzip too
                if not data:
                    break
                member = zlib.decompressobj(GZIP)
            try:
                piece = member.decompress(data, PIECE_BYTES)
            except zlib.error as error:
                what = f"{told(error)}, near byte {behind - len(data):,}"
                raise NotExpandable(COMPRESSED_DAMAGED, what=what) from error
            data = member.unused_data or member.unconsumed_tail
            yield piece
    while not member.eof and (piece := member.decompress(b"", PIECE_BYTES)):
        yield piece
    if not member.eof:
        raise NotExpandable(COMPRESSED_CUT_SHORT, end=behind)
