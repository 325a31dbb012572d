"""How the loop behaves: it never spins, looks when it is due, and no file stops the others."""

from dataclasses import replace
from pathlib import Path

import pytest

from dropbox_agent.adapters.checker import Checker
from dropbox_agent.agent import Rules
from dropbox_agent.core.account import Account
from dropbox_agent.core.backoff import Backoff
from dropbox_agent.core.gates import SettleRules
from dropbox_agent.core.imports import NotNow
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Writer
from dropbox_agent.errors import TryLater
from dropbox_agent.payload_checker import PayloadChecker
from tests.drops import contacts, products
from tests.fakes import answer_with
from tests.homes import Home
from tests.stand_ins import PatientPool, SetBell

LIMIT = NotNow(TryLater("Slower.", hint="Nothing to do.", code="rate-limited"), wait_seconds=7.3)


class PoisonedChecker:
    """A check that runs into a bug of ours with files of one size."""

    def __init__(self, checker: PayloadChecker, size: int) -> None:
        self._checker = checker
        self._size = size

    def check(self, job: Job, account: Account) -> Verdict:
        """Check a payload, or fall over it."""
        if self._checker.spool.fingerprint(job.id).size == self._size:
            raise ZeroDivisionError("a bug")
        return self._checker.check(job, account)


def turn(home: Home) -> float:
    """Take turns until nothing has rung any more; return how long nothing is due."""
    seconds = home.agent.turn()
    while home.bell.rung:
        home.bell.rung = False
        seconds = home.agent.turn()
    return seconds


def in_sight(home: Home) -> list[str]:
    """Name the drops that the agent sees."""
    return [each.seen.name for each in home.overview.drops]


def test_a_turn_tells_when_the_next_drop_has_settled(home: Home) -> None:
    """A file that came a moment ago is due when it has been quiet long enough."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(1))
    turn(home)
    assert home.agent.due_at == home.clock.monotonic() + home.settle.quiet_seconds


def test_a_turn_with_nothing_in_sight_waits_for_the_next_look(home: Home) -> None:
    """With empty inboxes the loop sleeps until it lists them again."""
    home.rescan_seconds = 4.0
    turn(home)
    assert home.agent.due_at == home.clock.monotonic() + 4.0


def test_the_inboxes_are_listed_only_when_that_is_due(home: Home) -> None:
    """Turns for other reasons do not look; the next look finds what no watcher reported."""
    home.start()
    turn(home)
    unreported = home.folders.inbox / "contacts" / "people.csv"
    unreported.write_bytes(contacts(1))
    home.clock.advance(home.rescan_seconds - 1)
    turn(home)
    assert in_sight(home) == []
    home.clock.advance(1)
    turn(home)
    assert in_sight(home) == ["people.csv"]


def test_a_ring_of_the_watcher_makes_the_next_turn_look(home: Home) -> None:
    """Whoever sees an arrival has the inboxes listed at once."""
    home.start()
    turn(home)
    (home.folders.inbox / "contacts" / "people.csv").write_bytes(contacts(1))
    home.agent.look_soon()
    assert home.bell.rung
    turn(home)
    assert in_sight(home) == ["people.csv"]


def test_only_so_many_files_are_taken_at_a_time(home: Home) -> None:
    """Files beyond the bound wait in the inbox and are claimed as others are done."""
    home.rules = Rules(jobs_ahead=2)
    for number in range(5):
        home.drop(Kind.PRODUCTS, f"{number}.csv", products(number + 1))
    most = 0

    def look() -> bool:
        nonlocal most
        most = max(most, len(list(home.agent.jobs)))
        return len(home.reports()) == 5

    home.run_until(look)
    assert most == 2


def test_files_that_wait_for_room_are_to_be_seen(home: Home) -> None:
    """A drop that has settled and is not taken yet says that it waits for jobs under way."""
    home.rules = Rules(jobs_ahead=1)
    home.drop(Kind.PRODUCTS, "first.csv", products(1))
    home.drop(Kind.PRODUCTS, "second.csv", products(2))
    home.run_until(lambda: home.stage("first.csv") is Stage.SENT)
    home.run_for(2)
    (drop,) = home.status["drops"]
    assert (drop["path"], drop["gate"]) == (str(Path("products", "second.csv")), "room")


def test_room_comes_free_as_soon_as_a_file_is_filed(home: Home) -> None:
    """The next file is claimed without waiting for the next look."""
    home.rescan_seconds = 10_000
    home.rules = Rules(jobs_ahead=1)
    home.drop(Kind.PRODUCTS, "first.csv", products(1))
    home.drop(Kind.PRODUCTS, "second.csv", products(2))
    home.run_until(lambda: len(home.reports()) == 1)
    filed_at = home.clock.monotonic()
    home.run_until(lambda: home.stage("second.csv") is not None)
    assert home.clock.monotonic() == filed_at


def test_a_payload_written_to_is_checked_again(home: Home) -> None:
    """What is sent is what was checked last, however late the sender writes."""
    home.api.next_create(answer_with(LIMIT))
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(lambda: bool(home.witness.pauses))
    home.payloads()[0].write_bytes(contacts(3))
    home.rest()
    assert [each.content for each in home.api.sent if each.became] == [contacts(3)]
    assert home.witness.stages("people.csv").count(Stage.CLAIMED) == 2
    assert home.report("people.csv")["totals"]["rows"] == 3


def test_a_payload_that_is_being_written_waits(home: Home) -> None:
    """While a program has the claimed file open nothing is checked or sent."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    files = PatientPool()
    home.pools = replace(home.pools, files=dict.fromkeys(Kind, files))
    home.run_until(lambda: bool(files.tasks))
    home.writers["people.csv"] = Writer.BUSY
    files.run_one()
    home.run_until(lambda: bool(home.witness.troubles))
    assert home.witness.troubles == [("payload-changing", "people.csv")]
    assert home.stage("people.csv") is Stage.CLAIMED
    home.writers.clear()
    home.run_until(lambda: bool(files.tasks))
    files.run_one()
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)


