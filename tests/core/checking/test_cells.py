"""The patterns of cells accept what the rules say, and nothing makes them slow."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.checking import cells
from dropbox_agent.core.checking.rule import Cell
from dropbox_agent.core.checking.rulebook import DOCUMENTED
from tests.core.checking import naive

ALL_CELLS = [cell for cell in vars(cells).values() if isinstance(cell, Cell)] + [
    cell for rules in DOCUMENTED.values() for cell in rules.columns.values() if cell
]


def accepts(cell: Cell, text: str) -> bool:
    """Whether a cell may hold a text."""
    return re.fullmatch(cell.pattern, text) is not None


@given(st.text(st.sampled_from('ab@.,;:<>()[]"\\ \u00e9\u2028-+_'), max_size=12))
def test_email(text: str) -> None:
    """An address has words with dots on both sides of one @."""
    assert accepts(cells.EMAIL, text) is naive.is_email(text)


@given(
    st.one_of(
        st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)).map(str),
        st.text(st.sampled_from("0123-"), min_size=10, max_size=10),
    )
)
def test_date(text: str) -> None:
    """A date is a day of the calendar, leap years included."""
    assert accepts(cells.DATE, text) is naive.is_date(text)


@pytest.mark.parametrize("year", [1600, 1900, 1904, 1999, 2000, 2023, 2024, 2100, 2400])
def test_leap_day(year: int) -> None:
    """29 February exists in leap years only."""
    assert accepts(cells.DATE, f"{year}-02-29") is naive.is_date(f"{year}-02-29")


@given(st.text(st.sampled_from("+-0123456789. ٣"), max_size=17))
def test_numbers_and_phones(text: str) -> None:
    """Numbers and phones hold plain digits."""
    assert accepts(cells.PHONE, text) is naive.is_phone(text)
    assert accepts(cells.POSITIVE_INTEGER, text) is naive.is_integer(text)
    assert accepts(cells.PRICE, text) is naive.is_price(text)


@pytest.mark.parametrize(
    ("cell", "good", "bad"),
    [
        (cells.INTEGER, ["0", "7", "-3", "120"], ["", "00", "07", "1.0", "-0", "1e3"]),
        (cells.DECIMAL, ["0", "-1.50", "35.56"], ["35,56", "1.", ".5", "1 000", "5 €"]),
        (cells.RATING, ["0", "4.5", "5", "5.0"], ["5.1", "6", "-1", "4,5"]),
        (cells.PERCENTAGE, ["0", "12.5", "100", "100.00"], ["100.1", "101", "15%", "-1"]),
        (
            cells.DATE_TIME,
            ["2021-03-15", "2021-03-15T00:00:00Z", "2021-03-15T10:00:00.123+01:00"],
            ["2021-03-15 10:00", "2021-03-15T24:00:00Z", "15/03/2021", "2021-02-30T00:00:00Z"],
        ),
        (
            cells.URL,
            ["https://a.de", "HTTP://a/b?c=d,e"],
            ["a.de", "//a.de", "https://", "http://a b"],
        ),
        (cells.ITEMS, ["a", "/a/b|/c"], ["|a", "a|", "a||b"]),
        (cells.BOOLEAN, ["true", "false"], ["True", "1", "yes"]),
        (cells.some_of("a", "b"), ["a", "b|a"], ["c", "a|", "a|c", "a,b"]),
        (cells.one_of("a.b", "a"), ["a.b", "a"], ["axb", "a.b.c"]),
        (cells.at_most(3), ["a", "äöü"], ["abcd"]),
    ],
)
def test_examples(cell: Cell, good: list[str], bad: list[str]) -> None:
    """Each kind of value takes its documented forms."""
    assert [text for text in good if not accepts(cell, text)] == []
    assert [text for text in bad if accepts(cell, text)] == []


@pytest.mark.parametrize("cell", ALL_CELLS, ids=lambda cell: cell.rule.code)
def test_patterns_stop_at_the_end_of_a_cell(cell: Cell) -> None:
    """Only negated classes take any character: they are kept from running over delimiters."""
    outside_classes = re.sub(r"\[(?:\\.|[^\]\\])*\]", "", cell.pattern)
    assert not re.search(r"(?<!\\)\.", outside_classes)
    assert not re.search(r"\\[SDWsdwn]", outside_classes)
