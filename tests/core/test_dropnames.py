"""Why something in an inbox is left alone, or is a mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.dropnames import IGNORED_NAMES, ignored_by, is_wanted, mistake


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        (".people.csv", ".*"),
        ("people.csv.PART", "*.part"),
        ("Thumbs.db", "thumbs.db"),
        ("DRAFT 1.csv", "Draft*"),
        ("people.csv", None),
        ("people.xlsx", None),
    ],
)
def test_the_pattern_is_named_that_a_name_is_left_alone_for(name: str, pattern: str | None) -> None:
    """In the user's own spelling, so that it can be found in the settings."""
    assert ignored_by(name, ["Draft*"]) == pattern


def test_the_first_pattern_that_fits_is_named() -> None:
    """The usual ones come before the user's own."""
    assert ignored_by(".people.csv.part", ["*"]) == ".*"


@given(st.text(max_size=12), st.lists(st.text("ab*?[]!-.", max_size=4), max_size=3))
def test_a_name_is_wanted_only_if_no_pattern_leaves_it_alone(name: str, own: list[str]) -> None:
    """Whatever the user's patterns look like."""
    pattern = ignored_by(f"{name}.csv", own)
    assert is_wanted(f"{name}.csv", own) is (pattern is None)
    assert pattern is None or pattern in {*IGNORED_NAMES, *own}


@pytest.mark.parametrize("name", ["a.csv.gz", "A.CSV.GZ", "a.zip", "a.csv.csv", "a.done.csv"])
def test_compressed_drops_are_wanted(name: str) -> None:
    """In any case, too."""
    assert is_wanted(name)


@pytest.mark.parametrize(
    "name", ["a.gz", "a.tar.gz", "a.csv.bz2", "a.csv.gz.done", "csv", "a.csv "]
)
def test_other_endings_are_not_wanted(name: str) -> None:
    """It is not known what is in them."""
    assert not is_wanted(name)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("export.csv.txt", "rename it"),
        ("export.CSV.bak", "rename it"),
        ("people.xlsx", "save it as CSV"),
        ("people.csv.XLS", "save it as CSV"),
        ("people.csv.done", "AGENT_DONE_SUFFIX"),
        ("people.OK", "AGENT_DONE_SUFFIX"),
        ("readme.txt", "nothing is done with it"),
        ("", "nothing is done with it"),
    ],
)
def test_a_mistake_is_told_with_what_to_do(name: str, told: str) -> None:
    """The commonest ones each in their own words."""
    assert told in mistake(name)