@pytest.mark.parametrize("stage", [Stage.CLAIMED, Stage.CHECKED])
def test_a_payload_that_is_taken_away_has_failed(home: Home, stage: Stage) -> None:
    """A file that somebody moved out of the claims is reported, and nothing was sent."""
    home.api.next_create(answer_with(LIMIT))
    if stage is Stage.CLAIMED:
        home.writers["people.csv"] = Writer.FREE
        home.checker = _Remover(home)
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(lambda: home.stage("people.csv") is stage or bool(home.reports()))
    for payload in home.payloads():
        payload.unlink()
    home.run_until(lambda: bool(home.reports()))
    report = home.report("people.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("failed", "payload-missing")
    assert report["file"]["archived_as"] is None
    assert home.api.imports == ()


def test_a_bug_in_one_check_does_not_stop_the_others(home: Home) -> None:
    """A surprise ends the step of one file, which is tried again; the others go their way."""
    home.start()
    checker = PayloadChecker(home.spool, Checker(), home.policy)
    home.checker = PoisonedChecker(checker, size=len(contacts(5)))
    home.drop(Kind.CONTACTS, "poison.csv", contacts(5))
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.start()
    home.run_for(600)
    assert home.report("chairs.csv")["outcome"] == "imported"
    assert home.stage("poison.csv") is Stage.CLAIMED
    assert set(home.witness.troubles) == {("unforeseen", "poison.csv")}
    assert 3 <= len(home.witness.troubles) <= 12


def test_an_inbox_that_cannot_be_listed_pauses_looking(home: Home) -> None:
    """While a kind's folder is gone its drops are not forgotten; other kinds and jobs go on."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.run_until(lambda: len(home.overview.drops) == 1)
    inbox = home.folders.inbox / "products"
    inbox.rename(home.root / "elsewhere")
    inbox.write_bytes(b"")
    home.run_for(600)
    assert [name for name, _ in home.overview.pauses] == ["looking into products"]
    assert in_sight(home) == ["chairs.csv"]
    assert home.report("people.csv")["outcome"] == "imported"
    inbox.unlink()
    (home.root / "elsewhere").rename(inbox)
    home.run_until(lambda: len(home.reports()) == 2)
    assert home.witness.resumptions == ["looking into products"]


def test_looking_is_tried_again_when_its_pause_says(home: Home) -> None:
    """The next try that the overview names is the next try."""
    home.rescan_seconds = 1000
    home.rules = Rules(backoff=Backoff(2.0, 60.0))
    inbox = home.folders.inbox / "vouchers"
    inbox.rmdir()
    inbox.write_bytes(b"")
    turn(home)
    ((_, pause),) = home.overview.pauses
    inbox.unlink()
    inbox.mkdir()
    home.run_until(lambda: not home.overview.pauses)
    assert home.clock.monotonic() == pytest.approx(pause.until)


def test_a_file_that_a_program_has_open_is_left_alone(home: Home) -> None:
    """However quiet it is, it is not claimed before it is closed."""
    home.writers["people.csv"] = Writer.BUSY
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_for(600)
    assert list(home.agent.jobs) == []
    assert [each.gate for each in home.overview.drops] == ["writer"]
    home.writers.clear()
    home.run_until(lambda: bool(home.reports()))
    assert home.report("people.csv")["outcome"] == "imported"


def test_a_file_that_is_open_is_left_alone_without_a_settle_time(home: Home) -> None:
    """Also somebody who wants files to be taken at once does not want them half written."""
    home.settle = SettleRules(quiet_seconds=0.0)
    home.writers["people.csv"] = Writer.BUSY
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_for(30)
    assert list(home.agent.jobs) == []


def test_where_nobody_can_tell_quiet_counts_double(home: Home) -> None:
    """On a file system without leases a file has to be quiet for twice the time."""
    home.writers["people.csv"] = Writer.UNKNOWN
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.start()
    began = home.clock.monotonic()
    home.run_until(lambda: any(home.agent.jobs))
    assert home.clock.monotonic() - began == pytest.approx(2 * home.settle.quiet_seconds)


def test_no_turn_is_taken_for_nothing(home: Home) -> None:
    """While an import runs for an hour the loop wakes less than once a second."""
    home.api.seconds_per_import = 3600
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.rest()
    assert len(home.bell.waits) < 3600


class _Remover:
    """A check during which somebody takes the file away."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def check(self, job: Job, _: Account) -> Verdict:
        """Lose the file."""
        self._home.payloads()[0].unlink()
        raise FileNotFoundError(2, "No such file or directory", job.id)


def test_a_bell_that_waits_lets_the_time_pass(home: Home) -> None:
    """The doubles of these tests keep their own promise: waiting in vain takes its time."""
    bell = SetBell(home.clock)
    began = home.clock.monotonic()
    bell.ring()
    assert bell.wait(3.0)
    assert home.clock.monotonic() == began
    assert not bell.wait(3.0)
    assert home.clock.monotonic() == began + 3.0
