"""An agent that starts anew goes on where the one before it was killed."""

from functools import partial
from pathlib import Path

import pytest

from dropbox_agent.adapters.spool import CLAIMED
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.imports import NotNow, Status
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.crashes import Crash, QuickJournal
from tests.drops import contacts, products, vouchers
from tests.fakes import answer_with, stop_after_accepting, stop_before_accepting
from tests.homes import Home
from tests.promises import breaches
from tests.witnesses import RecordingWitness

LIMIT = NotNow(TryLater("Slower.", hint="Nothing to do.", code="rate-limited"), wait_seconds=30.0)
SET = "61fa54f238319b3bf1990fdc"
WAY = [
    Stage.CLAIMED,
    Stage.CHECKED,
    Stage.SENDING,
    Stage.SENT,
    Stage.ENDED,
    Stage.JUDGED,
    Stage.FILED,
]


class DeadlyWitness(RecordingWitness):
    """A witness at whose hearing of a stage the agent is killed, once.

    Attributes:
        deadly: That stage.
    """

    deadly: Stage | None = None

    def stepped(self, job: Job) -> None:
        """Take note of a stage, or kill."""
        super().stepped(job)
        if job.stage is self.deadly:
            self.deadly = None
            raise Crash


@pytest.fixture
def witness(home: Home) -> DeadlyWitness:
    """The witness of the home, as yet harmless."""
    witness = home.witness = DeadlyWitness()
    return witness


def crash(home: Home) -> None:
    """Let the agent run into the crash that is prepared."""
    with pytest.raises(Crash):
        home.rest()


@pytest.mark.parametrize("stage", WAY)
def test_a_job_goes_on_from_the_stage_that_was_recorded(
    home: Home, witness: DeadlyWitness, stage: Stage
) -> None:
    """Killed just after any stage, no stage before it is gone through again."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    witness.deadly = stage
    crash(home)
    home.clock.advance(60)
    home.start()
    home.rest()
    # A send that had only been announced is looked for, found to be none, and done.
    again = [Stage.CHECKED, Stage.SENDING] if stage is Stage.SENDING else []
    # The end and the outcome are recorded in one step: killed while told of the first, it has both.
    at = WAY.index(stage) + 1
    rest = WAY[at + 1 :] if stage is Stage.ENDED else WAY[at:]
    assert home.witness.stages("people.csv") == [*WAY[:at], *again, *rest]
    assert len(home.api.imports) == 1
    assert breaches(home) == []


@pytest.mark.parametrize("down_seconds", [0, 5, 3600])
def test_an_import_that_we_never_heard_of_is_adopted(home: Home, down_seconds: int) -> None:
    """Killed between acceptance and our note of the id: found in the list, however far it is."""
    home.api.next_create(stop_after_accepting(Crash()))
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    crash(home)
    home.clock.advance(down_seconds)
    home.start()
    home.rest()
    assert home.api.calls.count("create") == 1
    assert home.report("people.csv")["outcome"] == "imported"
    assert breaches(home) == []


@pytest.mark.parametrize("status", [Status.ERROR, Status.CANCELLED])
def test_an_import_that_ended_badly_meanwhile_is_adopted(home: Home, status: Status) -> None:
    """An import that errored while nobody looked is ours as well, and is not repeated."""
    home.api.next_create(stop_after_accepting(Crash()))
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    crash(home)
    home.api.end(home.api.imports[0].id, status)
    home.start()
    home.rest()
    assert home.api.calls.count("create") == 1
    assert home.report("people.csv")["outcome"] == "failed"


def test_the_parts_behind_an_adopted_one_are_sent(home: Home) -> None:
    """A first part that was through when the agent came back is followed by the second."""
    home.policy = CheckPolicy(max_slice_bytes=len(contacts(2)))
    home.api.next_create(stop_after_accepting(Crash()))
    home.drop(Kind.CONTACTS, "people.csv", contacts(4))
    crash(home)
    home.clock.advance(3600)
    home.start()
    home.rest()
    assert [each.content for each in home.api.sent] == [contacts(2), contacts(2, first=2)]
    assert home.report("people.csv")["totals"]["success"] == 4


def test_a_send_that_never_arrived_is_made_after_the_grace(home: Home) -> None:
    """Killed before the server took it: looked for until the grace is over, then sent again."""
    home.api.next_create(stop_before_accepting(Crash()))
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    crash(home)
    home.start()
    home.run_for(home.rules.unknown_grace_seconds - 5)
    assert home.api.calls.count("create") == 1
    home.rest()
    assert home.api.calls.count("create") == 2
    assert home.report("codes.csv")["outcome"] == "imported"


def test_an_import_whose_id_is_known_is_never_sent_again(home: Home) -> None:
    """Not even when the server knows it no longer: then nobody can say what went in."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)
    home.api.vanish(home.api.imports[0].id)
    home.start()
    home.rest()
    assert home.api.calls.count("create") == 1
    assert home.report("people.csv")["reason"]["code"] == "import-vanished"


