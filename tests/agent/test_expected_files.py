"""Expected files: told once when they are missing, and once when they have come."""

from datetime import UTC, timedelta
from pathlib import Path

import pytest

from dropbox_agent.adapters.expected_file import ExpectedFile
from dropbox_agent.agent.expected import START_SECONDS, ExpectedFiles
from dropbox_agent.core.digest import News, Topic
from dropbox_agent.core.expecting import Every, Expectation, Known
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import Json
from tests.clocks import SetClock
from tests.jobs import job_at, new_job

DAILY = Expectation(
    "contacts/crm-*.csv every 24h", Kind.CONTACTS, "crm-*.csv", Every(timedelta(days=1))
)
DAY = 24 * 3600.0


class Waiting:
    """What waits for a file, and what it has told."""

    def __init__(self, folder: Path, clock: SetClock) -> None:
        self.folder = folder
        self.clock = clock
        self.told: list[News] = []
        self.on_its_way = False
        self.start()

    def start(self) -> None:
        """Begin, or begin again after a restart."""
        memory = ExpectedFile(self.folder)
        known = {DAILY.text: Known(self.clock.now())} | memory.read()
        self.files = ExpectedFiles(
            [DAILY],
            known,
            memory=memory,
            clock=self.clock,
            zone=UTC,
            tell=self.tell,
        )

    def tell(self, news: News) -> bool:
        """Take news; say whether it is on its way to somebody who has to take it first."""
        self.told.append(news)
        return self.on_its_way

    def beat(self, *drops: str) -> None:
        """Let the heart beat."""
        self.write(len(drops), *drops)

    def write(self, number: int, *drops: str) -> None:
        """Write a heartbeat that tells the paths of a few drops of contacts of so many."""
        status: Json = {
            "drops": [{"path": each, "kind": "contacts"} for each in drops],
            "crowds": [{"kind": "contacts", "drops": number}],
        }
        self.files.write(status)

    def claimed(self, name: str) -> Job:
        """Make a file come."""
        at = self.clock.now()
        made = new_job(name=name)
        job = Job.claimed(made.id, made.kind, name, folder=None, size=1, at=at)
        self.files.stepped(job)
        return job


@pytest.fixture
def waiting(tmp_path: Path) -> Waiting:
    """Wait for a file that should come each day."""
    return Waiting(tmp_path, SetClock())


def test_a_missing_file_is_told_once(waiting: Waiting) -> None:
    """Until it has come."""
    for _ in range(3):
        waiting.clock.advance(DAY)
        waiting.beat()
    (told,) = waiting.told
    assert (told.topic, told.key, told.is_over) == (Topic.MISSING, DAILY.text, False)
    assert told.detail.startswith("It was due at 2026-01-16 12:00; none ever came.")
    waiting.claimed("crm-1.csv")
    waiting.beat()
    assert [each.is_over for each in waiting.told] == [False, True]


def test_another_file_does_not_count(waiting: Waiting) -> None:
    """Nor does what happens later to one that came."""
    waiting.clock.advance(DAY)
    waiting.claimed("shop.csv")
    waiting.files.stepped(job_at(Stage.FILED, new_job(name="crm-1.csv")))
    waiting.clock.advance(DAY)
    waiting.beat()
    assert len(waiting.told) == 1


def test_a_file_that_waits_in_the_inbox_is_not_missing(waiting: Waiting) -> None:
    """It has come, and will be taken."""
    waiting.clock.advance(2 * DAY)
    waiting.beat("contacts/crm-1.csv")
    assert waiting.told == []


def test_a_restart_forgets_nothing(waiting: Waiting) -> None:
    """What is missing is not told again, and its coming is told."""
    waiting.clock.advance(2 * DAY)
    waiting.beat()
    waiting.start()
    waiting.clock.advance(START_SECONDS)
    waiting.beat()
    assert len(waiting.told) == 1
    waiting.claimed("CRM-2.CSV")
    waiting.start()
    waiting.clock.advance(START_SECONDS)
    waiting.beat()
    assert [each.is_over for each in waiting.told] == [False, True]


def test_after_a_start_the_inboxes_are_looked_at_first(waiting: Waiting) -> None:
    """A file that came while nobody was there is about to be found."""
    waiting.clock.advance(2 * DAY)
    waiting.start()
    waiting.beat()
    assert waiting.told == []
    waiting.clock.advance(START_SECONDS)
    waiting.beat()
    assert len(waiting.told) == 1


def test_at_the_end_of_a_short_run_it_is_told_too(waiting: Waiting) -> None:
    """Of runs from cron none lasts long; one that saw nothing judges nothing."""
    waiting.clock.advance(2 * DAY)
    waiting.start()
    waiting.files.judge()
    assert waiting.told == []
    waiting.beat()
    waiting.files.judge()
    assert len(waiting.told) == 1


def test_what_nobody_has_taken_is_told_again_after_a_restart(waiting: Waiting) -> None:
    """Of many short runs one will find the mail server awake."""
    waiting.on_its_way = True
    waiting.clock.advance(2 * DAY)
    for _ in range(2):
        waiting.start()
        waiting.beat()
        waiting.files.judge()
        waiting.files.judge()
    first, second = waiting.told
    assert first == second
    waiting.files.was_told(second)
    waiting.start()
    waiting.beat()
    waiting.files.judge()
    assert len(waiting.told) == 2


def test_that_other_news_was_taken_says_nothing_of_a_missing_file(waiting: Waiting) -> None:
    """Whoever tells of a taken message tells of all that was in it."""
    waiting.on_its_way = True
    waiting.clock.advance(2 * DAY)
    waiting.beat()
    waiting.files.was_told(News(Topic.FAILED, DAILY.text, "", ""))
    waiting.files.was_told(News(Topic.MISSING, "no longer expected", "", ""))
    assert not ExpectedFile(waiting.folder).read()[DAILY.text].told


def test_what_may_be_among_drops_that_are_not_told_one_by_one_is_not_missing(
    waiting: Waiting,
) -> None:
    """A heartbeat has the paths of the first of very many only."""
    waiting.clock.advance(2 * DAY)
    waiting.write(5000, "contacts/aaa.csv")
    assert waiting.told == []
    waiting.beat("contacts/aaa.csv")
    waiting.write(5000, "contacts/aaa.csv")
    assert [each.is_over for each in waiting.told] == [False]
    waiting.claimed("crm-1.csv")
    waiting.write(5000, "contacts/aaa.csv")
    assert [each.is_over for each in waiting.told] == [False, True]


def test_a_clock_that_was_ahead_does_not_end_the_watch(waiting: Waiting) -> None:
    """A file that came then counts as come when the clock is right again."""
    waiting.clock.jump(3650 * DAY)
    waiting.claimed("crm-1.csv")
    waiting.clock.jump(-3650 * DAY)
    waiting.clock.advance(START_SECONDS)
    waiting.beat()
    assert ExpectedFile(waiting.folder).read()[DAILY.text].last == waiting.clock.now()
    waiting.clock.advance(2 * DAY)
    waiting.beat()
    assert len(waiting.told) == 1
