"""What is known of the account, and what may be concluded from it."""

from dataclasses import replace

import pytest

from dropbox_agent.core.account import Account, AccountOutdated, questions, slow, unknown
from dropbox_agent.core.checking import CheckPolicy, ContactField
from dropbox_agent.core.imports import ApiUnavailable
from dropbox_agent.core.job import AccountUse
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.clocks import SetClock
from tests.fakes import FakeImportApi
from tests.jobs import NOON

FIELDS = (ContactField("_email", "email"),)
FORBIDDEN = ApiUnavailable("It may not.", hint="Make a key.", code="api-key-forbidden")
NETWORK = ApiUnavailable("There is no way.", hint="Plug it in.", code="network-down")


def test_each_kind_has_its_question() -> None:
    """Products need to know nothing."""
    api = FakeImportApi(SetClock())
    asked = questions(api, set(Kind))
    assert set(asked) == {Kind.CONTACTS, Kind.VOUCHERS}
    assert asked[Kind.CONTACTS]() == Account(fields=api.fields)
    assert asked[Kind.VOUCHERS]() == Account(sets=())
    assert questions(api, {Kind.VOUCHERS}).keys() == {Kind.VOUCHERS}


def test_known_fields_are_checked_by() -> None:
    """The settings stay as they are."""
    settings = CheckPolicy(row_faults="reject")
    assert Account(fields=FIELDS).policy(settings) == replace(settings, contact_fields=FIELDS)
    assert Account().policy(settings) == settings


def test_the_report_is_told_what_was_known() -> None:
    """Or why nothing was; and nothing where nothing was asked for."""
    assert Account().use is None
    assert Account(fields=FIELDS, fetched_at=NOON).use == AccountUse(used=True, fetched_at=NOON)
    use = unknown(Kind.CONTACTS, NETWORK).use
    assert use is not None
    assert use.why is not None
    assert (use.used, use.fetched_at, use.why.code) == (False, None, "network-down")


@pytest.mark.parametrize("kind", [Kind.CONTACTS, Kind.VOUCHERS])
def test_why_nothing_is_known_says_what_was_done_without(kind: Kind) -> None:
    """And what to do, which for a key without the right is to give it that."""
    why = unknown(kind, FORBIDDEN).why_unknown
    assert why is not None
    assert "It may not. Checked with" in why.message
    assert "right to read" in why.hint
    late = slow(kind, 3.0).why_unknown
    assert late is not None
    assert "after 3 seconds" in late.message


@pytest.mark.parametrize("code", ["column-unknown", "value-not-allowed", "coupon-set-single"])
def test_nobody_is_rejected_for_what_may_be_otherwise_by_now(code: str) -> None:
    """The account has to be asked first."""
    account = Account(fields=FIELDS, fetched_at=NOON)
    account.stand_by({code})
    outdated = replace(account, may_be_outdated=True)
    outdated.stand_by({"ragged-row-short"})
    with pytest.raises(AccountOutdated):
        outdated.stand_by({"ragged-row-short", code})


def test_a_name_that_may_be_known_later_is_waited_for() -> None:
    """Where not knowing lasts, there is nothing to wait for."""
    unknown(Kind.VOUCHERS, FORBIDDEN).stand_by({"coupon-set-unknown"})
    Account().stand_by({"coupon-set-unknown"})
    passing = unknown(Kind.VOUCHERS, NETWORK)
    passing.stand_by({"no-rows"})
    with pytest.raises(TryLater, match="There is no way"):
        passing.stand_by({"coupon-set-unknown"})