def test_a_file_in_its_place_without_a_report_gets_one(home: Home, witness: DeadlyWitness) -> None:
    """Killed when the payload had moved: the report is written to it, and nothing sent."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENT)
    home.api.end(home.api.imports[0].id, Status.FINISHED)
    witness.deadly = Stage.JUDGED
    crash(home)
    home.spool.archive(home.journal.under_way()[0])
    assert home.reports() == []
    home.start()
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"
    assert breaches(home) == []


def test_a_job_whose_file_never_moved_is_forgotten(home: Home, witness: DeadlyWitness) -> None:
    """Killed between recording a claim and moving the file: it is claimed anew, once."""
    path = home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    witness.deadly = Stage.CLAIMED
    crash(home)
    (payload,) = home.payloads()
    payload.rename(path)
    home.start()
    assert list(home.agent.jobs) == []
    home.rest()
    assert len(home.reports()) == 1
    assert home.journal.under_way() == []


def test_held_jobs_are_held_after_a_start(home: Home) -> None:
    """What waits for a person waits for a person, and its file stays in the claims."""
    home.policy = CheckPolicy(max_slice_bytes=len(contacts(2)))
    home.drop(Kind.CONTACTS, "people.csv", contacts(4))
    home.run_until(lambda: bool(home.api.imports))
    home.payloads()[0].write_bytes(contacts(4, name="Eva"))
    home.rest()
    home.start()
    home.rest()
    assert home.job("people.csv").stage is Stage.HELD
    assert len(home.payloads()) == 1


def test_jobs_keep_the_order_of_arrival(home: Home) -> None:
    """The order in which files came is the same before and after a start."""
    home.api.seconds_per_import = 80_000
    for number in range(5):
        home.drop(Kind.PRODUCTS, f"{number}.csv", products(number + 1))
        home.run_until(partial(home.stage, f"{number}.csv"))
    before = [job.name for job in home.agent.jobs]
    home.start()
    assert [job.name for job in home.agent.jobs] == before == [f"{n}.csv" for n in range(5)]


def test_files_that_a_lost_journal_knew_are_imported_again(home: Home) -> None:
    """Claimed contacts that no journal knows begin anew: they end up the same."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: bool(home.payloads()))
    home.open_journal = _journal_beside
    home.start()
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"


@pytest.mark.parametrize("is_the_same", [True, False], ids=["the same", "another file"])
def test_what_comes_back_of_a_filed_job_is_cleared_away(home: Home, *, is_the_same: bool) -> None:
    """A power cut may bring a claimed name back; it goes if it is the archived file, else stays."""
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.rest()
    claim = home.folders.inbox / CLAIMED / home.report("people.csv")["job"]
    claim.mkdir()
    (claim / "people.csv").write_bytes(contacts(3 if is_the_same else 4))
    home.start()
    home.rest()
    assert home.api.calls.count("create") == 1
    assert len(home.archived("processed")) == 2
    assert claim.exists() is not is_the_same
    assert any(claim.name in each for each in home.witness.notices) is not is_the_same


def test_a_file_that_comes_back_is_put_beside_its_report(home: Home) -> None:
    """Its job was given up without it; the report names it then, and it can be sent again."""
    home.api.next_create(answer_with(LIMIT))
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.CHECKED)
    (payload,) = home.payloads()
    payload.rename(home.root / "taken away")
    home.rest()
    report = home.report("people.csv")
    assert (report["outcome"], report["file"]["archived_as"]) == ("failed", None)
    payload.parent.mkdir(exist_ok=True)
    (home.root / "taken away").rename(payload)
    home.start()
    home.rest()
    assert home.payload_of("people.csv") == contacts(3)
    (notice,) = home.witness.notices
    assert f"dropbox-agent retry {report['job']}" in notice
    assert not payload.parent.exists()
    assert home.api.imports == ()
    assert breaches(home) == []


@pytest.mark.parametrize("stray", ["desktop.ini", "folder/"])
def test_what_others_put_among_the_claims_hinders_no_start(home: Home, stray: str) -> None:
    """Files and empty folders that desktops leave in the claims folder are nothing to us."""
    home.start()
    path = home.folders.inbox / ".claimed" / stray
    if stray.endswith("/"):
        path.mkdir()
    else:
        path.write_bytes(b"")
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.start()
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"


def _journal_beside(path: Path) -> QuickJournal:
    return QuickJournal(path.with_name("another"))
