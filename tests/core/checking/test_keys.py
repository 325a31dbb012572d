"""Repeated keys are found and counted without keeping them."""

from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.checking.keys import KeySet


@given(st.lists(st.integers(0, 30).map(str), max_size=80), st.integers(1, 10))
def test_agrees_with_a_dict(keys: list[str], limit: int) -> None:
    """All repeats are counted; the first ones are told with the line of the first key."""
    key_set = KeySet()
    lines = [line * 2 for line in range(1, len(keys) + 1)]
    key_set.add(keys[:7], lines[:7])
    key_set.add(keys[7:], lines[7:])
    first: dict[str, int] = {}
    repeats = [
        (line, first[key])
        for key, line in zip(keys, lines, strict=True)
        if first.setdefault(key, line) != line
    ]
    assert key_set.duplicates(limit) == (len(repeats), repeats[:limit])
