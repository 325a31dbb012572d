"""What a listing shows of an inbox, and what a closer look at one drop finds."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from dropbox_agent.core.kind import Kind


class Writer(StrEnum):
    """Whether a program has a file open for writing."""

    FREE = "free"
    BUSY = "busy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class MarkerSighting:
    """The file by which a sender says that a drop is complete.

    Attributes:
        name: It lies beside the drop.
        size: Bytes.
        mtime_ns: Evidence of change, never of age.
    """

    name: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """One drop in an inbox folder, as a listing showed it.

    Attributes:
        path: Path below the inbox, in the operating system's own spelling.
        kind: The kind whose folder it lies in.
        folder: Coupon set folder it lies in; None directly below the kind.
        name: Last element of the path.
        regular: Whether it is a plain file.
        size: Bytes.
        inode: The file's identity.
        mtime_ns: Evidence of change, never of age.
        ctime_ns: Likewise.
        marker: What its sender put beside it to say that it is complete.
    """

    path: str
    kind: Kind
    folder: str | None
    name: str
    regular: bool
    size: int
    inode: int
    mtime_ns: int
    ctime_ns: int
    marker: MarkerSighting | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in an inbox that is no drop and will never be one as it is.

    Attributes:
        path: Path below the inbox, in the operating system's own spelling.
        why: What is wrong with it, and what to do, in one clause.
    """

    path: str
    why: str


@dataclass(frozen=True, slots=True)
class Listing:
    """All that one look at the inbox of a kind shows.

    Attributes:
        drops: In no order.
        mistakes: Likewise.
    """

    drops: list[Sighting]
    mistakes: list[Mistake]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a closer look at a drop found; it cost a reading of the file.

    Attributes:
        cut: How the file ends in the middle of its last record; None if it does not.
        unlike_marker: In what it differs from what its marker says; None if in nothing.
    """

    cut: str | None = None
    unlike_marker: str | None = None


Examine = Callable[[Sighting], Examined]
