"""Surprises in one part of the loop: the other parts go on, and nothing is given up."""

import errno
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox_agent.adapters.checker import Checker
from dropbox_agent.adapters.journal import JournalTrouble
from dropbox_agent.adapters.spool import DiskSpool
from dropbox_agent.core import events, reasons
from dropbox_agent.core.account import Account
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Listing
from dropbox_agent.payload_checker import PayloadChecker
from tests.agent.test_lost_answers import hold_vouchers
from tests.crashes import QuickDisk, QuickJournal
from tests.drops import contacts, products
from tests.homes import Home
from tests.jobs import after
from tests.promises import breaches
from tests.stand_ins import InlinePool, PatientPool


class PoisonedSpool(DiskSpool):
    """Folders whose listing runs into a bug of ours.

    Attributes:
        is_poisoned: Whether it does.
    """

    is_poisoned = False

    def listing(self, kind: Kind) -> Listing:
        """List the drops, or fall over them."""
        if self.is_poisoned:
            raise ZeroDivisionError("a bug")
        return super().listing(kind)


class MumblingJournal(QuickJournal):
    """A journal that cannot tell what people have decided, for some times."""

    silent_for = 0

    def decisions(self) -> list[Decision]:
        """List what people have decided, or fail to."""
        if self.silent_for:
            self.silent_for -= 1
            raise JournalTrouble("It is busy.", hint="Wait.", code="journal-trouble")
        return super().decisions()


class ForgetfulJournal(QuickJournal):
    """A journal that cannot be looked up, for some times."""

    silent_for = 0

    def find(self, job_id: str) -> Job | None:
        """Return one job, or fail to."""
        if self.silent_for:
            self.silent_for -= 1
            raise JournalTrouble("It is busy.", hint="Wait.", code="journal-trouble")
        return super().find(job_id)


class StubbornDisk(QuickDisk):
    """A disk on which some moves fail."""

    failures = 0

    def move(self, source: Path, target: Path) -> None:
        """Rename a file, or fail to."""
        if self.failures:
            self.failures -= 1
            raise OSError(errno.EIO, "Input/output error")
        super().move(source, target)


class ScribblingChecker:
    """A check during which somebody writes to the file, once."""

    def __init__(self, home: Home, content: bytes) -> None:
        self._home = home
        self._content: bytes | None = content

    def check(self, job: Job, account: Account) -> Verdict:
        """Check a payload, and change it behind our back."""
        checker = PayloadChecker(self._home.spool, Checker(), self._home.policy)
        verdict = checker.check(job, account)
        if self._content is not None:
            self._home.payloads()[0].write_bytes(self._content)
            self._content = None
        return verdict


def test_a_surprise_in_looking_leaves_the_jobs_under_way_alone(home: Home) -> None:
    """While the inboxes cannot be looked at for a bug of ours, imports are followed and filed."""
    home.open_spool = PoisonedSpool
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)
    assert isinstance(home.spool, PoisonedSpool)
    home.spool.is_poisoned = True
    home.run_until(home.reports)
    home.run_for(600)
    assert home.report("people.csv")["outcome"] == "imported"
    assert {pause.why.code for _, pause in home.overview.pauses} == {"unforeseen"}
    assert len(home.bell.waits) < 600

    home.spool.is_poisoned = False
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.run_until(lambda: len(home.reports()) == 2)


