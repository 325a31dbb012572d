"""What is not the file's fault: it pauses what it must, and ends by itself."""

import errno
from pathlib import Path

import pytest

from dropbox_agent.adapters.journal import JournalTrouble
from dropbox_agent.adapters.spool import DiskSpool
from dropbox_agent.agent.looking import ROOM_SECONDS
from dropbox_agent.core.imports import ApiUnavailable, NotNow
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Sighting
from dropbox_agent.errors import TryLater
from tests.crashes import Fuse, FusedJournal, QuickDisk, QuickJournal
from tests.drops import contacts, products
from tests.fakes import answer_with
from tests.homes import Home

NETWORK = ApiUnavailable("There is no way to the server.", hint="Plug it in.", code="network-down")
REFUSED_KEY = ApiUnavailable("The key is refused.", hint="Make one.", code="api-key-refused")
LIMIT = TryLater("One request too many.", hint="Nothing to do.", code="rate-limited")
PLACES = TryLater("There is no place left.", hint="Nothing to do.", code="queue-full")


class FullJournal(QuickJournal):
    """A journal that takes no new job until there is room again."""

    full = True

    def add(self, job: Job) -> Job:
        """Record a new job, if there is room."""
        if self.full:
            raise journal_trouble()
        return super().add(job)


class FullDisk(QuickDisk):
    """A disk that is full in some folder until there is room again."""

    def __init__(self, full: Path) -> None:
        self.full: Path | None = full

    def move(self, source: Path, target: Path) -> None:
        """Rename a file, if there is room."""
        self._need_room(target)
        super().move(source, target)

    def replace(self, source: Path, target: Path) -> None:
        """Rename a file over another one, if there is room."""
        self._need_room(target)
        super().replace(source, target)

    def _need_room(self, target: Path) -> None:
        if self.full in target.parents:
            raise OSError(errno.ENOSPC, "No space left on device", str(target))


def journal_trouble() -> JournalTrouble:
    """Make the error of a journal without room."""
    return JournalTrouble("It is full.", hint="Make room.", code="journal-trouble")


@pytest.mark.parametrize(
    "answer",
    [NotNow(PLACES), NotNow(LIMIT, wait_seconds=40.0), NotNow(NETWORK), NotNow(REFUSED_KEY)],
    ids=["queue full", "rate limit", "network", "key"],
)
def test_an_answer_that_is_not_about_the_file_delays_it(home: Home, answer: NotNow) -> None:
    """However often the server puts us off, the file is imported in the end, once."""
    home.api.next_create(*[answer_with(answer)] * 5)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    assert home.archived("failed") == []
    assert home.report("people.csv")["outcome"] == "imported"
    assert len(home.api.imports) == 1


@pytest.mark.parametrize("error", [NETWORK, REFUSED_KEY])
def test_a_server_that_cannot_be_asked_delays_sending(home: Home, error: ApiUnavailable) -> None:
    """Nothing leaves while the look before the send fails; then the file goes."""
    home.api.next_recent(*[error] * 8)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: len(home.witness.pauses) == 8)
    assert home.api.sent == []
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"
    assert home.witness.resumptions == ["sending"]


def test_the_wait_the_server_asks_for_is_kept(home: Home) -> None:
    """After a refusal that names 40 seconds nothing is sent for 40 seconds."""
    home.api.next_create(answer_with(NotNow(LIMIT, wait_seconds=40.0)))
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: bool(home.witness.pauses))
    began = home.clock.monotonic()
    home.run_until(lambda: len(home.api.sent) == 2)
    assert home.clock.monotonic() - began == pytest.approx(40.0)


def test_waits_grow_to_a_bound(home: Home) -> None:
    """A network that stays dead is tried less and less often, but never given up."""
    home.api.next_recent(*[NETWORK] * 12)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: len(home.witness.pauses) == 12)
    assert [seconds for _, _, seconds in home.witness.pauses] == pytest.approx(
        [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    )


def test_a_pause_tells_why_since_when_and_when_it_is_tried_next(home: Home) -> None:
    """The overview shows what is held up, and the status file in times of day."""
    home.api.next_recent(*[NETWORK] * 3)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: len(home.witness.pauses) == 3)
    ((name, pause),) = home.overview.pauses
    now = home.clock.monotonic()
    assert (name, pause.why, pause.attempts) == ("sending", NETWORK, 3)
    assert (pause.since, pause.until) == pytest.approx((now - 3, now + 4))
    home.run_for(1)
    assert home.status["pauses"] == [
        {
            "what": "sending",
            "code": "network-down",
            "message": "There is no way to the server.",
            "hint": "Plug it in.",
            "since": "2026-01-15T12:00:05.000Z",
            "next_try": "2026-01-15T12:00:12.000Z",
            "attempts": 3,
        }
    ]


def test_a_full_account_keeps_us_from_sending(home: Home) -> None:
    """Places taken by others are seen before a send; the file waits for one to be free."""
    for _ in range(10):
        home.api.start_in_app(Kind.PRODUCTS)
    home.clock.advance(1)
    home.api.start_in_app(Kind.PRODUCTS)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: bool(home.witness.pauses))
    assert home.witness.pauses[0][1] == "queue-full"
    assert home.api.sent == []
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"


def test_imports_are_followed_while_sending_is_paused(home: Home) -> None:
    """A rate limit on sending does not keep an earlier import from being concluded."""
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.run_until(lambda: home.stage("chairs.csv") is Stage.SENT)
    home.api.next_create(answer_with(NotNow(LIMIT, wait_seconds=3600.0)))
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_for(600)
    assert home.report("chairs.csv")["outcome"] == "imported"
    assert [name for name, _ in home.overview.pauses] == ["sending"]
    assert home.stage("people.csv") is Stage.CHECKED


