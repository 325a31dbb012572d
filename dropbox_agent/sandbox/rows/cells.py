"""Types of cells: how a value must be written, and how it reads as JSON.

Documented in the help articles on contacts, contact fields and products unless marked otherwise.
Patterns are possessive or free of overlap, so that no value makes them slow.
"""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from dropbox_agent.sandbox.fields import ContactField


@dataclass(frozen=True, slots=True)
class Cell:
    """One type of cell; blank cells are not its business.

    Attributes:
        accepts: Whether a value is written as it must be.
        wrong: What to say when it is not, to follow the name of the column.
        read: The value as JSON.
    """

    accepts: Callable[[str], object]
    wrong: str
    read: Callable[[str], object] = str


def _pattern(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).fullmatch


def _split(text: str) -> list[str]:
    return text.split("|")


def _is_true(text: str) -> bool:
    return text == "true"


@lru_cache(maxsize=4096)  # files repeat their dates
def _is_date(text: str) -> bool:
    if not _DATE_SHAPE(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_moment(text: str) -> bool:
    return bool(_MOMENT_SHAPE(text)) and _is_date(text[:10])


_LONGEST_TEXT = 5000
_DATE_SHAPE = _pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT_SHAPE = _pattern(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]+)?)?"
    r"(?:Z|[+-][0-9]{2}:?[0-9]{2})"
)
_NUMBER = r"-?(?:0|[1-9][0-9]*+)"
_DECIMAL_DOT = _pattern(rf"{_NUMBER}(?:\.[0-9]++)?")
_DECIMAL_EITHER = _pattern(rf"{_NUMBER}(?:[.,][0-9]++)?")

EMAIL = Cell(
    _pattern(r'[^\s@,;<>"]++@[^\s@,;<>".]++(?:\.[^\s@,;<>".]++)++'), "is not an e-mail address"
)
PHONE = Cell(
    _pattern(r"\+?[0-9]{6,15}"), "is not a phone number such as +34651234567, without spaces"
)
INTEGER = Cell(_pattern(_NUMBER), "is not a whole number without leading zeros", int)
DATE = Cell(_is_date, "is not a date such as 2026-01-31")
DATE_TIME = Cell(_is_moment, "is not a date and time such as 2026-01-31T00:00:00Z")
BOOLEAN = Cell({"true", "false"}.__contains__, "is neither true nor false", _is_true)
URL = Cell(_pattern(r"https?://[^\s]++"), "is not a URL that begins with http:// or https://")
LIST = Cell(bool, "is blank", _split)
TEXT = Cell(bool, "is blank")


def text_up_to(length: int) -> Cell:
    """Text of at most ``length`` characters."""
    return Cell(lambda text: len(text) <= length, f"is longer than {length} characters")


def decimal(*, comma: bool) -> Cell:
    """A decimal number, with a comma too where ``comma`` says so."""
    return Cell(
        _DECIMAL_EITHER if comma else _DECIMAL_DOT,
        "is not a decimal number such as 20.99",
        lambda text: float(text.replace(",", ".")),
    )


def number_between(cell: Cell, lowest: float | None, highest: float | None) -> Cell:
    """A number of type ``cell`` within limits; None is no limit."""
    if lowest is None and highest is None:
        return cell
    low = float("-inf") if lowest is None else lowest
    high = float("inf") if highest is None else highest

    def accepts(text: str) -> bool:
        return bool(cell.accepts(text)) and low <= float(text.replace(",", ".")) <= high

    return Cell(accepts, f"{cell.wrong}, or not between {low:g} and {high:g}", cell.read)


def one_of(choices: Collection[str]) -> Cell:
    """One of a few values."""
    return Cell(frozenset(choices).__contains__, f"is not one of: {', '.join(choices)}")


def some_of(choices: Collection[str]) -> Cell:
    """Some of a few values, with ``|`` between them."""
    allowed = frozenset(choices)
    return Cell(
        lambda text: allowed.issuperset(text.split("|")),
        f"holds something else than: {', '.join(choices)} (with | between them)",
        _split,
    )


def cell_of(field: ContactField, *, decimal_comma: bool = False) -> Cell:
    """Get the type of a contact field's cells."""
    option_ids = [each for each, _ in field.options]
    makers: dict[str, Callable[[], Cell]] = {
        "email": lambda: EMAIL,
        "phone": lambda: PHONE,
        "boolean": lambda: BOOLEAN,
        "text": lambda: text_up_to(field.max_length or _LONGEST_TEXT),
        "integer": lambda: number_between(INTEGER, field.min_value, field.max_value),
        "decimal": lambda: number_between(
            decimal(comma=decimal_comma), field.min_value, field.max_value
        ),
        "date": lambda: _date_between(field.min_date, field.max_date),
        "radio": lambda: one_of(option_ids),
        "checkbox": lambda: some_of(option_ids),
    }
    return makers[field.type]()


def _date_between(first: str | None, last: str | None) -> Cell:
    if first is None and last is None:
        return DATE
    low, high = first or "0001-01-01", last or "9999-12-31"
    return Cell(
        lambda text: _is_date(text) and low <= text <= high,
        f"{DATE.wrong}, or not between {low} and {high}",
    )
