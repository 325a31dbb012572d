"""Asking for one import and for the list of recent ones."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.imports import ApiUnavailable, ImportId, Status
from dropbox_agent.core.kind import Kind
from tests.adapters.import_api.conftest import KEY, Connect
from tests.adapters.import_api.wire import Talk, Wire, answer, say_once

ONE = ImportId("6072374b4d3ceb76e44d4323")


def entry(number: int, **members: object) -> dict[str, object]:
    """One import of the list, made in the minute of its number."""
    return {
        "id": f"id{number}",
        "type": "contacts",
        "status": "queued",
        "createdAt": f"2026-01-15T09:{number:02}:00.000Z",
        **members,
    }


def pages(**listed: Any) -> Callable[[Talk], None]:  # noqa: ANN401 (any JSON, on purpose)
    """Serve a page of the list for each path, named by its query; ``first`` has none."""

    def script(talk: Talk) -> None:
        while heard := talk.hear():
            name = heard.path.partition("?")[2] or "first"
            talk.say(answer(200, listed[name]))

    return script


def test_one_import_is_read_with_all_that_is_told(connect: Connect) -> None:
    """Counts, times, options and the report's address come through."""
    document = {
        "id": ONE,
        "type": "coupons",
        "status": "finished",
        "origin": "api",
        "createdAt": "2026-01-15T09:00:00.000Z",
        "finishedAt": "2026-01-15T09:01:00.000Z",
        "total": 10,
        "success": 8,
        "errors": 2,
        "errorReportFileUrl": "https://files.example.com/report.csv",
        "options": {
            "delimiter": ",",
            "overrideExisting": True,
            "updateOnlyEmptyFields": False,
            "couponSetId": "61fa54f238319b3bf1990fdc",
        },
    }
    with Wire(answer(200, document)) as wire:
        found = connect(wire.url).get(ONE)
    assert wire.heard[0].line == f"GET /imports/{ONE} HTTP/1.1"
    assert found is not None
    assert found.kind is Kind.VOUCHERS
    assert found.status is Status.FINISHED
    assert (found.total, found.success, found.errors) == (10, 8, 2)
    assert found.options is not None
    assert found.options.coupon_set == "61fa54f238319b3bf1990fdc"
    assert found.error_report_url == "https://files.example.com/report.csv"


@pytest.mark.parametrize("status", [404, 410])
def test_an_import_the_server_does_not_know_is_none(connect: Connect, status: int) -> None:
    """Only not found and gone mean that there is no such import."""
    with Wire(answer(status, {"status": status})) as wire:
        assert connect(wire.url).get(ONE) is None


def test_an_id_cannot_lead_to_another_address(connect: Connect) -> None:
    """An id is one step of the path, whatever marks it has in it."""
    with Wire(answer(404)) as wire:
        connect(wire.url).get(ImportId("../store?x=1#y"))
    assert wire.heard[0].path == "/imports/..%2Fstore%3Fx%3D1%23y"


