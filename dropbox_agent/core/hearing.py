"""Whether arrivals are announced to us: measured by what the listings find without a word.

A watch can go deaf while all its threads are alive. The only proof that it hears is that what a
listing finds had been announced, or is a moment later.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator
from math import inf

GRACE_SECONDS = 5.0
"""How long an announcement may come after the listing that found the file."""

MEMORY_SECONDS = 120.0
"""For how long an announcement is remembered: a long listing finds some files late."""

LENIENT_SECONDS = 60.0
"""For how long a new watch is not judged: what is found then may have come before it."""

MOST_REMEMBERED = 10_000
"""How many announcements are remembered at most, and how many files wait for theirs."""

JUDGED_LISTINGS = 5
"""How many of the latest listings are taken together; only those that found something new."""

DEAF_LISTINGS = 2
"""With so many of them without any announcement, something is wrong."""


class Hearing:
    """Compares what listings find with what was announced.

    Attributes:
        missed: Files found without ever being announced, since the start.
    """

    def __init__(self) -> None:
        """Begin without a watch; nothing is judged before ``begin``."""
        self.missed = 0
        self._lenient_until = inf
        self._announced: dict[str, float] = {}
        self._waiting: dict[str, float] = {}
        self._latest: deque[bool] = deque(maxlen=JUDGED_LISTINGS)

    def begin(self, now: float) -> None:
        """Go on with a new watch."""
        self._lenient_until = now + LENIENT_SECONDS

    def listed(self, found: Iterable[str], announced: Collection[str] | None, now: float) -> None:
        """Take in a listing of the whole inbox or a part of it.

        Args:
            found: Paths of the files that are new in it.
            announced: What was announced since the last call; None if that was too much to
                remember, so that nobody can tell what is missing.
            now: On the monotonic clock.
        """
        if announced is None:
            self._lenient_until = max(self._lenient_until, now + LENIENT_SECONDS)
        else:
            self._remember(announced, now)
        if now < self._lenient_until:
            self._waiting.clear()
            return
        heard = self._match(list(found), now)
        missed = [path for path, at in self._waiting.items() if now - at >= GRACE_SECONDS]
        for path in missed:
            del self._waiting[path]
        self.missed += len(missed)
        # A listing of which a part was announced proves nothing either way: in a burst the
        # operating system drops what it cannot queue.
        if heard != bool(missed):
            self._latest.append(heard)

    def _remember(self, announced: Collection[str], now: float) -> None:
        for path in announced:
            self._announced.pop(path, None)  # the latest come last
            self._announced[path] = now
        for path in list(self._outlived(now)):
            del self._announced[path]

    def _outlived(self, now: float) -> Iterator[str]:
        too_many = len(self._announced) - MOST_REMEMBERED
        for number, (path, at) in enumerate(self._announced.items()):
            if number >= too_many and now - at < MEMORY_SECONDS:
                return
            yield path

    def _match(self, new: list[str], now: float) -> bool:
        """Strike out what was announced, and say whether anything was."""
        unheard = [path for path in new if path not in self._announced]
        late = [path for path in self._waiting if path in self._announced]
        for path in late:
            del self._waiting[path]
        room = MOST_REMEMBERED - len(self._waiting)
        self._waiting.update(dict.fromkeys(unheard[:room], now))
        return bool(late) or len(unheard) < len(new)

    def forget(self) -> None:
        """Judge by the listings to come, and no more by those until now."""
        self._latest.clear()

    @property
    def is_bad(self) -> bool:
        """Whether arrivals keep being missed."""
        return self._latest.count(False) >= DEAF_LISTINGS

    @property
    def is_good(self) -> bool:
        """Whether all has been announced for long enough to rely on it."""
        return len(self._latest) == JUDGED_LISTINGS and all(self._latest)
