"""A send whose outcome is unknown: the agent finds out before it sends again."""

from collections.abc import Callable

import pytest

from dropbox_agent.agent import Rules
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.imports import Import, ImportOptions, SendAnswer
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.ordering import Order
from tests.crashes import Fuse, FusedJournal
from tests.drops import contacts, products, vouchers
from tests.fakes import lose_answer_after_accepting, lose_answer_before_accepting
from tests.homes import Home

SET = "61fa54f238319b3bf1990fdc"


def lose_the_answer(home: Home) -> None:
    """Drop a file that the server takes without our hearing of it."""
    home.api.next_create(lose_answer_after_accepting())
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: bool(home.api.imports))


def test_an_import_in_the_list_is_adopted(home: Home) -> None:
    """The answer was lost, but the server lists the import: it is followed, not repeated."""
    lose_the_answer(home)
    home.rest()
    assert home.api.calls.count("create") == 1
    assert home.report("people.csv")["outcome"] == "imported"


@pytest.mark.parametrize("kind", Kind)
def test_an_import_that_the_list_shows_late_is_waited_for(home: Home, kind: Kind) -> None:
    """A list that lags does not make us send again within the grace."""
    home.api.next_create(lose_answer_after_accepting())
    content = {Kind.CONTACTS: contacts, Kind.PRODUCTS: products, Kind.VOUCHERS: vouchers}[kind](3)
    home.drop(kind, "late.csv", content, folder=SET if kind is Kind.VOUCHERS else None)
    home.run_until(lambda: bool(home.api.imports))
    home.api.hide(home.api.imports[0].id, looks=3)
    home.rest()
    assert home.api.calls.count("create") == 1
    assert home.report("late.csv")["outcome"] == "imported"


def test_what_is_not_listed_after_the_grace_is_sent_again(home: Home) -> None:
    """The server has not taken it, and had time enough to show it."""
    home.api.next_create(lose_answer_before_accepting())
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.run_until(lambda: home.stage("codes.csv") is Stage.SENDING)
    began = home.clock.monotonic()
    home.run_until(lambda: len(home.api.sent) == 2)
    assert home.clock.monotonic() - began >= home.rules.unknown_grace_seconds
    home.rest()
    assert home.report("codes.csv")["outcome"] == "imported"


def test_nothing_else_is_sent_while_an_answer_is_missing(home: Home) -> None:
    """Only one send at a time is open, so that an import that turns up can have only one owner."""
    home.rules = Rules(order=Order.RELAXED)
    home.api.next_create(lose_answer_before_accepting())
    home.drop(Kind.CONTACTS, "first.csv", contacts(3))
    home.drop(Kind.PRODUCTS, "second.csv", products(3))
    home.run_until(lambda: Stage.SENDING in {job.stage for job in home.agent.jobs})
    home.run_for(home.rules.unknown_grace_seconds - 5)
    assert len(home.api.sent) == 1
    home.rest()
    assert len(home.api.imports) == 2


def test_nothing_else_is_sent_while_finding_out_has_to_be_repeated(home: Home) -> None:
    """Also when the journal cannot note what was found, the open send stays the only one."""
    fuse = Fuse()
    home.open_journal = lambda path: FusedJournal(path, fuse)
    home.rules = Rules(order=Order.RELAXED)
    home.api.next_create(lose_answer_after_accepting())
    home.drop(Kind.CONTACTS, "first.csv", contacts(3))
    home.drop(Kind.CONTACTS, "second.csv", contacts(3, name="Eva"))
    home.run_until(lambda: Stage.SENDING in {job.stage for job in home.agent.jobs})
    fuse.blow(len(fuse.points), OSError("the journal's disk is gone for a moment"))
    home.run_until(lambda: bool(home.witness.troubles))
    home.run_until(lambda: len(home.api.sent) == 2)
    assert {job.stage for job in home.agent.jobs if job.name == "first.csv"} == {Stage.SENT}
    home.rest()
    assert len(home.api.imports) == 2


def test_vouchers_that_may_be_in_are_held(home: Home) -> None:
    """Two imports could be ours: codes must not go in twice, so a person decides."""
    hold_vouchers(home)
    job = home.job("codes.csv")
    assert job.stage is Stage.HELD
    assert job.reason is not None
    assert all(each.id in job.reason.message for each in home.api.imports)
    assert len(home.api.sent) == 1
    assert len(home.payloads()) == 1


