"""Files that are held back because they are not as usual, or because the journal was lost."""

from dropbox_agent.adapters.spool import CLAIMED
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.imports import ImportId, NotNow
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.nets import SafetyNets
from dropbox_agent.errors import TryLater
from dropbox_agent.folders import JOURNAL_NAME
from tests.drops import contacts, vouchers
from tests.fakes import answer_with
from tests.homes import Home
from tests.promises import breaches

SET = "61fa54f238319b3bf1990fdc"
LATER = NotNow(TryLater("Slower.", hint="Nothing to do.", code="rate-limited"), wait_seconds=30.0)


def hold_a_short_file(home: Home) -> None:
    """Import some files, then drop one with far fewer rows."""
    home.nets = SafetyNets(least_rows=0.5)
    for number in range(3):
        home.drop(Kind.CONTACTS, f"{number}.csv", contacts(10, first=number))
        home.rest()
    home.drop(Kind.CONTACTS, "short.csv", contacts(2, name="Bob"))
    home.rest()
    assert home.stage("short.csv") is Stage.HELD


def decide(home: Home, name: str, choice: Choice, import_id: str | None = None) -> None:
    """Decide about a held job, and let the agent carry it out."""
    accepted = ImportId(import_id) if import_id else None
    home.journal.decide(Decision(home.job(name).id, choice, accepted))
    home.run_for(1)
    home.rest()


def lose_the_journal(home: Home) -> None:
    """Claim vouchers, and start without a journal."""
    home.api.next_create(answer_with(LATER))
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.run_until(lambda: home.overview.pauses)
    for each in home.state.glob(f"{JOURNAL_NAME}*"):
        each.unlink()
    home.start()
    home.rest()


def test_a_short_file_is_held_and_nothing_is_sent(home: Home) -> None:
    """Its reason has the numbers and the commands; later files do not wait for it."""
    hold_a_short_file(home)
    assert len(home.api.imports) == 3
    reason = home.job("short.csv").reason
    assert reason is not None
    assert (reason.code, "2 rows" in reason.message) == ("not-as-usual", True)
    home.drop(Kind.CONTACTS, "later.csv", contacts(10, first=50))
    home.rest()
    assert home.report("later.csv")["outcome"] == "imported"


def test_a_held_file_that_is_released_is_sent(home: Home) -> None:
    """It was checked already."""
    hold_a_short_file(home)
    decide(home, "short.csv", Choice.RESEND)
    assert home.report("short.csv")["outcome"] == "imported"
    assert breaches(home) == []


def test_a_held_file_that_is_left_goes_to_failed(home: Home) -> None:
    """With a report that says that somebody wanted it so."""
    hold_a_short_file(home)
    decide(home, "short.csv", Choice.FAIL)
    assert home.report("short.csv")["reason"]["code"] == "given-up"
    assert len(home.api.imports) == 3


def test_a_start_does_not_send_what_is_held(home: Home) -> None:
    """What was recorded holds it, not what the agent remembers."""
    hold_a_short_file(home)
    home.start()
    home.rest()
    assert home.stage("short.csv") is Stage.HELD
    assert len(home.api.imports) == 3


def test_vouchers_of_a_lost_journal_are_held(home: Home) -> None:
    """They may be in already; the next start holds them still."""
    lose_the_journal(home)
    home.start()
    home.rest()
    job = home.job("codes.csv")
    assert job.stage is Stage.HELD
    assert job.reason is not None
    assert job.reason.code == "journal-lost"
    assert home.api.imports == ()


def test_vouchers_of_a_lost_journal_can_be_sent(home: Home) -> None:
    """Into the default set: which one they were for nobody knows any more."""
    home.default_set = SET
    lose_the_journal(home)
    decide(home, "codes.csv", Choice.RESEND)
    assert home.report("codes.csv")["outcome"] == "imported"
    assert breaches(home) == []


def test_vouchers_of_a_lost_journal_can_be_left(home: Home) -> None:
    """Whoever has found them in Connectif leaves the file."""
    lose_the_journal(home)
    decide(home, "codes.csv", Choice.FAIL)
    assert home.report("codes.csv")["outcome"] == "failed"
    assert not list((home.folders.inbox / CLAIMED).glob("*/*"))


def test_no_import_can_be_named_for_what_was_never_checked(home: Home) -> None:
    """It is told, and the file stays held."""
    lose_the_journal(home)
    decide(home, "codes.csv", Choice.ACCEPT, f"{7:024x}")
    assert home.stage("codes.csv") is Stage.HELD
    assert home.journal.decisions() == []
    assert "not-checked-yet" in {code for code, _ in home.witness.troubles}
