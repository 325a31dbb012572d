"""The fake keeps the promises of the import API, so that tests may believe it."""

import pytest

from dropbox_agent.core.imports import Status
from dropbox_agent.core.kind import Kind
from tests.clocks import SetClock
from tests.contracts.import_api_contract import ImportApiContract, Side
from tests.fakes import FakeImportApi, lose_answer_after_accepting


class TestFakeImportApi(ImportApiContract):
    """The contract, on the fake."""

    @pytest.fixture
    def side(self) -> Side:
        """Give a fake with a clock that is set."""
        clock = SetClock()
        fake = FakeImportApi(clock)
        return Side(
            api=fake,
            coupon_set="61fa54f238319b3bf1990fdc",
            advance=clock.advance,
            hashes=lambda: [each.sha256 for each in fake.sent if each.became],
            lose_next_answer=lambda: fake.next_create(lose_answer_after_accepting()),
            start_in_app=lambda: fake.start_in_app(Kind.CONTACTS),
            cancel=lambda import_id: fake.end(import_id, Status.CANCELLED),
        )
