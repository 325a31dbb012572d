"""The sandbox's world: one account and its imports, moved on whenever somebody looks."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from threading import RLock

from dropbox_agent.sandbox.account import Account
from dropbox_agent.sandbox.error_reports import ReportLinks
from dropbox_agent.sandbox.faults import Fault, Faults
from dropbox_agent.sandbox.fields import ContactFields
from dropbox_agent.sandbox.import_queue import ImportQueue
from dropbox_agent.sandbox.imports import (
    Import,
    ImportOptions,
    ImportType,
    Origin,
    RowRules,
    Work,
)
from dropbox_agent.sandbox.keys import Keys
from dropbox_agent.sandbox.options import SandboxOptions
from dropbox_agent.sandbox.problems import queue_full
from dropbox_agent.sandbox.rate import RateLimit
from dropbox_agent.sandbox.rows.checking import HeaderRefused
from dropbox_agent.sandbox.rows.contacts import ContactRows
from dropbox_agent.sandbox.rows.coupons import CouponRows
from dropbox_agent.sandbox.rows.csv_file import CsvFile, Unreadable
from dropbox_agent.sandbox.rows.products import ProductRows
from dropbox_agent.sandbox.rows.writing import Overwriting


class World:
    """Everything that requests read and change.

    ``clock`` tells monotonic seconds; the wall clock's time is derived from it, so that a test
    which sets the clock sets both. Use the contents within ``look()`` only.
    """

    def __init__(
        self,
        options: SandboxOptions,
        clock: Callable[[], float],
        faults: Iterable[Fault | str] = (),
    ) -> None:
        self.options = options
        self.keys = Keys(options.api_key)
        self.faults = Faults(faults)
        self.rate = RateLimit(options.requests_per_minute)
        self.account = Account()
        self.fields = ContactFields()
        self.imports = ImportQueue(
            rows_per_second=options.rows_per_second, start_seconds=options.start_seconds
        )
        self.links = ReportLinks()
        self.now = clock
        self.began = clock()
        self._first_wall = datetime.now(UTC)
        self._requests: Counter[tuple[str, str]] = Counter()
        self._lock = RLock()

    @contextmanager
    def look(self) -> Iterator[float]:
        """Move the world on to now, and hold it still while it is looked at.

        Yields:
            Now, in monotonic seconds.
        """
        with self._lock:
            now = self.now()
            self.imports.advance(now)
            yield now

    def wall(self, moment: float) -> datetime:
        """Turn a moment of the clock into a UTC time."""
        return self._first_wall + timedelta(seconds=moment - self.began)

    def count_request(self, method: str, path: str) -> None:
        """Remember that a request came; this alone does not move the world on."""
        with self._lock:
            self._requests[method, path] += 1

    def requests(self) -> dict[tuple[str, str], int]:
        """Tell how often each method and path was asked for."""
        with self._lock:
            return dict(self._requests)

    def add_import(
        self, type_: ImportType, options: ImportOptions, file: CsvFile, *, origin: Origin = "api"
    ) -> Import:
        """Queue an import of ``file``, which becomes the import's own. Call within ``look()``.

        Raises:
            HeaderRefused: The header does not do for the type.
            Problem: The queue is full.
            Unreadable: It is no CSV in UTF-8.
        """
        try:
            self._require_place()
            work = self._work(type_, options, file)
        except BaseException:
            file.close()
            raise
        if work is None:
            file.close()
        now = self.now()
        record = Import(
            id=f"{int(self.wall(now).timestamp()):08x}{token_hex(8)}",
            type=type_,
            origin=origin,
            options=options,
            sha256=file.spool.sha256,
            bytes=file.spool.size,
            total=file.total,
            created=now,
            work=work,
            misfortune=self.faults.for_import(),
        )
        self.imports.add(record)
        return record

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            self.imports.close()

    def _require_place(self) -> None:
        limit = self.options.max_queued
        if self.imports.waiting(running_too=self.options.running_takes_a_place) >= limit:
            raise queue_full(limit)

    def _work(self, type_: ImportType, options: ImportOptions, file: CsvFile) -> Work | None:
        """Choose the rules for a file; None where a faulty one is to fail later."""
        try:
            if file.fault is not None:
                raise file.fault
            return Work(file, self._rules(type_, options, file.columns))
        except (HeaderRefused, Unreadable):
            if self.options.header_faults == "refuse":
                raise
            return None

    def _rules(
        self, type_: ImportType, options: ImportOptions, columns: tuple[str, ...]
    ) -> RowRules:
        overwriting = Overwriting(
            override_existing=options.override_existing,
            only_empty=options.update_only_empty_fields,
            refuse_existing=self.options.existing_rows == "error",
        )
        match type_:
            case ImportType.CONTACTS:
                return ContactRows(columns, overwriting, self.account, self.fields, self.options)
            case ImportType.PRODUCTS:
                return ProductRows(columns, overwriting, self.account, self.options)
            case ImportType.COUPONS:
                coupon_set = self.account.coupon_sets[options.coupon_set_id or ""]
                return CouponRows(columns, coupon_set, self.options)
