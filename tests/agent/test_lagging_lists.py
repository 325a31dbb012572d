"""A list that lags behind: neither what it hides nor what it shows late is taken for another."""

from collections.abc import Callable

import pytest

from dropbox_agent.core.imports import Accepted, Import, OutcomeUnknown, SendAnswer
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.crashes import Fuse, FusedApi
from tests.drops import contacts, vouchers
from tests.fakes import Turn, lose_answer_before_accepting
from tests.homes import Home
from tests.promises import breaches

SET = "61fa54f238319b3bf1990fdc"
LAG_SECONDS = 20.0
LOST = OutcomeUnknown(TryLater("It is not known.", hint="Look.", code="network-down"))


@pytest.fixture
def api(home: Home) -> FusedApi:
    """A server that ends imports at once, and lists them later."""
    api = home.api = FusedApi(home.clock, Fuse())
    api.seconds_per_import = 0
    return api


def accept_unlisted(api: FusedApi) -> Turn:
    """Accept a file, and list its import only later."""

    def turn(accept: Callable[[], Import]) -> SendAnswer:
        api.hide_for((made := accept()).id, LAG_SECONDS)
        return Accepted(made)

    return turn


def lose_answer_unlisted(api: FusedApi) -> Turn:
    """Accept a file, lose the answer, and list its import only later."""

    def turn(accept: Callable[[], Import]) -> SendAnswer:
        api.hide_for(accept().id, LAG_SECONDS)
        return LOST

    return turn


def drop_in_turn(home: Home, *contents: bytes) -> None:
    """Drop contacts one after the other, each when the one before has been filed."""
    for number, content in enumerate(contents):
        home.drop(Kind.CONTACTS, f"{number}.csv", content)
        home.run_until(lambda: home.is_at_rest or home.stage("1.csv") is Stage.SENDING)


def test_an_import_of_a_filed_job_is_not_taken_for_the_next_one(home: Home, api: FusedApi) -> None:
    """Listed late, our own earlier import looks new; the file that never arrived is sent again."""
    api.next_create(accept_unlisted(api), lose_answer_before_accepting())
    drop_in_turn(home, contacts(2, name="Ada"), contacts(2, name="Eva"))
    home.rest()
    taken = [each.content for each in api.sent if each.became]
    assert taken == [contacts(2, name="Ada"), contacts(2, name="Eva")]
    assert breaches(home) == []


def test_after_a_start_too(home: Home, api: FusedApi) -> None:
    """What belongs to filed jobs is not only remembered as long as the agent runs."""
    api.next_create(accept_unlisted(api), lose_answer_before_accepting())
    drop_in_turn(home, contacts(2, name="Ada"), contacts(2, name="Eva"))
    home.start()
    home.rest()
    taken = [each.content for each in api.sent if each.became]
    assert taken == [contacts(2, name="Ada"), contacts(2, name="Eva")]
    assert breaches(home) == []


def test_an_import_that_is_not_ours_does_not_cut_the_grace_short(home: Home, api: FusedApi) -> None:
    """Something like it is listed, with other rows; ours may still be shown."""
    api.next_create(lose_answer_unlisted(api))
    home.drop(Kind.CONTACTS, "0.csv", contacts(3))
    home.run_until(lambda: api.sent)
    other = api.start_in_app(Kind.CONTACTS, rows=7)
    api.claim(other.id, origin="api")
    home.rest()
    assert api.calls.count("create") == 1
    assert breaches(home) == []


def test_vouchers_are_not_held_before_the_grace_is_over(home: Home, api: FusedApi) -> None:
    """Other rows of another program are no reason to bother a person about vouchers."""
    api.next_create(lose_answer_unlisted(api))
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder=SET)
    home.run_until(lambda: api.sent)
    other = api.start_in_app(Kind.VOUCHERS, rows=7)
    api.claim(other.id, origin="api", options=api.sent[0].options)
    home.rest()
    assert home.stage("codes.csv") is None
    assert home.report("codes.csv")["outcome"] == "imported"
    assert api.calls.count("create") == 1
