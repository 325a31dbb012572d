"""Servers that do imports one by one in time that is set: one simulated, the other the sandbox."""

import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, pairwise

from dropbox_agent.adapters.import_api import ApiAccess, HttpImportApi
from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.imports import Accepted, Import, ImportId, ImportOptions, Status
from dropbox_agent.core.kind import Kind
from dropbox_agent.sandbox import Sandbox, SandboxOptions

STRETCHES = 10
"""In how many stretches, each of a speed of its own, an import goes on."""

SLOWEST, FASTEST = 0.6, 1.4
ROWS = 10_000
LISTED = 20

SANDBOX_ROWS_PER_SECOND = 5.0


@dataclass
class SimulatedServer:
    """Works off imports at uneven speeds.

    Attributes:
        chance: Makes them uneven.
    """

    chance: random.Random
    _course: dict[ImportId, list[float]] = field(default_factory=dict)
    _free_at: float = 0.0

    def create(self, seconds: float, now: float) -> ImportId:
        """Take an import that takes so long once it is its turn."""
        import_id = ImportId(f"i{len(self._course)}")
        shares = [self.chance.uniform(SLOWEST, FASTEST) for _ in range(STRETCHES)]
        moments = [max(now, self._free_at)]
        for share in shares:
            moments.append(moments[-1] + seconds * share / sum(shares))
        self._course[import_id] = moments
        self._free_at = moments[-1]
        return import_id

    def told(self, import_id: ImportId, now: float) -> Import:
        """Tell of one import."""
        moments = self._course[import_id]
        if now >= moments[-1]:
            status, done = Status.FINISHED, ROWS
        elif now < moments[0]:
            status, done = Status.QUEUED, 0
        else:
            status, done = Status.IN_PROGRESS, int(ROWS * _share(moments, now))
        return Import(import_id, Kind.CONTACTS, status, total=ROWS, success=done)

    def listed(self, now: float) -> Iterable[Import]:
        """Tell of those that were created last."""
        return [self.told(each, now) for each in islice(reversed(self._course), LISTED)]

    def ended_at(self, import_id: ImportId) -> float:
        """Tell when an import has really ended."""
        return self._course[import_id][-1]


def _share(moments: Sequence[float], now: float) -> float:
    """Tell how much is done, when each stretch does as much as any other."""
    return sum(
        min(max((now - begin) / (end - begin), 0.0), 1.0) for begin, end in pairwise(moments)
    ) / (len(moments) - 1)


@dataclass
class SandboxServer:
    """The sandbox, asked through our own adapter; only its clock is not real.

    Attributes:
        api: The adapter.
        clock: Holds the time that the sandbox goes by.
    """

    api: HttpImportApi
    clock: list[float]
    _ends_at: dict[ImportId, float] = field(default_factory=dict)
    _free_at: float = 0.0

    def create(self, seconds: float, now: float) -> ImportId:
        """Take an import that takes so long once it is its turn."""
        self.clock[0] = now
        rows = max(1, round(seconds * SANDBOX_ROWS_PER_SECOND))
        answer = self.api.create(Kind.CONTACTS, ImportOptions(), _Rows(rows))
        if not isinstance(answer, Accepted):
            raise TypeError(f"the sandbox has not taken an import: {answer}")
        self._free_at = max(now, self._free_at) + rows / SANDBOX_ROWS_PER_SECOND
        self._ends_at[answer.imported.id] = self._free_at
        return answer.imported.id

    def told(self, import_id: ImportId, now: float) -> Import:
        """Tell of one import."""
        self.clock[0] = now
        if (found := self.api.get(import_id)) is None:
            raise KeyError(import_id)
        return found

    def listed(self, now: float) -> Iterable[Import]:
        """Tell of those that were created last."""
        self.clock[0] = now
        return self.api.recent()

    def ended_at(self, import_id: ImportId) -> float:
        """Tell when an import has really ended."""
        return self._ends_at[import_id]


@contextmanager
def sandbox_server() -> Iterator[SandboxServer]:
    """Run a sandbox in time that is set while the block lasts; it limits no requests."""
    clock = [0.0]
    options = SandboxOptions(rows_per_second=SANDBOX_ROWS_PER_SECOND, requests_per_minute=None)
    with Sandbox(options, clock=lambda: clock[0]) as sandbox:
        access = ApiAccess(url=sandbox.url, key=lambda: sandbox.api_key)
        api = HttpImportApi(access, RequestBudget(limit=10**9))
        try:
            yield SandboxServer(api, clock)
        finally:
            api.close()


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some contacts to send."""

    count: int

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self._content())

    def chunks(self) -> Iterator[bytes]:
        """Give them."""
        yield self._content()

    def _content(self) -> bytes:
        return b"_email\n" + b"".join(b"c%d@example.com\n" % each for each in range(self.count))
