"""The rules are complete, told apart by their codes, and written for people."""

import re
from string import Formatter

import pytest

from dropbox_agent.core.checking import CheckPolicy, ContactField
from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.checking.rulebook import DOCUMENTED, all_rules, rules_for
from dropbox_agent.core.issue import Severity
from dropbox_agent.core.kind import Kind

SHARED_CODES = {"value-not-allowed", "too-long", "integer-form"}
"""Codes with one wording for each set of values."""


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_a_rule_is_written_for_people(rule: Rule) -> None:
    """Each rule has a kebab-case code, a sentence, a hint, and says where it comes from."""
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.code)
    assert rule.message.endswith((".", "}."))
    assert rule.hint.endswith((".", "}"))
    assert rule.source.startswith(("documented", "seen in clients", "inferred"))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_only_warnings_are_left_to_the_policy(rule: Rule) -> None:
    """A fault of single rows is a warning by itself."""
    assert not rule.per_row or rule.severity is Severity.WARNING


def test_a_code_means_one_thing() -> None:
    """No two rules share a code, but for those that list different values."""
    codes = [rule.code for rule in all_rules() if rule.code not in SHARED_CODES]
    assert sorted(codes) == sorted(set(codes))


def test_messages_of_single_cells_name_only_column_and_line() -> None:
    """What is filled into the message of a row's rule comes from the header, never a cell."""
    words = {
        name
        for rule in all_rules()
        if rule.per_row
        for _, name, _, _ in Formatter().parse(rule.message + rule.hint)
        if name
    }
    assert words <= {"column", "line", "first", "wanted"}


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_rules(kind: Kind) -> None:
    """Each kind knows its columns, among them its keys and what it requires."""
    rules = rules_for(kind, CheckPolicy())
    assert rules.kind is kind
    assert {*rules.keys, *rules.required} <= rules.columns.keys()


def test_the_account_counts_more_than_the_documentation() -> None:
    """Known contact fields close the list of columns; other kinds stay as they are."""
    policy = CheckPolicy(contact_fields=(ContactField("shoe", "integer"),))
    assert not rules_for(Kind.CONTACTS, policy).open_ended
    assert "shoe" in rules_for(Kind.CONTACTS, policy).columns
    assert rules_for(Kind.PRODUCTS, policy) is DOCUMENTED[Kind.PRODUCTS]


def test_the_account_may_close_and_open_system_fields() -> None:
    """But for the keys, without which no file could be sent."""
    policy = CheckPolicy(
        contact_fields=(
            ContactField("_points", "integer", read_only=True),
            ContactField("_email", "email", read_only=True),
            ContactField("_rfm", "text", max_length=3),
            ContactField("_emailStatus", "radio", options=("active", "asleep")),
        )
    )
    rules = rules_for(Kind.CONTACTS, policy)
    assert "_points" in rules.read_only
    assert "_points" not in rules.columns
    assert {"_email", "_rfm", "_surname"} <= rules.columns.keys() - rules.read_only
    cell = rules.columns["_emailStatus"]
    assert cell is not None
    assert re.fullmatch(cell.pattern, "asleep")
