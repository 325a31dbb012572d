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
        message: What is wrong, naming what was found. Never a value out of a row, but
            for a few characters of a word that cannot be read for sure.
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
class SentColumn:
    """One column of what is sent.

    Attributes:
        name: Its name.
        source: Where the column of the sender's file stands that it is, from 0; None when it is
            added.
        constant: What an added column has in every row.
    """

    name: str
    source: int | None = None
    constant: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is sent in place of a file whose columns or line ends cannot go out as they are.

    Attributes:
        columns: The columns that are sent, in order.
        copies_rows: Whether rows have to be written anew; otherwise only the header is another,
            and the bytes of the rows are the sender's.
    """

    columns: tuple[SentColumn, ...]
    copies_rows: bool

    @property
    def names(self) -> tuple[str, ...]:
        """The header that is sent."""
        return tuple(each.name for each in self.columns)

    @property
    def constants(self) -> frozenset[str]:
        """Names of the columns that are added."""
        return frozenset(each.name for each in self.columns if each.source is None)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What checking learned about a file, whatever the verdict.

    Attributes:
        bytes: Size of the file.
        sha256: Hash of the whole file in hexadecimal.
        rows: Number of records, the header not counted; 0 when they could not be read.
        encoding: What it is in, such as ``utf-8``, ``utf-8-sig`` (with a byte-order mark) or
            ``windows-1252``; a guess when it was rejected for that; None when nothing is known.
        delimiter: ``,`` or ``;``; None when none was found.
        columns: The header's names, in order, as the sender wrote them.
        header_lines: How many physical lines come before the first row.
        row_faults: Number of faults of single rows.
    """

    bytes: int
    sha256: str
    rows: int = 0
    encoding: str | None = None
    delimiter: str | None = None
    columns: tuple[str, ...] = ()
    header_lines: int = 1
    row_faults: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking decided about a file.

    Attributes:
        facts: What was learned about the file.
        issues: The first faults, at most 1,000, in the order of their lines.
        errors: Number of all faults that keep the file from being sent.
        warnings: Number of all other faults.
        header: The bytes of the header record with its line end, without a byte-order mark. Without
            a plan they go in front of every slice but the first, with one in front of all.
        slices: What to send, in order: without a plan the first begins with the header. Empty when
            rejected.
        plan: What is sent instead of the file as it is; None when it needs no change. If rows are
            written anew, the slices are those of the file until that has been done.
    """

    facts: FileFacts
    issues: tuple[Issue, ...] = ()
    errors: int = 0
    warnings: int = 0
    header: bytes = b""
    slices: tuple[Slice, ...] = ()
    plan: Plan | None = None

    @property
    def sendable(self) -> bool:
        """Whether the file may be sent."""
        return self.errors == 0 and bool(self.slices)

    @property
    def faults(self) -> frozenset[str]:
        """Codes of the listed faults that keep the file from being sent."""
        return frozenset(each.code for each in self.issues if each.severity is Severity.ERROR)

    @property
    def truncated(self) -> bool:
        """Whether there are more faults than ``issues`` lists."""
        return self.errors + self.warnings > len(self.issues)