def test_files_are_claimed_and_checked_while_sending_is_paused(home: Home) -> None:
    """Faults of a file are reported although the network is dead."""
    home.api.next_recent(*[NETWORK] * 30)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.drop(Kind.PRODUCTS, "chairs.csv", b"productId\n1\n")
    home.run_for(300)
    assert home.report("chairs.csv")["outcome"] == "rejected"
    assert home.stage("people.csv") is Stage.CHECKED


def test_asking_is_paused_by_itself(home: Home) -> None:
    """When the server cannot be asked about imports, that is tried again, and nothing fails."""
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.run_until(lambda: home.stage("chairs.csv") is Stage.SENT)
    home.api.next_recent(*[NETWORK] * 6)
    home.run_until(lambda: bool(home.witness.pauses))
    assert [name for name, _ in home.overview.pauses] == ["asking"]
    home.rest()
    assert home.report("chairs.csv")["outcome"] == "imported"
    assert home.witness.resumptions == ["asking"]


@pytest.mark.parametrize("place", ["processed", "inbox"])
def test_a_full_disk_delays_filing_and_claiming(home: Home, place: str) -> None:
    """Without room nothing is lost and nothing fails; it goes on when there is room again."""
    home.start()
    disk = home.disk = FullDisk(home.root / place)
    home.start()
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_for(600)
    assert home.reports() == []
    assert home.witness.troubles
    disk.full = None
    home.run_until(lambda: bool(home.reports()))
    assert home.report("people.csv")["outcome"] == "imported"
    assert len(home.api.sent) == 1


class TightSpool(DiskSpool):
    """Folders that have no room for large drops until somebody makes some."""

    is_tight = True

    def lacks_room(self, seen: Sighting) -> str | None:
        """Say which folder is full."""
        return "/full" if self.is_tight and seen.size > 1000 else super().lacks_room(seen)


def test_a_file_without_room_and_those_behind_it_say_so(home: Home) -> None:
    """Their order is kept; what was made room for goes on within seconds, told of once."""
    home.open_spool = TightSpool
    home.drop(Kind.CONTACTS, "1-large.csv", contacts(100))
    home.drop(Kind.CONTACTS, "2-small.csv", contacts(3))
    home.run_for(3600)
    whys = [(each["gate"], each["why"]) for each in home.status["drops"]]
    told = "There is too little free space in /full to take on 'contacts/1-large.csv'"
    assert [(gate, why.startswith(told)) for gate, why in whys] == [("room", True)] * 2
    assert [seconds for _, _, seconds in home.witness.pauses] == pytest.approx([1, 2, 4, 8])
    assert isinstance(home.spool, TightSpool)
    home.spool.is_tight = False
    home.run_until(lambda: home.api.imports, seconds=ROOM_SECONDS + 1)
    home.rest()
    assert home.report("1-large.csv")["job"] < home.report("2-small.csv")["job"]


def test_what_keeps_ripe_files_from_being_taken_is_told_with_them(home: Home) -> None:
    """An archive that is not there is not mistaken for jobs under way."""
    home.start()
    home.folders.failed.rename(home.root / "away")
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_for(60)
    (drop,) = home.status["drops"]
    assert drop["gate"] == "room"
    assert "No such file" in drop["why"]


def test_one_full_folder_does_not_stop_the_others(home: Home) -> None:
    """A file that cannot be filed waits by itself; others are filed meanwhile."""
    home.disk = FullDisk(home.folders.processed / "contacts")
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.run_for(600)
    assert home.report("chairs.csv")["outcome"] == "imported"
    assert home.stage("people.csv") is Stage.JUDGED


def test_the_overview_tells_of_a_file_that_cannot_be_filed(home: Home) -> None:
    """No silence: why a job waits, and when its step is tried again, is to be seen."""
    home.disk = FullDisk(home.folders.processed)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_for(600)
    assert "No space left on device" in str(home.status)


def test_a_journal_that_cannot_be_written_delays_everything(home: Home) -> None:
    """While the journal is on a full disk nothing is claimed, sent or lost."""
    home.open_journal = FullJournal
    path = home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_for(600)
    assert path.exists()
    assert [name for name, _ in home.overview.pauses] == ["looking into contacts"]
    assert isinstance(home.journal, FullJournal)
    home.journal.full = False
    home.run_until(lambda: bool(home.reports()))
    assert home.report("people.csv")["outcome"] == "imported"


def test_files_claimed_before_the_journal_failed_are_worked_on(home: Home) -> None:
    """Of two files that settle together, the one that could be claimed goes its way at once."""
    fuse = Fuse()
    home.open_journal = lambda path: FusedJournal(path, fuse)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.start()
    fuse.blow(2, journal_trouble())
    home.run_until(lambda: len(home.reports()) == 2, seconds=3600)


def test_a_pause_ends_with_what_it_held_up(home: Home) -> None:
    """When nothing is left to send, nothing is said to be held up."""
    home.api.next_recent(NETWORK)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.overview.pauses)
    home.payloads()[0].unlink()
    home.run_until(home.reports)
    home.run_for(60)
    assert home.overview.pauses == ()


def test_a_journal_that_fails_at_any_step_is_shown_with_the_job(home: Home) -> None:
    """A step that could not be recorded says why it waits and when it is tried again."""
    fuse = Fuse()
    home.open_journal = lambda path: FusedJournal(path, fuse)
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.start()
    fuse.blow(2, journal_trouble())  # behind the claim: the end of the check
    home.run_until(lambda: home.witness.troubles)
    (hand,) = home.overview.jobs
    assert hand.retry is not None
    assert hand.retry.why.code == "journal-trouble"
    assert hand.retry.until > home.clock.monotonic()
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"
