"""Faults, slices and verdicts."""

import pytest

from dropbox_agent.core.issue import FileFacts, Issue, Severity, Slice, Verdict

FACTS = FileFacts(bytes=100, sha256="0" * 64, rows=2)
WHOLE = (Slice(0, 100, 2),)


def fault(severity: Severity) -> Issue:
    """Make a fault."""
    return Issue("some-fault", severity, "Something is wrong.", "Mend it.", line=2)


@pytest.mark.parametrize(("start", "end", "rows"), [(-1, 10, 1), (10, 9, 1), (0, 10, -1)])
def test_a_slice_that_cannot_be_is_not_built(start: int, end: int, rows: int) -> None:
    """Offsets and rows are never negative, and the end is never before the start."""
    with pytest.raises(ValueError, match="no such slice"):
        Slice(start, end, rows)


def test_a_slice_may_hold_no_record() -> None:
    """A header on its own is one."""
    assert Slice(0, 0, 0).rows == 0
    assert Slice(0, 7, 0).rows == 0


def test_a_file_without_errors_is_sendable() -> None:
    """Warnings do not keep a file from being sent."""
    warned = Verdict(FACTS, (fault(Severity.WARNING),), warnings=1, slices=WHOLE)
    assert warned.sendable


@pytest.mark.parametrize(
    "verdict",
    [
        Verdict(FACTS, (fault(Severity.ERROR),), errors=1),
        Verdict(FACTS, (fault(Severity.ERROR),), errors=1, slices=WHOLE),
        Verdict(FACTS),
    ],
)
def test_a_file_with_an_error_or_nothing_to_send_is_not_sendable(verdict: Verdict) -> None:
    """One error is enough, whatever else was found."""
    assert not verdict.sendable


@pytest.mark.parametrize(("counted", "truncated"), [(1, False), (2, True)])
def test_a_verdict_says_whether_it_lists_every_fault(counted: int, *, truncated: bool) -> None:
    """More faults are counted than are kept."""
    verdict = Verdict(FACTS, (fault(Severity.WARNING),), warnings=counted, slices=WHOLE)
    assert verdict.truncated is truncated
