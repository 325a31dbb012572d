"""Faults found in a file, and the verdict they lead to."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a fault matters."""

    ERROR = "error"
    """The file is not sent."""

    WARNING = "warning"
    """The file is sent; the server has the last word on the row."""


@dataclass(frozen=True, slots=True)
class Issue:
    """One fault found in a file.

    Attributes:
        code: A stable kebab-case name of the rule.
        severity: Whether it keeps the file from being sent.
        message: What is wrong, naming what was found. Never a value out of a row.
        hint: What to do about it.
        line: Physical line in the sender's file, from 1; None when it concerns the whole file.
        column: The header of the column, as the sender wrote it.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    line: int | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Slice:
    """A run of whole records of a file: what one import is sent.

    Attributes:
        start: Offset of the first byte.
        end: Offset behind the last byte.
        rows: Number of records, the header not counted.
    """

    start: int
    end: int
    rows: int

    def __post_init__(self) -> None:
        if not (0 <= self.start <= self.end and self.rows >= 0):
            raise ValueError(f"no such slice: {self}")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What checking learned about a file, whatever the verdict.

    Attributes:
        bytes: Size of the file.
        sha256: Hash of the whole file in hexadecimal.
        rows: Number of records, the header not counted; 0 when they could not be read.
        encoding: ``utf-8`` or ``utf-8-sig`` (with a byte-order mark), or a guess when rejected;
            None when nothing is known.
        delimiter: ``,`` or ``;``; None when none was found.
        columns: The header's names, in order, as the sender wrote them.
    """

    bytes: int
    sha256: str
    rows: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking decided about a file.

    Attributes:
        facts: What was learned about the file.
        issues: The first faults, at most 1,000, in the order of their lines.
        errors: Number of all faults that keep the file from being sent.
        warnings: Number of all other faults.
        header: The bytes of the header record with its line end, without a byte-order mark; they
            go in front of every slice but one that begins with them.
        slices: What to send, in order: the first begins with the header. Empty when rejected.
    """

    facts: FileFacts
    issues: tuple[Issue, ...] = ()
    errors: int = 0
    warnings: int = 0
    header: bytes = b""
    slices: tuple[Slice, ...] = ()

    @property
    def sendable(self) -> bool:
        """Whether the file may be sent."""
        return self.errors == 0 and bool(self.slices)

    @property
    def truncated(self) -> bool:
        """Whether there are more faults than ``issues`` lists."""
        return self.errors + self.warnings > len(self.issues)
