"""Encodings of text: their names, what a file is in, converting it, and guessing."""

from dropbox_agent.core.encoding.names import known, nearest
from dropbox_agent.core.encoding.telling import (
    HEAD_BYTES,
    encoding_of,
    is_converted,
    marked,
    unmarked_wide,
)

__all__ = [
    "HEAD_BYTES",
    "encoding_of",
    "is_converted",
    "known",
    "marked",
    "nearest",
    "unmarked_wide",
]
