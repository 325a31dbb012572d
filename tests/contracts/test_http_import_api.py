"""The real adapter, talking to the sandbox, keeps the promises of the import API."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from dropbox_agent.adapters.import_api import ApiAccess, HttpImportApi
from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.imports import (
    ImportOptions,
    NotNow,
    OutcomeUnknown,
    Refused,
    SendAnswer,
)
from dropbox_agent.core.kind import Kind
from dropbox_agent.sandbox import DEFAULT_COUPON_SET, Sandbox, SandboxOptions
from tests.bodies import BytesBody
from tests.clocks import SetClock
from tests.contracts.import_api_contract import PRODUCTS, ImportApiContract, Side


class TestHttpImportApi(ImportApiContract):
    """The contract, over HTTP."""

    @pytest.fixture(
        params=[
            SandboxOptions(start_seconds=1, rows_per_second=1),
            SandboxOptions(
                start_seconds=1,
                rows_per_second=1,
                created_status=200,
                null_members=True,
                page_size=10,
                rate_headers="ratelimit",
                strict_part_order=True,
            ),
        ],
        ids=["usual", "otherwise"],
    )
    def side(self, request: pytest.FixtureRequest) -> Iterator[Side]:
        """Give the adapter and the sandbox behind it, whose clock is set."""
        clock = SetClock()
        with Sandbox(request.param, clock=clock.monotonic) as sandbox:
            access = ApiAccess(sandbox.url, key=lambda: sandbox.api_key)
            with closing(HttpImportApi(access, RequestBudget())) as api:
                yield Side(
                    api=api,
                    coupon_set=DEFAULT_COUPON_SET,
                    advance=clock.advance,
                    hashes=lambda: [each.sha256 for each in sandbox.imports],
                    lose_next_answer=lambda: sandbox.faults.add("POST:reset-after-accept"),
                    start_in_app=lambda: sandbox.import_from_app(
                        "contacts", b"_email\na@example.com"
                    ),
                    cancel=sandbox.cancel,
                )


@pytest.mark.parametrize(
    ("fault", "answer", "taken"),
    [
        ("reset-before", OutcomeUnknown, 0),
        ("reset-after-accept", OutcomeUnknown, 1),
        ("503", OutcomeUnknown, 0),
        ("502-after-accept", OutcomeUnknown, 1),
        ("garbled", OutcomeUnknown, 1),
        ("html", OutcomeUnknown, 1),
        ("flood", OutcomeUnknown, 0),
        ("endless", OutcomeUnknown, 1),
        ("429=retry-after", NotNow, 0),
        ("429=ratelimit", NotNow, 0),
        ("429=x-ratelimit", NotNow, 0),
        ("redirect=http://elsewhere.example.com/", NotNow, 0),
        ("418", Refused, 0),
    ],
)
def test_every_fault_has_its_answer(fault: str, answer: type[SendAnswer], taken: int) -> None:
    """Whatever the server does to a request, the agent is not told what is not known."""
    with Sandbox(faults=[f"POST:{fault}"]) as sandbox:
        access = ApiAccess(sandbox.url, key=lambda: sandbox.api_key, read_timeout_seconds=0.5)
        with closing(HttpImportApi(access, RequestBudget())) as api:
            sent = api.create(Kind.PRODUCTS, ImportOptions(), PRODUCTS)
        assert isinstance(sent, answer)
        assert len(sandbox.imports) == taken


@pytest.mark.parametrize(
    ("key", "body", "code"),
    [
        ("someone:else", PRODUCTS, "api-key-refused"),
        (None, BytesBody(b"no_such_column\n1\n"), "validation"),
        (None, BytesBody(b"code\n" + b"x" * 3000), "too-large"),
    ],
)
def test_refusals_have_their_codes(key: str | None, body: BytesBody, code: str) -> None:
    """A refused key, a header without keys and a file over the limit are told apart."""
    with Sandbox(SandboxOptions(max_file_bytes=2000)) as sandbox:
        access = ApiAccess(sandbox.url, key=lambda: key or sandbox.api_key)
        with closing(HttpImportApi(access, RequestBudget())) as api:
            sent = api.create(Kind.PRODUCTS, ImportOptions(), body)
        assert isinstance(sent, NotNow | Refused)
        assert (sent.why.code if isinstance(sent, NotNow) else sent.code) == code
