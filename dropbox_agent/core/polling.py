"""When to ask the server about the imports under way.

One schedule serves them all, because one list call answers for all. The next question follows
from progress: an import that has done a third of its rows in ten seconds is asked about when it
should be through, not every two seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dropbox_agent.core.imports import Import, ImportId

FIRST_ASK_SHARE = 0.05
"""The first question about an import that is alone comes after this share of the floor: small ones
are done at once."""

TURN_SHARE = 2.0
"""Where several are under way, the server takes them one after the other: the first question about
a new one, and the next about those that wait behind one that has ended, come after so many times
the floor. Until then one question serves more of them."""

GROWTH = 1.5
"""How much longer each wait is than the one before, while there is no progress to go by."""

MARGIN = 1.05
"""We ask a little after the expected end: a question just before it costs one more."""


@dataclass(frozen=True, slots=True)
class PollRules:
    """How often to ask.

    Attributes:
        floor_seconds: The shortest wait between two questions about one import.
        ceiling_seconds: The longest.
    """

    floor_seconds: float = 1.0
    ceiling_seconds: float = 22.0


@dataclass(slots=True)
class _Followed:
    """One import under way, as we last heard of it."""

    begun_at: float
    due_at: float
    wait_seconds: float
    running_since: float | None = None
    done_then: int = 0
    missing_since: float | None = None


class PollSchedule:
    """Knows which imports are under way and when to ask about them."""

    def __init__(self, rules: PollRules) -> None:
        """Begin with no import under way."""
        self._rules = rules
        self._followed: dict[ImportId, _Followed] = {}

    def follow_only(self, imports: Iterable[ImportId], now: float) -> None:
        """Ask about these imports from now on, and about no others."""
        share = TURN_SHARE if self._followed else FIRST_ASK_SHARE
        first = now + self._rules.floor_seconds * share
        self._followed = {
            each: self._followed.get(each) or _Followed(now, first, self._rules.floor_seconds)
            for each in imports
        }

    def answered(self, told: Import, now: float) -> None:
        """Take in what the server said and plan the next question."""
        if (followed := self._followed.get(told.id)) is None:
            return
        followed.missing_since = None
        followed.due_at = now + self._next_wait(followed, told, now)
        if told.status.ended:
            self._next_may_begin(now)

    def _next_may_begin(self, now: float) -> None:
        """Ask soon again about those that did not get on: one import makes way for the next."""
        for each in self._followed.values():
            if each.running_since is None:
                each.wait_seconds = self._rules.floor_seconds * TURN_SHARE
                each.due_at = min(each.due_at, now + each.wait_seconds)

    def missing(self, import_id: ImportId, now: float) -> float:
        """Take in that the server did not know the import; return for how many seconds so far."""
        if (followed := self._followed.get(import_id)) is None:
            return 0.0
        if followed.missing_since is None:
            followed.missing_since = now
        followed.due_at = now + self._wait_without_progress(followed)
        return now - followed.missing_since

    def followed_seconds(self, import_id: ImportId, now: float) -> float:
        """Tell for how long we have been asking about an import."""
        followed = self._followed.get(import_id)
        return now - followed.begun_at if followed else 0.0

    def due_at(self) -> float | None:
        """Tell when to ask next; None when nothing is under way."""
        return min((each.due_at for each in self._followed.values()), default=None)

    def _next_wait(self, followed: _Followed, told: Import, now: float) -> float:
        floor, ceiling = self._rules.floor_seconds, self._rules.ceiling_seconds
        expected = self._expected_seconds(followed, told, now)
        if expected is not None:
            return min(max(expected * MARGIN, floor), ceiling)
        return self._wait_without_progress(followed)

    def _wait_without_progress(self, followed: _Followed) -> float:
        wait = followed.wait_seconds
        followed.wait_seconds = min(wait * GROWTH, self._rules.ceiling_seconds)
        return wait

    def _expected_seconds(self, followed: _Followed, told: Import, now: float) -> float | None:
        """Extrapolate from the rows done since we first saw any; None while there is no telling."""
        if followed.running_since is None or told.done < followed.done_then:
            if told.done > 0:
                followed.running_since, followed.done_then = now, told.done
            return None
        rows, seconds = told.done - followed.done_then, now - followed.running_since
        if not (rows > 0 and seconds > 0 and told.total):
            return None
        return max(told.total - told.done, 0) * seconds / rows
