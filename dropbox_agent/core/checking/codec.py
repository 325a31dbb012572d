"""Verdicts and policies as plain values that JSON can hold, and back again."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from dropbox_agent.core.checking.column_map import ColumnMap
from dropbox_agent.core.checking.policy import CheckPolicy, ContactField
from dropbox_agent.core.issue import FileFacts, Issue, Plan, SentColumn, Severity, Slice, Verdict


def verdict_to_plain(verdict: Verdict) -> dict[str, Any]:
    """Turn a verdict into dicts, lists, numbers and text."""
    # Headers may be in any encoding; Latin-1 gives each byte one character.
    return asdict(verdict) | {"header": verdict.header.decode("latin-1")}


def verdict_from_plain(plain: Mapping[str, Any]) -> Verdict:
    """Turn back what ``verdict_to_plain`` returned, also after a journey through JSON.

    Raises:
        KeyError, TypeError, ValueError: It is something else.
    """
    facts = plain["facts"]
    return Verdict(
        facts=FileFacts(**{**facts, "columns": tuple(facts["columns"])}),
        issues=tuple(
            Issue(**{**issue, "severity": Severity(issue["severity"])}) for issue in plain["issues"]
        ),
        errors=plain["errors"],
        warnings=plain["warnings"],
        header=plain["header"].encode("latin-1"),
        slices=tuple(Slice(**piece) for piece in plain["slices"]),
        plan=_plan_from_plain(plain["plan"]) if plain["plan"] else None,
    )


def policy_to_plain(policy: CheckPolicy) -> dict[str, Any]:
    """Turn a policy into dicts, lists, numbers and text."""
    return asdict(policy)


def policy_from_plain(plain: Mapping[str, Any]) -> CheckPolicy:
    """Turn back what ``policy_to_plain`` returned, also after a journey through JSON.

    Raises:
        KeyError, TypeError, ValueError: It is something else.
    """
    fields = plain["contact_fields"]
    if fields is not None:
        fields = tuple(
            ContactField(
                **{**each, "options": tuple(each["options"]), "labels": tuple(each["labels"])}
            )
            for each in fields
        )
    columns = {**plain["column_map"], "drop": tuple(plain["column_map"]["drop"])}
    return CheckPolicy(**{**plain, "contact_fields": fields, "column_map": ColumnMap(**columns)})


def _plan_from_plain(plain: Mapping[str, Any]) -> Plan:
    columns = tuple(SentColumn(**each) for each in plain["columns"])
    return Plan(**{**plain, "columns": columns})
