"""How each type of cell must be written."""

import pytest

from dropbox_agent.sandbox.fields import ContactField, ContactFields
from dropbox_agent.sandbox.rows.cells import (
    BOOLEAN,
    DATE,
    DATE_TIME,
    EMAIL,
    INTEGER,
    PHONE,
    URL,
    Cell,
    cell_of,
    decimal,
    number_between,
)

DOT, EITHER = decimal(comma=False), decimal(comma=True)


def field(name: str) -> Cell:
    """Get the type of one of the account's first fields."""
    found = ContactFields().get(name)
    assert found is not None
    return cell_of(found)


@pytest.mark.parametrize(
    ("cell", "right", "wrong"),
    [
        (EMAIL, ["a@b.es", "a.b+c@sub.example.com"], ["a", "a@b", "a@b.", "a b@c.es", "a@b@c.es"]),
        (PHONE, ["+34651234567", "651234567"], ["651 234 567", "+34-651234567", "12", "6x1234567"]),
        (INTEGER, ["0", "7", "-7", "1200"], ["007", "1.5", "1,000", "x", "-", "٣"]),
        (DOT, ["20.99", "0", "0.5", "-1.25"], ["20,99", "1.", ".5", "01.5", "1e3", "nan"]),
        (EITHER, ["20,99", "20.99"], ["1.234,5"]),
        (DATE, ["2024-02-29"], ["2023-02-29", "29/02/2024", "2024-2-9", "20240229", "2024-W01-1"]),
        (
            DATE_TIME,
            ["2021-03-15T00:00:00Z", "2021-03-15T00:00:00.5+01:00", "2021-03-15T00:00Z"],
            ["2021-03-15", "2021-03-15T25:00:00Z", "2021-02-30T00:00:00Z", "2021-03-15 00:00:00"],
        ),
        (BOOLEAN, ["true", "false"], ["TRUE", "1", "yes"]),
        (URL, ["https://shop.example.com/año?x=1", "http://a"], ["shop.example.com", "ftp://a"]),
        (number_between(INTEGER, 0, 20), ["0", "20"], ["-1", "21", "x"]),
        (number_between(DOT, None, 5), ["-100", "5.0"], ["5.1", "x"]),
        (field("shirtSize"), ["s", "xl"], ["Small", "s|m"]),
        (field("interests"), ["sport", "sport|garden"], ["Sport", "sport,garden", "sport||garden"]),
        (field("_emailStatus"), ["active", "banned"], ["none"]),
        (field("_externalId"), ["x" * 50], ["x" * 51]),
        (field("city"), ["Zoë" * 33], ["x" * 101]),
        (field("memberSince"), ["1990-01-01"], ["1989-12-31", "yesterday"]),
        (field("children"), ["3"], ["-1"]),
        (field("discount"), ["99.5"], ["100.5"]),
        (field("vip"), ["true"], ["ja"]),
    ],
)
def test_right_and_wrong_values(cell: Cell, right: list[str], wrong: list[str]) -> None:
    """A type accepts what the documentation shows and nothing near it."""
    assert [text for text in right if not cell.accepts(text)] == []
    assert [text for text in wrong if cell.accepts(text)] == []


@pytest.mark.parametrize(
    ("cell", "text", "value"),
    [
        (INTEGER, "12", 12),
        (DOT, "1.5", 1.5),
        (EITHER, "1,5", 1.5),
        (BOOLEAN, "false", False),
        (field("interests"), "sport|garden", ["sport", "garden"]),
        (field("city"), "Vigo", "Vigo"),
    ],
)
def test_values_read_as_json(cell: Cell, text: str, value: object) -> None:
    """A stored value is shown with its JSON type."""
    assert cell.read(text) == value


def test_dates_can_have_an_end() -> None:
    """A field's latest date is obeyed."""
    cell = cell_of(ContactField(id="x", name="x", type="date", max_date="2020-01-01"))

    assert cell.accepts("2020-01-01")
    assert not cell.accepts("2020-01-02")
