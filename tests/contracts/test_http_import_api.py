"""The real adapter, talking to the sandbox, keeps the promises of the import API."""

from collections.abc import Iterator
from contextlib import closing

import pytest

from dropbox_agent.adapters.import_api import ApiAccess, HttpImportApi
from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.sandbox import DEFAULT_COUPON_SET, Sandbox, SandboxOptions
from tests.clocks import SetClock
from tests.contracts.import_api_contract import ImportApiContract, Side


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
                page_size=2,
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
                    start_in_app=lambda: start_in_app(sandbox),
                    cancel=sandbox.cancel,
                )


def start_in_app(sandbox: Sandbox) -> None:
    """Import one contact as a person does."""
    sandbox.import_from_app("contacts", b"_email\nann@example.com\n")
