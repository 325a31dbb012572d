"""How long to wait before trying again."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.backoff import Backoff

BACKOFF = Backoff(floor_seconds=1.0, ceiling_seconds=30.0)


def test_waits_double_up_to_the_ceiling() -> None:
    """The first failure waits for the floor."""
    waits = [BACKOFF.wait_seconds(attempt) for attempt in range(1, 9)]
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]


@pytest.mark.parametrize(("asked_for", "wait"), [(7.5, 7.5), (600.0, 600.0), (0.0, 1.0)])
def test_the_server_s_own_delay_comes_before_our_curve(asked_for: float, wait: float) -> None:
    """It knows better, except that it cannot make us hammer it."""
    assert BACKOFF.wait_seconds(5, asked_for) == wait


@pytest.mark.parametrize(("floor", "ceiling"), [(0.0, 1.0), (-1.0, 1.0), (2.0, 1.0), (math.nan, 1)])
def test_a_back_off_that_cannot_be_is_not_built(floor: float, ceiling: float) -> None:
    """A wait of nothing would be no wait."""
    with pytest.raises(ValueError, match="no such back-off"):
        Backoff(floor, ceiling)


@given(
    floor=st.floats(0.001, 100.0),
    more=st.floats(0.0, 1e7),
    attempt=st.integers(1, 10**9),
)
def test_no_wait_is_shorter_than_the_one_before_or_out_of_bounds(
    floor: float, more: float, attempt: int
) -> None:
    """Also after years of failures."""
    backoff = Backoff(floor, floor + more)
    wait, next_wait = backoff.wait_seconds(attempt), backoff.wait_seconds(attempt + 1)
    assert floor <= wait <= next_wait <= floor + more
