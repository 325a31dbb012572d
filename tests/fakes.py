"""Doubles of the outside world that really do, in memory, what the real thing does."""

import csv
import hashlib
import io
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from dropbox_agent.core.checking import ContactField
from dropbox_agent.core.coupon_sets import CouponSet
from dropbox_agent.core.imports import (
    Accepted,
    ApiUnavailable,
    Body,
    Import,
    ImportId,
    ImportOptions,
    NotNow,
    OutcomeUnknown,
    SendAnswer,
    Status,
)
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.clocks import SetClock

Turn = Callable[[Callable[[], Import]], SendAnswer]
"""What happens at one call of ``create``: it may call what it is given to accept the file."""


@dataclass(frozen=True)
class Sent:
    """What one call of ``create`` brought to the server.

    Attributes:
        kind: What its rows are.
        options: How they were to be treated.
        content: The bytes.
        became: Id of the import it was made into; None when it was not.
    """

    kind: Kind
    options: ImportOptions
    content: bytes = field(repr=False)
    became: ImportId | None = None

    @property
    def sha256(self) -> str:
        """Hash of the bytes in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def rows(self) -> int:
        """Number of records behind the header."""
        lines = csv.reader(io.StringIO(self.content.decode("utf-8-sig"), newline=""))
        return max(0, sum(1 for line in lines if line) - 1)


def answer_with(answer: SendAnswer) -> Turn:
    """Make no import and give this answer."""
    return lambda _: answer


def lose_answer_before_accepting() -> Turn:
    """Make no import and leave the outcome unknown."""
    return answer_with(_ANSWER_LOST)


def lose_answer_after_accepting() -> Turn:
    """Make the import and leave the outcome unknown."""
    return lambda accept: (accept(), _ANSWER_LOST)[1]


def stop_before_accepting(error: BaseException) -> Turn:
    """Raise, as when the agent is killed while it sends."""

    def turn(_: Callable[[], Import]) -> SendAnswer:
        raise error

    return turn


def stop_after_accepting(error: BaseException) -> Turn:
    """Make the import, then raise, as when the agent is killed before it hears the answer."""

    def turn(accept: Callable[[], Import]) -> SendAnswer:
        accept()
        raise error

    return turn


_ANSWER_LOST = OutcomeUnknown(
    TryLater("Whether it was taken is not known.", hint="Look there.", code="network-down")
)
_QUEUE_FULL = NotNow(TryLater("There is no place left.", hint="Wait.", code="queue-full"))


class FakeImportApi:
    """Keeps imports in memory and works them off, one after the other, as a set clock goes on.

    An import is queued until time has passed, then in progress, then finished.

    Attributes:
        sent: Everything that ``create`` could read, in order, taken or not.
        calls: Names of the methods that were called, in order.
        seconds_per_import: How long each import made from now on takes; 0 ends it at once.
        faulty_rows: Rows that each import made from now on refuses.
        places: Imports that may be queued before the next is refused.
        fields: The contact fields of the account.
        sets: Its coupon sets.
    """

    def __init__(
        self, clock: SetClock, *, seconds_per_import: float = 10.0, places: int = 10
    ) -> None:
        self.sent: list[Sent] = []
        self.calls: list[str] = []
        self.seconds_per_import = seconds_per_import
        self.faulty_rows = 0
        self.places = places
        self.fields: tuple[ContactField, ...] = (
            ContactField("_email", "email", name="Email"),
            ContactField("_name", "text", name="Name"),
        )
        self.sets: tuple[CouponSet, ...] = ()
        self._clock = clock
        self._numbers = itertools.count(1)
        self._records: dict[ImportId, _Record] = {}
        self._turns: deque[Turn] = deque()
        self._errors: dict[str, deque[Exception]] = {
            name: deque() for name in ("get", "recent", "contact_fields", "coupon_sets")
        }
        self._hidden_looks: dict[ImportId, int] = {}

    def create(self, kind: Kind, options: ImportOptions, body: Body) -> SendAnswer:
        """Take one CSV, or do what the script for this call says."""
        self.calls.append("create")
        self.sent.append(Sent(kind, options, b"".join(body.chunks())))
        turn = self._turns.popleft() if self._turns else self._accept_if_there_is_room
        return turn(self._accept_last)

    def get(self, import_id: ImportId) -> Import | None:
        """Tell of one import as it is now."""
        self._called("get")
        record = self._records.get(import_id)
        return record.seen_at(self._clock.monotonic()) if record else None

    def recent(self) -> tuple[Import, ...]:
        """Tell of all imports that are shown, newest first."""
        self._called("recent")
        hidden = {each for each, looks in self._hidden_looks.items() if looks > 0}
        self._hidden_looks = {each: self._hidden_looks[each] - 1 for each in hidden}
        return tuple(each for each in reversed(self.imports) if each.id not in hidden)

    def error_report(self, url: str) -> bytes:
        """Have none: no import here tells of one."""
        self.calls.append("error_report")
        raise ApiUnavailable(f"no report at {url}", hint="none", code="no-error-report")

    def contact_fields(self) -> tuple[ContactField, ...]:
        """Tell of the contact fields."""
        self._called("contact_fields")
        return self.fields

    def coupon_sets(self) -> tuple[CouponSet, ...]:
        """Tell of the coupon sets."""
        self._called("coupon_sets")
        return self.sets

    @property
    def imports(self) -> tuple[Import, ...]:
        """Every import as it is now, oldest first; asking so is no call."""
        now = self._clock.monotonic()
        return tuple(each.seen_at(now) for each in self._records.values())

    def next_create(self, *turns: Turn) -> None:
        """Script the next calls of ``create``."""
        self._turns.extend(turns)

    def next_get(self, *errors: Exception) -> None:
        """Let the next calls of ``get`` fail."""
        self._errors["get"].extend(errors)

    def next_recent(self, *errors: Exception) -> None:
        """Let the next calls of ``recent`` fail."""
        self._errors["recent"].extend(errors)

    def next_contact_fields(self, *errors: Exception) -> None:
        """Let the next calls of ``contact_fields`` fail."""
        self._errors["contact_fields"].extend(errors)

    def next_coupon_sets(self, *errors: Exception) -> None:
        """Let the next calls of ``coupon_sets`` fail."""
        self._errors["coupon_sets"].extend(errors)

    def hide(self, import_id: ImportId, looks: int) -> None:
        """Leave an import out of the list for so many looks, as a server that lags."""
        self._hidden_looks[import_id] = looks

    def end(self, import_id: ImportId, status: Status) -> None:
        """End an import now; unless it is finished, half of its rows are done."""
        self._records[import_id] = replace(
            self._records[import_id], ends_at=self._clock.monotonic(), end=status
        )

    def claim(self, import_id: ImportId, **members: Any) -> None:  # noqa: ANN401 (any member)
        """From now on tell this of an import, true or not: ``status``, ``success``, ``total``."""
        record = self._records[import_id]
        self._records[import_id] = replace(record, lies={**record.lies, **members})

    def vanish(self, import_id: ImportId) -> None:
        """Forget an import."""
        del self._records[import_id]

    def start_in_app(self, kind: Kind, rows: int = 1) -> Import:
        """Make an import as a person does in the web application."""
        return self._make(kind, ImportOptions(), rows, origin="app")

    def _called(self, name: str) -> None:
        self.calls.append(name)
        if self._errors[name]:
            raise self._errors[name].popleft()

    def _accept_if_there_is_room(self, accept: Callable[[], Import]) -> SendAnswer:
        queued = sum(each.status is Status.QUEUED for each in self.imports)
        return Accepted(accept()) if queued < self.places else _QUEUE_FULL

    def _accept_last(self) -> Import:
        last = self.sent[-1]
        made = self._make(last.kind, last.options, last.rows, origin="api")
        self.sent[-1] = replace(last, became=made.id)
        return made

    def _make(self, kind: Kind, options: ImportOptions, rows: int, *, origin: str) -> Import:
        begins_at = max([self._clock.monotonic(), *(r.ends_at for r in self._records.values())])
        record = _Record(
            Import(
                id=ImportId(f"{next(self._numbers):024x}"),
                kind=kind,
                status=Status.QUEUED,
                status_text=Status.QUEUED,
                origin=origin,
                options=options,
                total=rows,
                created_at=self._clock.now().isoformat(),
            ),
            begins_at,
            ends_at=begins_at + self.seconds_per_import,
            faulty_rows=self.faulty_rows,
        )
        self._records[record.made.id] = record
        return record.seen_at(self._clock.monotonic())


@dataclass(frozen=True)
class _Record:
    """One import over time."""

    made: Import
    begins_at: float
    ends_at: float
    faulty_rows: int
    end: Status = Status.FINISHED
    lies: dict[str, Any] = field(default_factory=dict)

    def seen_at(self, now: float) -> Import:
        """Show it as it is at a moment."""
        return replace(self._truth_at(now), **self.lies)

    def _truth_at(self, now: float) -> Import:
        rows = self.made.total or 0
        if now >= self.ends_at:
            done = rows if self.end is Status.FINISHED else rows // 2
            return self._with_rows_done(self.end, done)
        if now > self.begins_at:
            share = (now - self.begins_at) / (self.ends_at - self.begins_at)
            return self._with_rows_done(Status.IN_PROGRESS, int(rows * share))
        return self.made

    def _with_rows_done(self, status: Status, done: int) -> Import:
        errors = min(self.faulty_rows, done)
        return replace(
            self.made, status=status, status_text=status, success=done - errors, errors=errors
        )
