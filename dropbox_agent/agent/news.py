"""Makes news of what happens: of bad outcomes, and of what waits for somebody or for long."""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Final, Protocol

from dropbox_agent.agent.witnesses import SilentWitness
from dropbox_agent.core.digest import News, Topic
from dropbox_agent.core.expecting import clock
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.report import Json

TOPIC_OF = {
    Outcome.FAILED: Topic.FAILED,
    Outcome.REJECTED: Topic.REJECTED,
    Outcome.PARTIAL: Topic.PARTIAL,
}
"""For each bad outcome its topic."""

LASTING: Final = frozenset({Topic.HELD, Topic.PAUSED, Topic.STALLED})
"""What lasts until it is over, and may do so over a restart."""

START: Final = timedelta(seconds=60)
"""How long after a start no trouble of an earlier run is over: everything has to be tried first."""


class Memory(Protocol):
    """Keeps over restarts which troubles people have been told of, and since when."""

    def read(self) -> dict[Topic, dict[str, str]]:
        """Return what was kept, by topic and key."""
        ...

    def write(self, told: Mapping[Topic, Mapping[str, str]]) -> None:
        """Replace what was kept before. Never raises."""
        ...


class NewsDesk(SilentWitness):
    """Tells every trouble once, and its end once if there is one."""

    def __init__(
        self,
        topics: Collection[Topic],
        *,
        tell: Callable[[News], None],
        memory: Memory,
        report_of: Callable[[Job], str],
        paused_seconds: float,
        zone: tzinfo,
    ) -> None:
        """Begin with the troubles that an earlier run has told.

        Args:
            topics: What to tell.
            tell: Told the news, from any thread.
            memory: Where to keep what people have been told.
            report_of: Says where the report of a filed job lies.
            paused_seconds: How long a pause must last to be told.
            zone: The zone in which people read times.
        """
        self._topics = frozenset(topics)
        self._tell_all = tell
        self._report_of = report_of
        self._paused_seconds = paused_seconds
        self._zone = zone
        self._memory = memory
        self._told = memory.read()
        self._remembering = threading.Lock()
        self._held = set(self._told.get(Topic.HELD, ()))
        self._paused = dict(self._told.get(Topic.PAUSED, {}))
        self._stalled = set(self._told.get(Topic.STALLED, ()))
        self._first_beat: datetime | None = None
        self._has_begun = not (self._paused or self._stalled)

    def tell(self, news: News) -> bool:
        """Pass news on if people want to know of such things; say whether they do."""
        is_wanted = news.topic in self._topics
        if is_wanted:
            self._tell_all(news)
        return is_wanted

    def was_told(self, news: News) -> None:
        """Remember that people know of a trouble, or of its end. May be called from any thread."""
        if news.topic not in LASTING:
            return
        with self._remembering:
            told = self._told.setdefault(news.topic, {})
            if news.is_over:
                told.pop(news.key, None)
            else:
                told[news.key] = self._paused.get(news.key, "")
            self._memory.write(self._told)

    def take_up(self, held: Iterable[Job]) -> None:
        """Tell of the jobs that an earlier run held, unless people know of them."""
        jobs = list(held)
        self._held &= {job.id for job in jobs}
        for job in jobs:
            self.stepped(job)

    def stepped(self, job: Job) -> None:
        """Tell of bad outcomes, and of what waits for a decision."""
        if job.stage is Stage.HELD and job.id not in self._held:
            self._held.add(job.id)
            self.tell(News(Topic.HELD, job.id, _subject(job), _reason(job)))
        elif job.stage is not Stage.HELD and job.id in self._held:
            self._held.discard(job.id)
            decided = "Somebody has decided about it."
            self.tell(News(Topic.HELD, job.id, _subject(job), decided, is_over=True))
        topic = TOPIC_OF.get(job.outcome) if job.outcome else None
        if job.stage is Stage.FILED and topic:
            report = f"Report: {self._report_of(job)}"
            self.tell(News(topic, job.id, _subject(job), _reason(job), report))

    def write(self, status: Json) -> None:
        """Look in each heartbeat for what is held up."""
        now = datetime.fromisoformat(status["at"])
        self._first_beat = self._first_beat or now
        self._has_begun = self._has_begun or now >= self._first_beat + START
        self._see_pauses(status["pauses"], now)
        stuck = dict(self._stuck(status["jobs"], now))
        all_told = status["drops_in_sight"] <= len(status["drops"])
        self._see_stalled(status["drops"], stuck, all_told=all_told)

    def _see_pauses(self, pauses: list[Json], now: datetime) -> None:
        lasting = {}
        for pause in pauses:
            since = datetime.fromisoformat(pause["since"])
            if (now - since).total_seconds() >= self._paused_seconds:
                lasting[str(pause["what"])] = since, f"{pause['message']} {pause['hint']}"
        for what, (since, why) in lasting.items():
            if what not in self._paused:
                self._paused[what] = at = clock(since, self._zone)
                self.tell(News(Topic.PAUSED, what, f"{what}, since {at}", why))
        under_way = {str(pause["what"]) for pause in pauses}
        for what in self._paused.keys() - under_way if self._has_begun else ():
            detail = f"It goes on, and was paused since {self._paused.pop(what)}."
            self.tell(News(Topic.PAUSED, what, what, detail, is_over=True))

    def _stuck(self, jobs: list[Json], now: datetime) -> Iterator[tuple[str, str]]:
        """Tell of the files under way of which a step has failed for long, and why."""
        for job in jobs:
            if not job["failing_since"]:
                continue
            since = datetime.fromisoformat(job["failing_since"])
            if (now - since).total_seconds() >= self._paused_seconds:
                why = f"It does not get on since {clock(since, self._zone)}. {job['reason']}"
                yield f".claimed/{job['job']}/{job['name']}", f"{why} {job['hint']}"

    def _see_stalled(self, drops: list[Json], stuck: dict[str, str], *, all_told: bool) -> None:
        stalled = stuck | {
            str(each["path"]): f"It has not become complete: {each['why']}. See: dropbox-agent "
            "explain"
            for each in drops
            if each["stalled"]
        }
        for path, detail in stalled.items():
            if path not in self._stalled:
                self._stalled.add(path)
                self.tell(News(Topic.STALLED, path, f"inbox/{path}", detail))
        if all_told and self._has_begun:
            for path in self._stalled - {str(each["path"]) for each in drops} - stuck.keys():
                self._stalled.discard(path)
                over = "It goes on, or is gone."
                self.tell(News(Topic.STALLED, path, f"inbox/{path}", over, is_over=True))


def _subject(job: Job) -> str:
    where = "/".join(filter(None, (job.kind, job.folder)))
    return f"{where}: '{job.name}' (job {job.id})"


def _reason(job: Job) -> str:
    return f"{job.reason.message} {job.reason.hint}" if job.reason else ""