def test_held_vouchers_keep_no_others_from_being_sent(home: Home) -> None:
    """Later vouchers for the same set go their way."""
    hold_vouchers(home)
    home.drop(Kind.VOUCHERS, "more.csv", vouchers(5), folder=SET)
    home.rest()
    assert home.report("more.csv")["outcome"] == "imported"
    assert home.stage("codes.csv") is Stage.HELD


def test_held_vouchers_are_sent_again_when_a_person_says_so(home: Home) -> None:
    """Released to be sent again, they are sent once more and imported."""
    hold_vouchers(home)
    home.journal.decide(Decision(home.job("codes.csv").id, Choice.RESEND))
    home.rest()
    assert len(home.api.sent) == 2
    assert home.report("codes.csv")["outcome"] == "imported"


def test_a_decision_counts_once(home: Home) -> None:
    """In doubt again after they were sent again, the vouchers wait for another decision."""
    hold_vouchers(home)

    def lose_answer_beside_another(accept: Callable[[], Import]) -> SendAnswer:
        _start_beside(home, Kind.VOUCHERS, ImportOptions(coupon_set=SET))
        return lose_answer_after_accepting()(accept)

    home.api.next_create(lose_answer_beside_another)
    home.journal.decide(Decision(home.job("codes.csv").id, Choice.RESEND))
    home.run_until(lambda: len(home.api.sent) == 2)
    home.rest()
    home.run_for(600)
    assert home.stage("codes.csv") is Stage.HELD
    assert len(home.api.sent) == 2


def test_held_vouchers_are_followed_when_a_person_names_their_import(home: Home) -> None:
    """Released with the id of their import, they are not sent again, and they are imported."""
    hold_vouchers(home)
    ours = home.api.imports[0].id
    home.journal.decide(Decision(home.job("codes.csv").id, Choice.ACCEPT, ours))
    home.rest()
    assert len(home.api.sent) == 1
    report = home.report("codes.csv")
    assert (report["outcome"], report["reason"]) == ("imported", None)
    assert [each["id"] for each in report["imports"]] == [ours]


def test_contacts_that_may_be_in_are_sent_again(home: Home) -> None:
    """Two imports could be ours: contacts end up the same when they are imported once more."""
    home.api.next_create(lose_answer_after_accepting())
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: bool(home.api.imports))
    _start_beside(home, Kind.CONTACTS, ImportOptions())
    home.rest()
    assert len(home.api.sent) == 2
    assert home.report("people.csv")["outcome"] == "imported"


def test_an_import_of_somebody_else_is_not_taken_for_ours(home: Home) -> None:
    """What a person imports in the web application, or has other rows, is none of ours."""
    home.api.next_create(lose_answer_before_accepting())
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: home.stage("people.csv") is Stage.SENDING)
    home.api.start_in_app(Kind.CONTACTS, rows=3)
    home.rest()
    assert len(home.api.sent) == 2
    assert home.report("people.csv")["imports"][0]["id"] != home.api.imports[0].id


def test_the_status_says_that_it_is_not_known_yet(home: Home) -> None:
    """While we look for the import, the pause of sending says what for."""
    home.api.next_create(lose_answer_before_accepting())
    home.drop(Kind.CONTACTS, "people.csv", contacts(3))
    home.run_until(lambda: "outcome-unknown" in {code for _, code, _ in home.witness.pauses})
    ((name, pause),) = home.overview.pauses
    assert (name, pause.why.code) == ("sending", "outcome-unknown")
    assert not pause.is_lasting


def hold_vouchers(home: Home) -> None:
    """Lose the answer about vouchers while another import of the same kind begins."""
    home.api.next_create(lose_answer_after_accepting())
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.run_until(lambda: bool(home.api.imports))
    _start_beside(home, Kind.VOUCHERS, ImportOptions(coupon_set=SET))
    home.rest()


def _start_beside(home: Home, kind: Kind, options: ImportOptions) -> None:
    """Make an import as another program with the same key does."""
    home.api.claim(home.api.start_in_app(kind, rows=3).id, origin="api", options=options)
