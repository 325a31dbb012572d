"""What the account has is asked for when a check needs it, and never holds a file up for long."""

from dataclasses import replace

import pytest

from dropbox_agent.agent import Rules
from dropbox_agent.core.account import questions
from dropbox_agent.core.checking import CheckPolicy, ContactField
from dropbox_agent.core.coupon_sets import CouponSet
from dropbox_agent.core.imports import ApiUnavailable
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import Json
from tests.drops import contacts, products, vouchers
from tests.fakes import FakeImportApi
from tests.homes import Home
from tests.stand_ins import PatientPool

SPRING = CouponSet("65f0a1b2c3d4e5f607182930", "Spring sale", "multiple")
FOR_ALL = CouponSet("65f0a1b2c3d4e5f607182931", "Summer for all", "single")
SIZE = ContactField("size", "radio", options=("s", "m"), labels=("Small", "Medium"))
SIZES = b"_email,size\nada@example.com,s\neva@example.com,m\n"

FORBIDDEN = ApiUnavailable("It may not.", hint="Make a key.", code="api-key-forbidden")
NETWORK = ApiUnavailable("There is no way to the server.", hint="Plug it in.", code="network-down")


@pytest.fixture(autouse=True)
def account(home: Home) -> FakeImportApi:
    """Let the agent ask the account about itself."""
    home.api.sets = (SPRING, FOR_ALL)
    home.questions = questions(home.api, set(Kind))
    return home.api


def told(home: Home, name: str) -> Json:
    """Tell what the report on a file says of the account."""
    account: Json = home.report(name)["check"]["account"]
    return account


def codes(home: Home, name: str) -> list[str]:
    """Name the faults that the report on a file lists."""
    return [each["code"] for each in home.report(name)["check"]["issues"]]


# Contact fields


def test_a_column_that_the_account_does_not_have_is_refused(home: Home) -> None:
    """The report says that the account was asked, and when."""
    home.drop(Kind.CONTACTS, "people.csv", SIZES)
    home.rest()
    assert home.report("people.csv")["reason"]["code"] == "column-unknown"
    assert told(home, "people.csv") == {
        "used": True,
        "fetched_at": "2026-01-15T12:00:05.000Z",
        "why": None,
    }


def test_a_column_that_the_account_has_is_checked_by_its_options(home: Home) -> None:
    """A label in place of an option's id is told with the id."""
    home.api.fields += (SIZE,)
    home.drop(Kind.CONTACTS, "people.csv", SIZES.replace(b",m", b",Medium"))
    home.rest()
    (fault,) = home.report("people.csv")["check"]["issues"]
    assert (fault["code"], fault["line"]) == ("label-instead-of-option", 3)
    assert "Write m " in fault["hint"]


def test_one_question_serves_all_files_until_it_is_too_old(home: Home) -> None:
    """Then the account is asked again, before the next check that needs it."""
    home.rules = Rules(account_seconds=600.0)
    for number in range(3):
        home.drop(Kind.CONTACTS, f"{number}.csv", contacts(1, first=number))
    home.rest()
    assert home.api.calls.count("contact_fields") == 1
    home.run_for(600)
    assert home.api.calls.count("contact_fields") == 1
    home.drop(Kind.CONTACTS, "late.csv", contacts(1))
    home.rest()
    assert home.api.calls.count("contact_fields") == 2


def test_what_needs_nothing_of_the_account_does_not_ask(home: Home) -> None:
    """Neither products, nor contacts where the settings say so."""
    home.questions = questions(home.api, {Kind.VOUCHERS})
    home.drop(Kind.CONTACTS, "people.csv", SIZES)
    home.drop(Kind.PRODUCTS, "chairs.csv", products(1))
    home.rest()
    assert not {"contact_fields", "coupon_sets"} & set(home.api.calls)
    assert codes(home, "people.csv") == ["column-unverified"]
    assert told(home, "people.csv") is None
    assert told(home, "chairs.csv") is None


def test_a_field_made_since_the_last_look_is_no_fault(home: Home) -> None:
    """Before a file is rejected for what it finds, the agent looks again."""
    home.drop(Kind.CONTACTS, "before.csv", contacts(1))
    home.rest()
    home.api.fields += (SIZE,)
    home.drop(Kind.CONTACTS, "people.csv", SIZES)
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"
    assert home.api.calls.count("contact_fields") == 2


def test_an_option_made_since_the_last_look_is_no_fault(home: Home) -> None:
    """Also where faults of rows reject."""
    home.policy = CheckPolicy(row_faults="reject")
    home.api.fields += (ContactField("size", "radio", options=("s",)),)
    home.drop(Kind.CONTACTS, "before.csv", contacts(1))
    home.rest()
    home.api.fields = (*home.api.fields[:-1], SIZE)
    home.drop(Kind.CONTACTS, "people.csv", SIZES)
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"


def test_a_column_that_is_unknown_after_a_second_look_is_refused(home: Home) -> None:
    """Two looks are enough."""
    home.drop(Kind.CONTACTS, "before.csv", contacts(1))
    home.rest()
    home.drop(Kind.CONTACTS, "people.csv", SIZES)
    home.rest()
    assert home.report("people.csv")["reason"]["code"] == "column-unknown"
    assert home.api.calls.count("contact_fields") == 2


def test_no_file_is_rejected_for_what_cannot_be_looked_up_again(home: Home) -> None:
    """With an answer in doubt the column is only told as not verified."""
    home.drop(Kind.CONTACTS, "before.csv", contacts(1))
    home.rest()
    home.api.next_contact_fields(NETWORK)
    home.drop(Kind.CONTACTS, "people.csv", SIZES)
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"
    assert codes(home, "people.csv") == ["column-unverified"]
    assert told(home, "people.csv")["why"]["code"] == "network-down"


