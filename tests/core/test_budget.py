"""The budget of requests: never more in a minute than the account allows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.budget import UNTOLD_PAUSE_SECONDS, WINDOW_SECONDS, RequestBudget

PAUSES = st.integers(0, 200).map(lambda quarters: quarters / 4)
"""Seconds that add up without rounding."""

ASKS = st.lists(st.tuples(PAUSES, st.booleans()), max_size=200)


@given(asks=ASKS, limit=st.integers(1, 20), reserve=st.integers(0, 19))
def test_no_window_ever_holds_more_than_the_limit(
    asks: list[tuple[float, bool]], limit: int, reserve: int
) -> None:
    """Whatever is asked for and when, each minute sees at most so many requests."""
    budget = RequestBudget(limit, min(reserve, limit - 1))
    now, made = 0.0, []
    for pause, urgent in asks:
        now += pause
        if budget.take(now, urgent=urgent) == 0.0:
            made.append(now)
    for first, last in zip(made, made[limit:], strict=False):
        assert last - first >= WINDOW_SECONDS


@given(asks=ASKS, limit=st.integers(1, 20))
def test_whoever_waits_as_told_is_served(asks: list[tuple[float, bool]], limit: int) -> None:
    """The wait named is long enough, and never longer than a minute."""
    budget = RequestBudget(limit, reserve=0)
    now = 0.0
    for pause, urgent in asks:
        now += pause
        wait = budget.take(now, urgent=urgent)
        assert 0.0 <= wait <= WINDOW_SECONDS
        if wait:
            now += wait
            assert budget.take(now, urgent=urgent) == 0.0


def test_questions_leave_the_reserve_to_sending() -> None:
    """Asking stops early; sending goes on to the limit."""
    budget = RequestBudget(limit=5, reserve=2)
    assert [budget.take(0.0, urgent=False) for _ in range(4)] == [0.0, 0.0, 0.0, 60.0]
    assert [budget.take(1.0, urgent=True) for _ in range(3)] == [0.0, 0.0, 59.0]


def test_waiting_for_the_reserve_takes_longer() -> None:
    """A question waits until enough earlier requests are a minute old."""
    budget = RequestBudget(limit=3, reserve=1)
    for second in (0.0, 10.0, 20.0):
        assert budget.take(second, urgent=True) == 0.0
    assert budget.take(30.0, urgent=True) == 30.0
    assert budget.take(30.0, urgent=False) == 40.0


def test_the_server_may_say_that_less_is_left() -> None:
    """What others used counts until the reset that the server names."""
    budget = RequestBudget(limit=90, reserve=15)
    budget.learn(0.0, remaining=16, reset_seconds=20.0)
    assert budget.take(1.0, urgent=False) == 0.0
    assert budget.take(1.0, urgent=False) == 19.0
    assert budget.take(1.0, urgent=True) == 0.0
    assert budget.take(20.0, urgent=False) == 0.0


def test_a_server_that_says_plenty_is_left_does_not_raise_the_limit() -> None:
    """Our own count stays in force."""
    budget = RequestBudget(limit=1, reserve=0)
    budget.learn(0.0, remaining=1000, reset_seconds=None)
    assert budget.take(0.0, urgent=True) == 0.0
    assert budget.take(0.0, urgent=True) == 60.0


@pytest.mark.parametrize(("reset", "wait"), [(None, 60.0), (5.0, 5.0), (9999.0, 60.0), (-3.0, 0.0)])
def test_a_limit_used_up_holds_until_its_reset(reset: float | None, wait: float) -> None:
    """A reset later than a minute cannot be, since the limit is one for a minute."""
    budget = RequestBudget()
    budget.learn(0.0, remaining=0, reset_seconds=reset)
    assert budget.take(0.0, urgent=True) == wait


@pytest.mark.parametrize(("told", "wait"), [(None, UNTOLD_PAUSE_SECONDS), (300.0, 300.0)])
def test_a_refusal_pauses_everything(told: float | None, wait: float) -> None:
    """Even sending waits, as long as the server asks."""
    budget = RequestBudget()
    budget.pause(100.0, told)
    assert budget.take(100.0, urgent=True) == wait
    assert budget.take(100.0 + wait, urgent=True) == 0.0


def test_a_later_refusal_never_shortens_a_pause() -> None:
    """Of two waits the longer one counts."""
    budget = RequestBudget()
    budget.pause(0.0, 50.0)
    budget.pause(1.0, 5.0)
    assert budget.take(10.0, urgent=True) == 40.0


def test_a_reserve_that_leaves_nothing_is_refused() -> None:
    """Questions need at least one request a minute."""
    with pytest.raises(ValueError, match="below the limit"):
        RequestBudget(limit=5, reserve=5)
