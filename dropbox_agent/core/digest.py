"""News for people who do not watch: gathered into one message now and then, never a storm.

Waits are on the monotonic clock. What is over before it could be told is not told at all.
"""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Final

from dropbox_agent.core.backoff import Backoff

FIRST_SECONDS: Final = 20.0
"""How long the first news after a quiet time waits for more: trouble seldom comes alone."""

MOST_KEPT: Final = 500
"""How much news is kept one by one for a channel that takes none; of the rest only the number."""

RETRY: Final = Backoff(30.0, 1800.0)
"""How long a channel that took nothing is left alone."""


class Topic(StrEnum):
    """What news can be about."""

    FAILED = "failed"
    REJECTED = "rejected"
    PARTIAL = "partial"
    HELD = "held"
    PAUSED = "paused"
    STALLED = "stalled"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class News:
    """Something to be told.

    Attributes:
        topic: What it is about.
        key: The same for a trouble and its end.
        subject: Which file, or what else, on one line.
        detail: What happened and what to do, on one line. Never a value out of a row.
        where: Where to read more, on one line.
        is_over: Whether it is the end of a trouble told before.
    """

    topic: Topic
    key: str
    subject: str
    detail: str
    where: str = ""
    is_over: bool = False

    def ends(self, other: "News") -> bool:
        """Whether it is the end of that trouble."""
        same = (self.topic, self.key) == (other.topic, other.key)
        return same and self.is_over and not other.is_over


@dataclass(frozen=True, slots=True)
class Batch:
    """What one message tells.

    Attributes:
        news: One by one.
        more: Of how much more only the number is known, by topic.
    """

    news: tuple[News, ...]
    more: Counter[Topic]

    def __len__(self) -> int:
        return len(self.news) + self.more.total()


class Digest:
    """Gathers the news for one channel, and decides when to tell it."""

    def __init__(self, seconds: float, retry: Backoff = RETRY) -> None:
        """Begin with nothing told.

        Args:
            seconds: How long to be quiet after a message.
            retry: How long to wait after one that was not taken.
        """
        self._seconds = seconds
        self._retry = retry
        self._pending: list[News] = []
        self._more: Counter[Topic] = Counter()
        self._in_hand: Batch | None = None
        self._earliest = -inf
        self._gathered_at = inf
        self._failures = 0

    def __len__(self) -> int:
        """How much news has not been told."""
        return len(self._pending) + self._more.total() + len(self._in_hand or ())

    @property
    def due_at(self) -> float:
        """When the next message is due; infinity while there is nothing to tell, or one on way."""
        if self._in_hand is not None or not (self._pending or self._more):
            return inf
        return max(self._gathered_at, self._earliest)

    def add(self, news: News, now: float) -> None:
        """Take news in."""
        over = [each for each in self._pending if news.ends(each)]
        if over:
            self._pending.remove(over[0])
            return
        if self.due_at == inf:
            self._gathered_at = now + min(FIRST_SECONDS, self._seconds)
        self._keep([news])

    def take(self) -> Batch:
        """Give all there is to tell; ``sent`` or ``failed`` has to follow."""
        self._in_hand = Batch(tuple(self._pending), self._more)
        self._pending, self._more = [], Counter()
        return self._in_hand

    def sent(self, now: float) -> None:
        """Forget what was taken: it has been told."""
        self._in_hand = None
        self._failures = 0
        self._earliest = now + self._seconds

    def failed(self, now: float) -> None:
        """Keep what was taken, to be told later together with what has come since."""
        batch, since = self._in_hand, self._pending
        self._in_hand, self._pending = None, []
        self._failures += 1
        self._earliest = now + self._retry.wait_seconds(self._failures)
        if batch is not None:
            self._more.update(batch.more)
            self._keep(batch.news)
        for news in since:
            self.add(news, now)

    def _keep(self, news: "tuple[News, ...] | list[News]") -> None:
        room = max(MOST_KEPT - len(self._pending), 0)
        self._pending.extend(news[:room])
        self._more.update(each.topic for each in news[room:])
