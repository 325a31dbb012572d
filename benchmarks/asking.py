"""Two ways of following imports to their end, in time that is set: the script's, and ours."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Protocol

from dropbox_agent.core.delivery import FRESH_SECONDS
from dropbox_agent.core.imports import Import, ImportId
from dropbox_agent.core.polling import PollRules, PollSchedule

SCRIPT_SECONDS = 2.0
"""How long the vendor's script waits between two looks at its import (documented)."""

MINUTE = 60.0


class Server(Protocol):
    """Takes imports and tells how far they are. ``now`` never goes back."""

    def create(self, seconds: float, now: float) -> ImportId:
        """Take an import that takes so long once it is its turn."""
        ...

    def told(self, import_id: ImportId, now: float) -> Import:
        """Tell of one import."""
        ...

    def listed(self, now: float) -> Iterable[Import]:
        """Tell of those that were created last."""
        ...

    def ended_at(self, import_id: ImportId) -> float:
        """Tell when an import has really ended."""
        ...


@dataclass
class Course:
    """What following some imports took.

    Attributes:
        delays: Seconds from the end of each to when it was known.
        asks: When it was asked how far they are.
        sends: When each other request was made: those that create, and looks before them.
    """

    delays: list[float] = field(default_factory=list)
    asks: list[float] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)

    @property
    def asks_each(self) -> float:
        """How often was asked for each import."""
        return len(self.asks) / len(self.delays)

    @property
    def most_in_a_minute(self) -> int:
        """How many requests there were in the busiest minute."""
        return most_in_a_minute(sorted(self.asks + self.sends))


def most_in_a_minute(moments: Sequence[float]) -> int:
    """Count the requests in the busiest minute.

    Args:
        moments: When each was made, in order.
    """
    most, first = 0, 0
    for last, at in enumerate(moments):
        while moments[first] <= at - MINUTE:
            first += 1
        most = max(most, last - first + 1)
    return most


def as_the_script(server: Server, durations: Sequence[float], at_once: int) -> Course:
    """Create, then ask for this one import every two seconds; as many scripts as wanted at once."""
    course = Course()
    left = list(reversed(durations))
    asks: list[tuple[float, ImportId]] = []

    def create(now: float) -> None:
        course.sends.append(now)
        heappush(asks, (now, server.create(left.pop(), now)))

    for _ in range(min(at_once, len(left))):
        create(0.0)
    while asks:
        now, import_id = heappop(asks)
        course.asks.append(now)
        if not server.told(import_id, now).status.ended:
            heappush(asks, (now + SCRIPT_SECONDS, import_id))
            continue
        course.delays.append(now - server.ended_at(import_id))
        if left:
            create(now)
    return course


def as_we_do(server: Server, durations: Sequence[float], at_once: int) -> Course:
    """Ask for all of them together, when the schedule says so; look at the list before a send."""
    course = Course()
    schedule = PollSchedule(PollRules())
    left = list(reversed(durations))
    under_way: set[ImportId] = set()
    now, looked_at = 0.0, -FRESH_SECONDS - 1
    while left or under_way:
        while left and len(under_way) < at_once:
            if now > looked_at + FRESH_SECONDS:
                course.sends.append(now)
            looked_at = -FRESH_SECONDS - 1  # each look is good for one send
            course.sends.append(now)
            under_way.add(server.create(left.pop(), now))
        schedule.follow_only(under_way, now)
        now = max(schedule.due_at() or now, now)
        course.asks.append(now)
        looked_at = now
        for told in server.listed(now):
            if told.id in under_way:
                schedule.answered(told, now)
                if told.status.ended:
                    under_way.remove(told.id)
                    course.delays.append(now - server.ended_at(told.id))
    return course
