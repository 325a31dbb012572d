"""Each request is told to whoever counts them: once, with what was asked and what came of it."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from dropbox_agent.adapters.import_api import ApiAccess, HttpImportApi
from dropbox_agent.adapters.import_api.observing import call_of, result_of
from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.exchange import Call, Exchange, Result
from dropbox_agent.core.imports import ApiUnavailable, ImportId, ImportOptions
from dropbox_agent.core.kind import Kind
from tests.adapters.import_api.conftest import KEY
from tests.adapters.import_api.wire import Talk, Wire, answer, say_once
from tests.bodies import BytesBody

IMPORT = {"id": "1", "type": "contacts", "status": "queued"}


class Observed:
    """Adapters whose requests are kept."""

    def __init__(self) -> None:
        self.exchanges: list[Exchange] = []

    def api(self, url: str, budget: RequestBudget | None = None) -> HttpImportApi:
        """Build an adapter for an address."""
        access = ApiAccess(url, lambda: KEY, 5.0, 5.0)
        return HttpImportApi(
            access, budget or RequestBudget(limit=1000), observe=self.exchanges.append
        )

    @property
    def told(self) -> list[tuple[Call, Result]]:
        """What was asked, and what came of it."""
        return [(each.call, each.result) for each in self.exchanges]


@pytest.fixture
def observed() -> Iterator[Observed]:
    """Nothing observed so far."""
    observed = Observed()
    yield observed
    assert all(0 <= each.seconds < 60 for each in observed.exchanges)


def test_a_file_that_is_sent_is_told(observed: Observed) -> None:
    """One request: nothing is looked at or asked besides."""
    with Wire(answer(200, IMPORT)) as wire, closing(observed.api(wire.url)) as api:
        api.create(Kind.CONTACTS, ImportOptions(), BytesBody(b"_email\na@example.com\n"))
    assert observed.told == [(Call.CREATE_IMPORT, Result.OK)]


def test_every_question_is_told_by_its_name(observed: Observed) -> None:
    """Whatever the server makes of it."""
    with Wire(answer(404)) as wire, closing(observed.api(f"{wire.url}/base")) as api:
        assert api.get(ImportId("61fa54f2")) is None
        for ask in (api.recent, api.contact_fields, api.coupon_sets):
            with pytest.raises(ApiUnavailable):
                ask()
    assert observed.told == [
        (Call.GET_IMPORT, Result.REFUSED),
        (Call.LIST_IMPORTS, Result.REFUSED),
        (Call.LIST_CONTACT_FIELDS, Result.REFUSED),
        (Call.LIST_COUPON_SETS, Result.REFUSED),
    ]


def test_both_tries_of_a_question_are_told(observed: Observed) -> None:
    """A kept-alive connection that turned out to be closed counts as a request without answer."""
    empty = answer(200, {"results": []})

    def hang_up_on_the_second(talk: Talk) -> None:
        talk.hear()
        talk.say(empty)
        talk.head()
        talk.reset()

    with Wire(hang_up_on_the_second, empty) as wire, closing(observed.api(wire.url)) as api:
        api.recent()
        api.recent()
    results = [result for _, result in observed.told]
    assert results == [Result.OK, Result.NO_ANSWER, Result.OK]


def test_a_request_that_is_not_made_is_not_told(observed: Observed) -> None:
    """The agent's own budget is used up."""
    with (
        Wire(answer(200, {"results": []})) as wire,
        closing(observed.api(wire.url, RequestBudget(1))) as api,
    ):
        api.recent()
        with pytest.raises(ApiUnavailable):
            api.recent()
    assert observed.told == [(Call.LIST_IMPORTS, Result.OK)]


def test_a_dead_network_is_told(observed: Observed) -> None:
    """Nobody listens there any more."""
    with Wire(answer(200)) as wire:
        url = wire.url
    with closing(observed.api(url)) as api, pytest.raises(ApiUnavailable):
        api.recent()
    assert observed.told == [(Call.LIST_IMPORTS, Result.NO_ANSWER)]


def test_the_file_of_refused_rows_is_told(observed: Observed) -> None:
    """Fetched, and not to be had."""
    answers = (say_once(answer(200, b"rows")), answer(404))
    with Wire(*answers) as wire, closing(observed.api(wire.url)) as api:
        assert api.error_report(f"{wire.url}/report") == b"rows"
        with pytest.raises(ApiUnavailable):
            api.error_report(f"{wire.url}/report")
    assert observed.told == [
        (Call.GET_ERROR_REPORT, Result.OK),
        (Call.GET_ERROR_REPORT, Result.REFUSED),
    ]


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (200, Result.OK), (201, Result.OK), (302, Result.SERVER_FAULT), (400, Result.REFUSED),
        (401, Result.REFUSED), (404, Result.REFUSED), (429, Result.RATE_LIMITED),
        (500, Result.SERVER_FAULT), (503, Result.SERVER_FAULT), (799, Result.SERVER_FAULT),
    ],
)  # fmt: skip
def test_a_status_becomes_one_of_few_words(status: int, result: Result) -> None:
    """However inventive the server is, there are no more series."""
    assert result_of(status) is result


@pytest.mark.parametrize(
    ("address", "call"),
    [
        ("/imports/", Call.LIST_IMPORTS),
        ("/v1/imports/?page=2", Call.LIST_IMPORTS),
        ("/imports/61fa54f238319b3bf1990fdc", Call.GET_IMPORT),
        ("/contact-fields/", Call.LIST_CONTACT_FIELDS),
        ("/coupon-sets/", Call.LIST_COUPON_SETS),
    ],
)
def test_an_address_tells_the_call(address: str, call: Call) -> None:
    """Without anything of it: ids would be series without end."""
    assert call_of("GET", f"https://api.example.com{address}") is call
    assert call_of("POST", f"https://api.example.com{address}") is Call.CREATE_IMPORT