def test_a_surprise_in_asking_is_a_pause(home: Home) -> None:
    """A bug of ours in reading an answer is told, and asking goes on."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)
    home.api.next_recent(*[ValueError("a bug")] * 3)
    home.run_until(lambda: home.overview.pauses)
    ((name, pause),) = home.overview.pauses
    assert (name, pause.why.code) == ("asking", "unforeseen")
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"


def test_a_journal_that_cannot_be_looked_up_stops_nothing_else(home: Home) -> None:
    """While it is not known how far one job got, the others go on."""
    disk = home.disk = StubbornDisk()
    home.open_journal = ForgetfulJournal
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)
    journal = home.journal
    assert isinstance(journal, ForgetfulJournal)
    disk.failures, journal.silent_for = 1, 20
    home.run_until(lambda: journal.silent_for < 20)
    home.drop(Kind.PRODUCTS, "chairs.csv", products(3))
    home.run_until(lambda: len(home.reports()) == 2)
    assert "journal-trouble" in {code for code, _ in home.witness.troubles}


def test_a_journal_that_cannot_tell_of_decisions_loses_none(home: Home) -> None:
    """What somebody has decided is carried out when the journal can be read again."""
    home.open_journal = MumblingJournal
    hold_vouchers(home)
    assert isinstance(home.journal, MumblingJournal)
    home.journal.decide(Decision(home.job("codes.csv").id, Choice.RESEND))
    home.journal.silent_for = 3
    home.run_until(home.reports)
    assert ("journal-trouble", None) in home.witness.troubles
    assert home.report("codes.csv")["outcome"] == "imported"


@pytest.mark.parametrize(
    "named",
    [lambda _: ImportId("f" * 24), lambda home: home.api.start_in_app(Kind.CONTACTS).id],
    ids=["unknown", "of another kind"],
)
def test_a_decision_for_a_wrong_import_is_told_and_forgotten(
    home: Home, named: Callable[[Home], ImportId]
) -> None:
    """The job stays held until somebody decides again, and the words say what was wrong."""
    hold_vouchers(home)
    job = home.job("codes.csv")
    home.journal.decide(Decision(job.id, Choice.ACCEPT, named(home)))
    home.run_until(lambda: home.witness.troubles)
    home.run_for(60)
    assert home.witness.troubles == [("no-such-import", "codes.csv")]
    assert home.journal.decisions() == []
    assert home.stage("codes.csv") is Stage.HELD

    home.journal.decide(Decision(job.id, Choice.ACCEPT, home.api.imports[0].id))
    home.rest()
    assert home.report("codes.csv")["outcome"] == "imported"


def test_an_import_of_another_job_is_never_accepted(home: Home) -> None:
    """Two files cannot have become one import."""
    hold_vouchers(home)
    home.api.seconds_per_import = 10_000
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)
    theirs = home.job("people.csv").part.import_id
    home.journal.decide(Decision(home.job("codes.csv").id, Choice.ACCEPT, theirs))
    home.run_until(lambda: home.witness.troubles)
    assert home.stage("codes.csv") is Stage.HELD


def test_what_is_written_during_the_check_is_checked_as_well(home: Home) -> None:
    """A verdict about a file that has changed meanwhile is worth nothing."""
    home.checker = ScribblingChecker(home, contacts(5))
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.rest()
    assert home.witness.troubles == [("payload-changing", "people.csv")]
    assert [each.content for each in home.api.sent] == [contacts(5)]
    assert home.report("people.csv")["totals"]["rows"] == 5


def test_a_file_that_comes_back_when_it_was_given_up_is_filed_with_its_report(home: Home) -> None:
    """Taken out of the claims and put back later, it lies beside the report that it has failed."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(home.payloads)
    (job,) = home.journal.under_way()
    home.journal.save(after(job, events.Lost(reasons.payload_gone(job))))
    home.start()
    home.rest()
    report = home.report("people.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("failed", "payload-missing")
    assert home.payload_of("people.csv") == contacts(2)
    assert [each for each in breaches(home) if "tells of another" not in each] == []


def test_a_file_that_comes_back_before_it_was_ever_read_is_filed(home: Home) -> None:
    """Nothing is known of its content then; it lies beside the report that it was missing."""
    pool = PatientPool()
    home.pools = replace(home.pools, files=dict.fromkeys(Kind, pool))
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(lambda: pool.tasks)
    (payload,) = home.payloads()
    taken = payload.rename(home.root / "taken.csv")
    pool.run_one()
    home.run_until(lambda: pool.tasks)
    pool.run_one()
    taken.rename(payload)

    home.pools = replace(home.pools, files=dict.fromkeys(Kind, InlinePool()))
    home.start()
    home.rest()
    report = home.report("people.csv")
    assert (report["outcome"], report["reason"]["code"]) == ("failed", "payload-missing")
    assert report["file"]["sha256"] is None
    assert home.payload_of("people.csv") == contacts(2)


def test_an_unreadable_journal_entry_stops_the_start(home: Home) -> None:
    """Rather no start than one that takes a file under way for none of ours."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(2))
    home.run_until(home.payloads)
    home.journal._db.execute("UPDATE jobs SET record = '{}'")
    with pytest.raises(JournalTrouble):
        home.start()
    assert len(home.payloads()) == 1