@pytest.mark.parametrize(
    ("text", "code", "wait"),
    [
        (answer(400, {"detail": "malformed"}), "unexpected-answer", None),
        (answer(422, {"detail": "malformed"}), "unexpected-answer", None),
        (answer(401), "api-key-refused", None),
        (answer(403), "api-key-forbidden", None),
        (answer(302, Location="https://login.example.com/"), "redirected", None),
        (answer(429, RateLimit_Reset="12"), "rate-limited", 12.0),
        (answer(503, b"<html>", Retry_After="9"), "server-error", 9.0),
        (answer(200, b"<html>Sign in</html>"), "unreadable-answer", None),
        (answer(200, {"results": []}), "unreadable-answer", None),
        (answer(200, b"\x00" * 100), "unreadable-answer", None),
        (b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"id": ', "answer-cut", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "answer-cut", None),
    ],
)
def test_any_other_answer_means_unavailable(
    connect: Connect, text: bytes, code: str, wait: float | None
) -> None:
    """The reason has a code, a hint, and the wait that the server asks for."""
    with Wire(say_once(text)) as wire, pytest.raises(ApiUnavailable) as caught:
        connect(wire.url).get(ONE)
    assert (caught.value.code, caught.value.wait_seconds) == (code, wait)
    assert caught.value.hint


def test_the_list_without_an_api_behind_is_a_wrong_address(connect: Connect) -> None:
    """A list that is not found can only be a mistake in the address."""
    with Wire(answer(404)) as wire, pytest.raises(ApiUnavailable) as caught:
        connect(wire.url).recent()
    assert caught.value.code == "wrong-address"


def test_one_page_is_enough_when_it_begins_with_the_newest(connect: Connect) -> None:
    """No parameters are sent, and no more pages are read than needed."""
    page = {"links": {"next": "/imports/?page=2"}, "results": [entry(3), entry(2)]}
    with Wire(answer(200, page)) as wire:
        found = connect(wire.url).recent()
    assert [each.id for each in found] == ["id3", "id2"]
    assert [heard.path for heard in wire.heard] == ["/imports/"]


@pytest.mark.parametrize("link", ["/imports/?page=2", "?page=2", "{url}/imports/?page=2"])
def test_all_pages_are_read_when_the_order_is_another(connect: Connect, link: str) -> None:
    """Links may be absolute or relative; the result is newest first all the same."""
    first: dict[str, object] = {"results": [entry(1), entry(2)]}
    second = {"links": {"next": None}, "results": [entry(4), entry(3)]}
    with Wire(pages(first=first, **{"page=2": second})) as wire:
        first["links"] = {"next": link.format(url=wire.url)}
        found = connect(wire.url).recent()
    assert [each.id for each in found] == ["id4", "id3", "id2", "id1"]


@pytest.mark.parametrize("results", [[], [entry(1)], [entry(1), entry(1, id="same-time")]])
def test_a_page_that_shows_no_order_is_not_taken_for_the_newest(
    connect: Connect, results: list[object]
) -> None:
    """An empty page, a single import or equal times prove nothing; the next page is read."""
    first = {"links": {"next": "?page=2"}, "results": results}
    with Wire(pages(first=first, **{"page=2": {"results": [entry(9)]}})) as wire:
        found = connect(wire.url).recent()
    assert found[0].id == "id9"


def test_a_list_that_never_ends_is_left_after_a_bound(connect: Connect) -> None:
    """A server may always name one more page."""
    asked: list[str] = []

    def endless(talk: Talk) -> None:
        while heard := talk.hear():
            asked.append(heard.path)
            page = {"links": {"next": f"/imports/?page={len(asked)}"}, "results": []}
            talk.say(answer(200, page))

    with Wire(endless) as wire:
        assert connect(wire.url).recent() == ()
    assert len(asked) == 20


def test_a_list_that_goes_in_circles_ends(connect: Connect) -> None:
    """A page that names itself as the next is read once."""
    with Wire(answer(200, {"links": {"next": "/imports/"}, "results": []})) as wire:
        assert connect(wire.url).recent() == ()
    assert len(wire.heard) == 1


@pytest.mark.parametrize("link", ["{url}/imports/", "//{host}/imports/", "file:///x", "http://[x"])
def test_a_link_to_another_host_is_not_followed(connect: Connect, link: str) -> None:
    """The key never goes to a host that an answer names."""
    with Wire(answer(200, {"results": []})) as elsewhere:
        foreign = link.format(url=elsewhere.url, host=elsewhere.url.partition("//")[2])
        page = {"links": {"next": foreign}, "results": []}
        with Wire(answer(200, page)) as wire, pytest.raises(ApiUnavailable) as caught:
            connect(wire.url).recent()
        assert elsewhere.connections == 0
    assert caught.value.code == "foreign-link"


def test_broken_entries_are_skipped(connect: Connect) -> None:
    """What has no id cannot be ours; unknown types and odd counts do no harm."""
    results = [
        None,
        "text",
        {"status": "queued"},
        entry(1, type="segments", status="dreaming", total="many", success=-1, errors=True),
        entry(0, id=12345, type=["contacts"], options={"delimiter": "|"}, createdAt="yesterday"),
    ]
    with Wire(answer(200, {"results": results})) as wire:
        odd, numbered = connect(wire.url).recent()
    assert (odd.id, odd.kind, odd.status, odd.status_text) == (
        "id1",
        None,
        Status.OTHER,
        "dreaming",
    )
    assert (odd.total, odd.success, odd.errors) == (None, 0, 0)
    assert (numbered.id, numbered.kind, numbered.options) == ("12345", None, None)


def test_a_large_list_is_read_whole(connect: Connect) -> None:
    """A server without paging may send thousands of imports at once, compressed or chunked."""
    listed = json.dumps({"results": [entry(1, id=f"id{n}") for n in range(3000)]}).encode()
    chunks = [listed[start : start + 9999] for start in range(0, len(listed), 9999)]
    chunked = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    with Wire(head + chunked + b"0\r\n\r\n") as wire:
        assert len(connect(wire.url).recent()) == 3000


def test_questions_share_a_connection(connect: Connect) -> None:
    """Polling does not open a connection for each question, even after errors."""
    with Wire(answer(404, b"<html>nothing here</html>")) as wire:
        api = connect(wire.url)
        for _ in range(5):
            api.get(ONE)
        assert wire.connections == 1


@pytest.mark.parametrize("leave", ["close", "reset"])
def test_a_kept_connection_that_was_closed_is_replaced_once(connect: Connect, leave: str) -> None:
    """A question repeats itself when the server hangs up without an answer."""

    def answer_then_leave(talk: Talk) -> None:
        talk.hear()
        talk.say(answer(404))
        talk.hear()
        if leave == "reset":
            talk.reset()

    with Wire(answer_then_leave, answer(200, {"id": ONE})) as wire:
        api = connect(wire.url)
        assert api.get(ONE) is None
        assert api.get(ONE) is not None
        assert wire.connections == 2


def test_a_server_that_always_hangs_up_is_asked_twice(connect: Connect) -> None:
    """There is one repetition, and it is counted in the budget."""
    budget = RequestBudget(limit=3, reserve=0)
    with Wire(lambda talk: talk.hear()) as wire:
        api = connect(wire.url, budget)
        with pytest.raises(ApiUnavailable) as caught:
            api.get(ONE)
        assert wire.connections == 2
    assert caught.value.code == "network-down"
    assert budget.take(0.0, urgent=True) > 0 or budget.take(0.0, urgent=True) > 0


def test_the_budget_keeps_questions_from_eating_into_sending(connect: Connect) -> None:
    """Questions stop while a reserve for sending is left."""
    with Wire(answer(404)) as wire:
        api = connect(wire.url, RequestBudget(limit=3, reserve=2))
        api.get(ONE)
        with pytest.raises(ApiUnavailable) as caught:
            api.get(ONE)
        assert len(wire.heard) == 1
    assert caught.value.code == "request-budget"
    assert caught.value.wait_seconds is not None


def test_the_server_knows_better_how_many_requests_are_left(connect: Connect) -> None:
    """Others use the account too, and their requests count."""
    with Wire(answer(404, X_RateLimit_Remaining="1", RateLimit_Reset="40")) as wire:
        api = connect(wire.url, RequestBudget(limit=90, reserve=15))
        api.get(ONE)
        with pytest.raises(ApiUnavailable) as caught:
            api.get(ONE)
    assert caught.value.code == "request-budget"
    assert 0 < (caught.value.wait_seconds or 0) <= 40


def test_a_replaced_key_is_used_at_once(connect: Connect) -> None:
    """The key is asked for with each request."""
    keys = iter([KEY, "another:key"])
    with Wire(answer(404)) as wire:
        api = connect(wire.url, key=lambda: next(keys))
        api.get(ONE)
        api.get(ONE)
    sent = [heard.headers["authorization"] for heard in wire.heard]
    assert sent == [f"apiKey {KEY}", "apiKey another:key"]
