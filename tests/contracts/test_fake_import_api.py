"""The fake keeps the promises of the import API, so that tests may believe it."""

import pytest

from dropbox_agent.core.checking import ContactField
from dropbox_agent.core.coupon_sets import CouponSet
from dropbox_agent.core.imports import (
    Accepted,
    ApiUnavailable,
    ImportOptions,
    OutcomeUnknown,
    Refused,
    Status,
)
from dropbox_agent.core.kind import Kind
from tests.clocks import SetClock
from tests.contracts.import_api_contract import PRODUCTS, ImportApiContract, Side
from tests.fakes import (
    FakeImportApi,
    Turn,
    answer_with,
    lose_answer_after_accepting,
    lose_answer_before_accepting,
    stop_after_accepting,
    stop_before_accepting,
)


class TestFakeImportApi(ImportApiContract):
    """The contract, on the fake."""

    @pytest.fixture
    def side(self) -> Side:
        """Give a fake with a clock that is set."""
        clock = SetClock()
        fake = FakeImportApi(clock)
        fake.fields += (
            ContactField("_createdAt", "date", read_only=True),
            ContactField("city", "text", max_length=100, name="City"),
            ContactField("shirtSize", "radio", options=("s", "m"), labels=("Small", "Medium")),
        )
        fake.sets = (
            CouponSet("61fa54f238319b3bf1990fdc", "Sandbox vouchers", "multiple"),
            CouponSet("61fa54f238319b3bf1990fdd", "Welcome vouchers", "multiple"),
            CouponSet("61fa54f238319b3bf1990fde", "Summer for all", "single"),
        )
        return Side(
            api=fake,
            coupon_set="61fa54f238319b3bf1990fdc",
            advance=clock.advance,
            hashes=lambda: [each.sha256 for each in fake.sent if each.became],
            lose_next_answer=lambda: fake.next_create(lose_answer_after_accepting()),
            start_in_app=lambda: fake.start_in_app(Kind.CONTACTS),
            cancel=lambda import_id: fake.end(import_id, Status.CANCELLED),
        )


class Killed(BaseException):
    """Stands for the end of the process."""


def make(fake: FakeImportApi, *turns: Turn) -> object:
    """Send two products, scripted or not."""
    fake.next_create(*turns)
    return fake.create(Kind.PRODUCTS, ImportOptions(), PRODUCTS)


def test_time_takes_an_import_through_its_stages() -> None:
    """Queued, then in progress with half of the rows, then finished with its faulty rows."""
    clock = SetClock()
    fake = FakeImportApi(clock, seconds_per_import=10)
    fake.faulty_rows = 1
    make(fake)
    seen = [fake.imports[0]]
    for _ in range(2):
        clock.advance(5)
        seen.append(fake.imports[0])
    assert [each.status for each in seen] == [
        Status.QUEUED,
        Status.IN_PROGRESS,
        Status.FINISHED,
    ]
    assert [(each.success, each.errors) for each in seen] == [(0, 0), (0, 1), (1, 1)]


def test_scripts_apply_to_one_call_each() -> None:
    """After its scripts the fake takes files again."""
    fake = FakeImportApi(SetClock())
    refused = Refused(422, "validation", "No.", "Mend it.")
    assert make(fake, answer_with(refused), lose_answer_before_accepting()) is refused
    assert isinstance(make(fake), OutcomeUnknown)
    assert fake.imports == ()
    assert isinstance(make(fake), Accepted)
    assert [bool(each.became) for each in fake.sent] == [False, False, True]


@pytest.mark.parametrize(
    ("turn", "taken"), [(stop_before_accepting(Killed()), 0), (stop_after_accepting(Killed()), 1)]
)
def test_a_kill_may_come_before_or_after_acceptance(turn: Turn, taken: int) -> None:
    """The agent hears nothing in both cases."""
    fake = FakeImportApi(SetClock())
    with pytest.raises(Killed):
        make(fake, turn)
    assert len(fake.imports) == taken


def test_a_server_can_lag_lie_and_forget() -> None:
    """The list shows an import late, its counts are wrong, and it is gone."""
    fake = FakeImportApi(SetClock())
    make(fake)
    made = fake.imports[0].id
    fake.hide(made, looks=2)
    assert [len(fake.recent()) for _ in range(3)] == [0, 0, 1]
    fake.claim(made, success=99)
    assert fake.recent()[0].success == 99
    fake.vanish(made)
    assert fake.get(made) is None


def test_questions_can_fail_as_often_as_asked() -> None:
    """Each error is given once, to the call it is meant for."""
    fake = FakeImportApi(SetClock())
    make(fake)
    error = ApiUnavailable("Not now.", hint="Wait.", code="network-down")
    fake.next_recent(error)
    fake.next_get(error)
    with pytest.raises(ApiUnavailable):
        fake.recent()
    with pytest.raises(ApiUnavailable):
        fake.get(fake.imports[0].id)
    assert fake.recent() == fake.imports
    assert fake.calls == ["create", "recent", "get", "recent"]
