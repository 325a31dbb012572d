"""Verdicts and policies survive a journey through JSON."""

import json

from hypothesis import given
from hypothesis import strategies as st

from dropbox_agent.core.checking import CheckPolicy, ContactField
from dropbox_agent.core.checking.codec import (
    policy_from_plain,
    policy_to_plain,
    verdict_from_plain,
    verdict_to_plain,
)
from dropbox_agent.core.checking.column_map import ColumnMap
from dropbox_agent.core.issue import FileFacts, Issue, Plan, SentColumn, Severity, Slice, Verdict

COUNTS = st.integers(0, 10**12)
TEXTS = st.text(max_size=20)
VERDICTS = st.builds(
    Verdict,
    facts=st.builds(
        FileFacts,
        bytes=COUNTS,
        sha256=TEXTS,
        rows=COUNTS,
        encoding=st.none() | TEXTS,
        delimiter=st.none() | TEXTS,
        columns=st.lists(TEXTS).map(tuple),
    ),
    issues=st.lists(
        st.builds(
            Issue,
            code=TEXTS,
            severity=st.sampled_from(Severity),
            message=TEXTS,
            hint=TEXTS,
            line=st.none() | COUNTS,
            column=st.none() | TEXTS,
        )
    ).map(tuple),
    errors=COUNTS,
    warnings=COUNTS,
    header=st.binary(max_size=20),
    slices=st.lists(
        st.builds(
            lambda start, size, rows: Slice(start, start + size, rows), COUNTS, COUNTS, COUNTS
        )
    ).map(tuple),
    plan=st.none()
    | st.builds(
        Plan,
        columns=st.lists(
            st.builds(SentColumn, name=TEXTS, source=st.none() | COUNTS, constant=TEXTS)
        ).map(tuple),
        copies_rows=st.booleans(),
    ),
)
POLICIES = st.builds(
    CheckPolicy,
    row_faults=st.sampled_from(["warn", "reject"]) | st.floats(0, 1),
    max_slice_bytes=st.integers(1, 10**9),
    column_map=st.builds(
        ColumnMap,
        names=st.dictionaries(TEXTS, TEXTS, max_size=3),
        drop=st.lists(TEXTS, max_size=3).map(tuple),
        constants=st.dictionaries(TEXTS, TEXTS, max_size=3),
    ),
    contact_fields=st.none()
    | st.lists(
        st.builds(
            ContactField,
            id=TEXTS,
            type=TEXTS,
            options=st.lists(TEXTS).map(tuple),
            max_length=st.none() | COUNTS,
            read_only=st.booleans(),
            name=TEXTS,
            labels=st.lists(TEXTS).map(tuple),
        )
    ).map(tuple),
)


@given(VERDICTS)
def test_verdict(verdict: Verdict) -> None:
    """A verdict comes back as it was."""
    assert verdict_from_plain(json.loads(json.dumps(verdict_to_plain(verdict)))) == verdict


@given(POLICIES)
def test_policy(policy: CheckPolicy) -> None:
    """A policy comes back as it was."""
    assert policy_from_plain(json.loads(json.dumps(policy_to_plain(policy)))) == policy
