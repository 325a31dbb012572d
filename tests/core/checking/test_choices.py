"""Cells of fields with options: ids are taken, labels are recognised."""

import pytest

from dropbox_agent.core.checking import ContactField
from dropbox_agent.core.checking.choices import one_option, some_options
from dropbox_agent.core.checking.rule import Cell

SIZES = ContactField(
    "size", "radio", options=("s", "m", "xl"), labels=("Small", "Medium {M}", "Extra large")
)
TASTES = ContactField("tastes", "checkbox", options=("a", "b"), labels=("Tea", "Coffee"))


def hint(cell: Cell, text: str) -> str | None:
    """Say what is advised about a bad cell; None when its slip is not recognised."""
    assert cell.slip is not None
    rule = cell.slip(text)
    return rule.issue(line=2, column="size", words={}).hint if rule else None


@pytest.mark.parametrize(
    ("text", "option"),
    [("Small", "s"), (" small ", "s"), ("EXTRA  LARGE", "xl"), ("Medium {M}", "m")],
)
def test_a_label_is_told_with_its_id(text: str, option: str) -> None:
    """However it is written."""
    assert f"Write {option} in place" in str(hint(one_option(SIZES), text))


@pytest.mark.parametrize("text", ["Smal", "", "S", "s|Small", "17"])
def test_what_is_no_label_is_just_wrong(text: str) -> None:
    """Then the ids are listed."""
    assert hint(one_option(SIZES), text) is None


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Tea", "Write a in place"),
        ("b|Tea", "Write a in place"),
        ("Coffee|Tea", "Write a for 'Tea', b for 'Coffee', joined by |"),
        ("Tea|Milk", None),
    ],
)
def test_labels_are_recognised_among_ids(text: str, advice: str | None) -> None:
    """In a list of options."""
    found = hint(some_options(TASTES), text)
    assert found is None if advice is None else advice in str(found)


def test_a_label_that_could_mean_two_options_means_none() -> None:
    """Nor one that is the id of another option."""
    same = ContactField("f", "radio", options=("1", "2", "x"), labels=("Yes", "yes", "1"))
    assert one_option(same).slip is None


def test_fields_without_labels_have_no_slips() -> None:
    """An account may not tell them."""
    assert one_option(ContactField("f", "radio", options=("1", "2"))).slip is None