def test_a_key_that_may_not_read_fields_is_no_hindrance(home: Home) -> None:
    """The file is checked without them, and report and log say what to do."""
    home.api.next_contact_fields(*[FORBIDDEN] * 9)
    home.drop(Kind.CONTACTS, "people.csv", SIZES)
    home.drop(Kind.CONTACTS, "more.csv", contacts(1))
    home.rest()
    assert home.report("people.csv")["outcome"] == "imported"
    account = told(home, "people.csv")
    assert (account["used"], account["fetched_at"]) == (False, None)
    assert account["why"]["code"] == "api-key-forbidden"
    assert "right to read contact fields" in account["why"]["hint"]
    (line,) = home.witness.notices
    assert "contact fields are not known" in line


def test_when_the_account_can_be_read_again_it_is(home: Home) -> None:
    """The log tells of it."""
    home.api.next_contact_fields(FORBIDDEN)
    home.drop(Kind.CONTACTS, "people.csv", contacts(1))
    home.rest()
    home.run_for(60)
    home.drop(Kind.CONTACTS, "more.csv", contacts(1))
    home.rest()
    assert told(home, "more.csv")["used"] is True
    assert home.witness.notices[-1] == "The account's contact fields can be read again."


def test_a_server_that_is_slow_does_not_keep_a_check_waiting(home: Home) -> None:
    """After three seconds the file goes its way; the answer serves the next one."""
    pool = PatientPool()
    home.pools = replace(home.pools, know=pool)
    home.drop(Kind.CONTACTS, "people.csv", SIZES)
    home.run_until(lambda: home.stage("people.csv") is Stage.CLAIMED)
    began = home.clock.monotonic()
    home.run_until(lambda: home.stage("people.csv") is Stage.CHECKED)
    assert home.clock.monotonic() - began == pytest.approx(3.0)
    home.run_until(home.reports)
    assert told(home, "people.csv")["why"]["code"] == "account-slow"
    pool.run_one()
    home.drop(Kind.CONTACTS, "more.csv", contacts(1))
    home.run_until(lambda: len(home.reports()) == 2)
    assert told(home, "more.csv")["used"] is True


# Coupon sets


@pytest.mark.parametrize("folder", ["Spring sale", "spring  SALE", SPRING.id, SPRING.id.upper()])
def test_vouchers_go_into_the_set_that_their_folder_means(home: Home, folder: str) -> None:
    """By its name or its id."""
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder)
    home.rest()
    (sent,) = home.api.sent
    assert sent.options.coupon_set == SPRING.id
    assert told(home, "codes.csv")["used"] is True


def test_the_default_set_may_be_named(home: Home) -> None:
    """For vouchers dropped straight into the inbox."""
    home.default_set = "Spring sale"
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3))
    home.rest()
    assert home.api.sent[0].options.coupon_set == SPRING.id


@pytest.mark.parametrize(
    ("folder", "code", "text"),
    [
        ("Sprng sale", "coupon-set-unknown", SPRING.id),
        ("0" * 24, "coupon-set-unknown", SPRING.id),
        ("Summer for all", "coupon-set-single", "type 'single'"),
        (FOR_ALL.id, "coupon-set-single", "Summer for all"),
    ],
)
def test_vouchers_without_a_set_to_go_into_are_rejected(
    home: Home, folder: str, code: str, text: str
) -> None:
    """The reason names the sets there are."""
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), folder)
    home.rest()
    reason = home.report("codes.csv")["reason"]
    assert reason["code"] == code
    assert text in reason["message"] + reason["hint"]
    assert home.api.sent == []


def test_a_set_made_since_the_last_look_is_found(home: Home) -> None:
    """Before vouchers are rejected, the agent looks again."""
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), "Spring sale")
    home.rest()
    autumn = CouponSet("65f0a1b2c3d4e5f607182939", "Autumn", "multiple")
    home.api.sets += (autumn,)
    home.drop(Kind.VOUCHERS, "more.csv", vouchers(3), "Autumn")
    home.rest()
    assert home.api.sent[-1].options.coupon_set == autumn.id


def test_a_name_waits_for_a_network_that_is_down(home: Home) -> None:
    """That is not the file's fault, and nothing could be sent anyway."""
    home.api.next_coupon_sets(*[NETWORK] * 6)
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), "Spring sale")
    home.run_until(lambda: home.witness.troubles)
    (hand,) = home.overview.jobs
    assert hand.retry is not None
    assert hand.retry.why.code == "coupon-set-unresolved"
    home.rest()
    assert home.report("codes.csv")["outcome"] == "imported"


def test_an_id_needs_no_answer(home: Home) -> None:
    """It is sent to as it is; the report says that it was not verified."""
    home.api.next_coupon_sets(*[FORBIDDEN] * 3)
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), SPRING.id)
    home.rest()
    assert home.report("codes.csv")["outcome"] == "imported"
    assert "not verified" in told(home, "codes.csv")["why"]["message"]


def test_a_name_that_the_key_may_not_look_up_is_rejected(home: Home) -> None:
    """The reason says how to do without."""
    home.api.next_coupon_sets(*[FORBIDDEN] * 3)
    home.drop(Kind.VOUCHERS, "codes.csv", vouchers(3), "Spring sale")
    home.rest()
    reason = home.report("codes.csv")["reason"]
    assert reason["code"] == "coupon-set-unknown"
    assert "let the API key read coupon sets" in reason["hint"]
