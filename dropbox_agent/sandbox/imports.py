"""One import: what was asked for, where it stands, and the work that is left."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol

from dropbox_agent.sandbox.error_reports import ErrorReport
from dropbox_agent.sandbox.misfortune import Misfortune
from dropbox_agent.sandbox.rows.checking import Cells, Refusals
from dropbox_agent.sandbox.rows.csv_file import CsvFile

_BATCH_ROWS = 256  # larger batches lose more to the garbage collector than they gain

Origin = Literal["api", "app"]


class ImportType(StrEnum):
    """What the rows are (documented)."""

    CONTACTS = "contacts"
    PRODUCTS = "products"
    COUPONS = "coupons"


class ImportStatus(StrEnum):
    """Where an import stands (documented, but for ``VANISHED``)."""

    QUEUED = "queued"
    IN_PROGRESS = "inProgress"
    FINISHED = "finished"
    ERROR = "error"
    CANCELLED = "cancelled"
    VANISHED = "vanished"
    """Gone without a trace; never shown to clients."""

    @property
    def ended(self) -> bool:
        """Whether nothing more happens."""
        return self not in {ImportStatus.QUEUED, ImportStatus.IN_PROGRESS}


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What a client asked for, as the API's ``options``."""

    delimiter: str = ","
    override_existing: bool = True
    update_only_empty_fields: bool = False
    coupon_set_id: str | None = None


class RowRules(Protocol):
    """Checks rows and applies the good ones to the account."""

    def apply(self, rows: Sequence[Cells]) -> Refusals:
        """Apply the good rows; give the reasons for the others."""
        ...


@dataclass(slots=True)
class Work:
    """The rows of an import that are still to be applied."""

    file: CsvFile
    rules: RowRules


@dataclass(slots=True, kw_only=True, eq=False)
class Import:
    """One import of the account; moments are monotonic seconds.

    Attributes:
        sha256: Hash of the file's bytes, in hexadecimal.
        bytes: Size of the file.
        total: Number of rows.
        work: What is left to do; None when it ended, or when the file could not be used.
        report: The refused rows; None while there are none.
        deleted: Whether clients can no longer see it.
        listings: How often the list was asked for since it was created.
    """

    id: str
    type: ImportType
    origin: Origin
    options: ImportOptions
    sha256: str
    bytes: int
    total: int
    created: float
    work: Work | None
    misfortune: Misfortune = field(default_factory=Misfortune)
    status: ImportStatus = ImportStatus.QUEUED
    started: float | None = None
    ended: float | None = None
    success: int = 0
    errors: int = 0
    report: ErrorReport | None = None
    deleted: bool = False
    listings: int = 0

    def begin(self, moment: float) -> None:
        """Start importing at ``moment``."""
        self.status = ImportStatus.IN_PROGRESS
        self.started = moment
        if self.work is None:
            self.end(ImportStatus.ERROR, moment)

    def apply(self, rows: int) -> None:
        """Apply the next ``rows`` rows."""
        while rows > 0 and self.work is not None:
            batch = self.work.file.take(min(rows, _BATCH_ROWS))
            taken = batch.rows
            refused = self.work.rules.apply(taken) if taken else {}
            lines = batch.lines() if refused else []
            for index in sorted(refused):
                self._report(self.work, taken[index], lines[index], refused[index])
            self.errors += len(refused)
            self.success += len(taken) - len(refused)
            rows -= len(taken)

    def end(self, status: ImportStatus, moment: float) -> None:
        """Stop at ``moment``, whatever is left to do."""
        self.status = status
        self.ended = moment
        self.deleted = status is ImportStatus.VANISHED
        self._drop_work()

    def forget(self) -> None:
        """Delete the record; what was imported stays."""
        self.deleted = True
        self.close()

    def close(self) -> None:
        """Let go of all files."""
        self._drop_work()
        if self.report is not None:
            self.report.close()
            self.report = None

    def listed(self, now: float) -> bool:
        """Whether the list shows it."""
        return (
            not self.deleted
            and self.listings >= self.misfortune.hidden_listings
            and now - self.created >= self.misfortune.hidden_seconds
        )

    def _drop_work(self) -> None:
        if self.work is not None:
            self.work.file.close()
            self.work = None

    def _report(self, work: Work, cells: Cells, line: int, reason: str) -> None:
        if self.report is None:
            self.report = ErrorReport(work.file.columns, self.options.delimiter)
        self.report.add(cells, line, reason)


@dataclass(frozen=True, slots=True)
class ReceivedImport:
    """What one import really was and did, whatever clients are told.

    Attributes:
        id: Its id.
        type: Its type.
        origin: ``api``, or ``app`` for imports made as in the web application.
        options: What was asked for.
        sha256: Hash of the file's bytes, in hexadecimal.
        bytes: Size of the file.
        rows: Number of rows in the file.
        status: Where it really stands; ``vanished`` when it is gone by a fault.
        success: Rows that were really applied, or left alone as asked.
        errors: Rows that were really refused.
        deleted: Whether clients can no longer see it.
    """

    id: str
    type: ImportType
    origin: Origin
    options: ImportOptions
    sha256: str
    bytes: int
    rows: int
    status: ImportStatus
    success: int
    errors: int
    deleted: bool

    @classmethod
    def of(cls, record: Import) -> "ReceivedImport":
        """Copy what an import is now."""
        return cls(
            id=record.id,
            type=record.type,
            origin=record.origin,
            options=record.options,
            sha256=record.sha256,
            bytes=record.bytes,
            rows=record.total,
            status=record.status,
            success=record.success,
            errors=record.errors,
            deleted=record.deleted,
        )
