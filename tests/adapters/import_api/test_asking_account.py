"""Asking the account for its contact fields and coupon sets."""

from collections.abc import Callable

import pytest

from dropbox_agent.core.account import AccountApi
from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.checking import ContactField
from dropbox_agent.core.coupon_sets import CouponSet
from dropbox_agent.core.imports import ApiUnavailable
from tests.adapters.import_api.conftest import Connect
from tests.adapters.import_api.wire import Talk, Wire, answer

Ask = Callable[[AccountApi], object]

QUESTIONS = pytest.mark.parametrize(
    "ask", [lambda api: api.contact_fields(), lambda api: api.coupon_sets()], ids=["fields", "sets"]
)


def test_a_field_is_read_with_all_that_a_check_needs(connect: Connect) -> None:
    """What is not told is empty, and an option's id is taken as it is."""
    results = [
        {"id": "_email", "type": "email"},
        {
            "id": "size",
            "name": "Shirt  size",
            "type": "radio",
            "readOnly": False,
            "options": [{"id": "x  l", "label": "Extra\nlarge"}, {"id": "s"}, {"label": "?"}, 7],
        },
        {"id": "note", "type": "text", "readOnly": True, "maxLength": 20, "options": None},
    ]
    with Wire(answer(200, {"results": results})) as wire:
        assert connect(wire.url).contact_fields() == (
            ContactField("_email", "email"),
            ContactField(
                "size",
                "radio",
                options=("x  l", "s"),
                name="Shirt size",
                labels=("Extra large", ""),
            ),
            ContactField("note", "text", max_length=20, read_only=True),
        )
    assert wire.heard[0].path == "/contact-fields/"


def test_a_set_is_read_with_its_name_and_type(connect: Connect) -> None:
    """An account may have none."""
    results = [{"id": "a1", "name": "Spring", "type": "multiple"}, {"id": "b2"}, {"name": "?"}]
    with Wire(answer(200, {"results": results})) as wire:
        assert connect(wire.url).coupon_sets() == (
            CouponSet("a1", "Spring", "multiple"),
            CouponSet("b2", ""),
        )
    assert wire.heard[0].path == "/coupon-sets/"
    with Wire(answer(200, {"results": []})) as wire:
        assert connect(wire.url).coupon_sets() == ()


@QUESTIONS
def test_all_pages_are_read(connect: Connect, ask: Ask) -> None:
    """Half a list would make the rest look as if it were not there."""

    def script(talk: Talk) -> None:
        while heard := talk.hear():
            last = "page=2" in heard.path
            links = {} if last else {"next": "?page=2"}
            talk.say(answer(200, {"links": links, "results": [{"id": f"f{last:d}"}]}))

    with Wire(script) as wire:
        found = ask(connect(wire.url))
    assert isinstance(found, tuple)
    assert [each.id for each in found] == ["f0", "f1"]


@QUESTIONS
def test_a_list_without_an_end_is_no_answer(connect: Connect, ask: Ask) -> None:
    """It would not be the whole list."""
    asked: list[str] = []

    def endless(talk: Talk) -> None:
        while heard := talk.hear():
            asked.append(heard.path)
            page = {"links": {"next": f"?page={len(asked)}"}, "results": [{"id": "f"}]}
            talk.say(answer(200, page))

    with Wire(endless) as wire, pytest.raises(ApiUnavailable) as caught:
        ask(connect(wire.url))
    assert caught.value.code == "list-too-long"
    assert len(asked) <= 21


@QUESTIONS
@pytest.mark.parametrize(
    ("status", "document", "code"),
    [
        (403, {"status": 403, "title": "Forbidden"}, "api-key-forbidden"),
        (401, None, "api-key-refused"),
        (404, None, "wrong-address"),
        (429, None, "rate-limited"),
        (503, None, "server-error"),
        (200, {"results": "none"}, "unreadable-answer"),
    ],
)
def test_no_answer_has_its_reason(
    connect: Connect, ask: Ask, status: int, document: object, code: str
) -> None:
    """The same as for imports."""
    with Wire(answer(status, document)) as wire, pytest.raises(ApiUnavailable) as caught:
        ask(connect(wire.url))
    assert caught.value.code == code


def test_no_account_is_without_fields(connect: Connect) -> None:
    """An empty list is not believed."""
    with Wire(answer(200, {"results": []})) as wire, pytest.raises(ApiUnavailable):
        connect(wire.url).contact_fields()


@QUESTIONS
def test_questions_are_paid_from_the_one_budget(connect: Connect, ask: Ask) -> None:
    """And not from what is kept back for sending."""
    with Wire(answer(200, {"results": [{"id": "f"}]})) as wire:
        api = connect(wire.url, budget=RequestBudget(3, reserve=2))
        ask(api)
        with pytest.raises(ApiUnavailable) as caught:
            ask(api)
    assert caught.value.code == "request-budget"
    assert len(wire.heard) == 1
