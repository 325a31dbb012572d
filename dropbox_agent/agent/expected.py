"""Watches whether the files that are expected come."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo
from typing import Final, Protocol

from dropbox_agent.agent.witnesses import SilentWitness
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.digest import News, Topic
from dropbox_agent.core.expecting import Expectation, Known, Missing, Sight, missing, place_of
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.report import Json

START_SECONDS: Final = 60.0
"""How long after a start nothing is called missing: the inboxes have to be looked at first."""

HINT: Final = "Look at the program that sends it."


class Memory(Protocol):
    """Keeps what is known of expected files over restarts."""

    def write(self, known: Mapping[str, Known]) -> None:
        """Replace what was kept before. Never raises."""
        ...


class ExpectedFiles(SilentWitness):
    """Tells once when an expected file is missing, and once when it has come."""

    def __init__(
        self,
        expectations: Sequence[Expectation],
        known: Mapping[str, Known],
        *,
        memory: Memory,
        clock: Clock,
        zone: tzinfo,
        tell: Callable[[News], bool],
    ) -> None:
        """Begin to wait.

        Args:
            expectations: What should come.
            known: What is known of each, by the text of its expectation.
            memory: Where to keep it.
            clock: The time.
            zone: The zone of times of day.
            tell: Told the news, from any thread. Says whether ``was_told`` is called when people
                have it; if not, there is nobody to have it.
        """
        self._expectations = tuple(expectations)
        self._known = dict(known)
        self._absent = {text for text, each in known.items() if each.told}
        self._memory = memory
        self._clock = clock
        self._zone = zone
        self._tell = tell
        self._in_sight: Sight | None = None
        self._judge_from = clock.monotonic() + START_SECONDS
        self._one_at_a_time = threading.Lock()
        memory.write(self._known)

    def stepped(self, job: Job) -> None:
        """Note which files come."""
        if job.stage is not Stage.CLAIMED:
            return
        place = place_of(job)
        with self._one_at_a_time:
            for each in self._expectations:
                if each.covers(place):
                    known = self._known[each.text]
                    last = max(known.last or job.received_at, job.received_at)
                    self._known[each.text] = replace(known, last=last)
            self._memory.write(self._known)

    def write(self, status: Json) -> None:
        """See with each heartbeat what is missing."""
        self._in_sight = Sight.told_by(status)
        if self._clock.monotonic() >= self._judge_from:
            self.judge()

    def judge(self) -> None:
        """Tell what is missing, and what no longer is."""
        if self._in_sight is None:
            return
        with self._one_at_a_time:
            self._set_right()
            news = list(self._changes(self._in_sight))
        for each in news:
            if not self._tell(each):
                self.was_told(each)

    def was_told(self, news: News) -> None:
        """Remember that people know something. May be called from any thread."""
        with self._one_at_a_time:
            known = self._known.get(news.key) if news.topic is Topic.MISSING else None
            if known:
                self._known[news.key] = replace(known, told=not news.is_over)
                self._memory.write(self._known)

    def _changes(self, in_sight: Sight) -> Iterator[News]:
        now = self._clock.now()
        found = missing(self._expectations, self._known, in_sight, now, self._zone)
        gone = {each.expectation.text: each for each in found}
        for each in self._expectations:
            text = each.text
            if text in gone and text not in self._absent and each.kind not in in_sight.crowded:
                self._absent.add(text)
                yield self._gone(gone[text])
            elif text in self._absent and text not in gone:
                self._absent.discard(text)
                yield _came(text)

    def _set_right(self) -> None:
        """See to it that a clock that was ahead for a while does not make us wait for ever."""
        now = self._clock.now()
        known = {text: each.up_to(now) for text, each in self._known.items()}
        if known != self._known:
            self._known = known
            self._memory.write(known)

    def _gone(self, absent: Missing) -> News:
        detail = f"{absent.sentence(self._zone)} {HINT}"
        return News(Topic.MISSING, absent.expectation.text, absent.expectation.text, detail)


def _came(text: str) -> News:
    return News(Topic.MISSING, text, text, "It has come.", is_over=True)
