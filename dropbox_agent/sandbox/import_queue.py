"""The account's imports: first in, first out, one at a time, as fast as time allows.

Nothing here runs by itself: ``advance(now)`` does all that is due by then.
"""

from collections import deque
from collections.abc import Iterator
from math import floor, inf

from dropbox_agent.sandbox.imports import Import, ImportStatus

_HAIR = 1e-6  # so that a row due exactly now is not lost to rounding


class ImportQueue:
    """Holds every import ever created, and works off those that have not ended."""

    def __init__(self, *, rows_per_second: float | None, start_seconds: float = 0.0) -> None:
        self._rows_per_second = rows_per_second or inf
        self._start_seconds = start_seconds
        self._all: dict[str, Import] = {}
        self._line: deque[Import] = deque()
        self._free_since = -inf

    def __iter__(self) -> Iterator[Import]:
        return iter(self._all.values())

    def add(self, record: Import) -> None:
        """Put an import at the end of the line."""
        self._all[record.id] = record
        self._line.append(record)

    def find(self, import_id: str) -> Import | None:
        """Look an import up as clients see it; None when it is unknown or deleted."""
        record = self._all.get(import_id)
        return None if record is None or record.deleted else record

    def waiting(self, *, running_too: bool = False) -> int:
        """Count the imports that are queued, and the running one where asked."""
        return sum(running_too or each.status is ImportStatus.QUEUED for each in self._line)

    def listing(self, now: float) -> list[Import]:
        """List the imports as clients see them, newest first."""
        shown = [each for each in self._all.values() if each.listed(now)]
        for each in self._all.values():
            each.listings += 1
        return shown[::-1]

    def advance(self, now: float) -> None:
        """Apply all rows that are due at ``now`` (monotonic seconds)."""
        while self._line:
            first = self._line[0]
            if first.status is ImportStatus.QUEUED and not self._start(first, now):
                return
            if first.status is ImportStatus.IN_PROGRESS:
                self._work(first, now)
            if first.ended is None:
                return
            self._free_since = first.ended
            self._line.popleft()

    def cancel(self, record: Import, now: float) -> None:
        """Cancel an import that has not ended, as the web application can."""
        if record in self._line:
            record.end(ImportStatus.CANCELLED, now)
            self._line.remove(record)
            self._free_since = max(self._free_since, now)

    def close(self) -> None:
        """Stand still for good, and let go of all files."""
        self._line.clear()
        for each in self._all.values():
            each.close()

    def _start(self, record: Import, now: float) -> bool:
        moment = max(record.created + self._start_seconds, self._free_since)
        if moment <= now:
            record.begin(moment)
        return moment <= now

    def _work(self, record: Import, now: float) -> None:
        started = now if record.started is None else record.started
        last = record.misfortune.rows_until_end(record.total)
        due = last if self._rows_per_second == inf else self._due(now - started)
        record.apply(min(due, last) - record.success - record.errors)
        if due >= last and record.misfortune.end != "never":
            status = ImportStatus(record.misfortune.end)
            record.end(status, started + last / self._rows_per_second)

    def _due(self, seconds: float) -> int:
        return floor(seconds * self._rows_per_second + _HAIR)
