"""What is said of the agent, its mark, its journal and what it has taken."""

import pytest

from dropbox_agent.core.diagnosis import Verdict
from dropbox_agent.core.diagnosis.agent import of_agent, of_journal, of_leftovers, of_mark
from dropbox_agent.errors import TryLater

AWAY = TryLater("The inbox is away.", hint="Mount it.", code="inbox-unavailable")


@pytest.mark.parametrize(
    ("holder", "beat", "verdict"),
    [
        (None, None, Verdict.OK),
        ("process 7", 3.0, Verdict.OK),
        ("process 7", None, Verdict.UNKNOWN),
        ("process 7", 91.0, Verdict.FAULT),
    ],
)
def test_an_agent_that_runs_has_a_fresh_heartbeat(
    holder: str | None, beat: float | None, verdict: Verdict
) -> None:
    """One that runs and does nothing hangs."""
    assert of_agent(holder, beat).verdict is verdict


def test_an_inbox_that_is_not_ours_is_a_fault() -> None:
    """One that has no mark yet is not."""
    assert of_mark(AWAY, is_expected=True).mend == "Mount it."
    assert of_mark(None, is_expected=False).verdict is Verdict.OK
    assert of_mark(None, is_expected=True).verdict is Verdict.OK


def test_a_damaged_journal_is_a_fault() -> None:
    """The next start sets it aside."""
    assert of_journal(None, "malformed").verdict is Verdict.FAULT
    assert of_journal(None, None).verdict is Verdict.OK
    assert "3 jobs" in of_journal(3, None).found


def test_claimed_files_that_the_journal_does_not_know_are_told() -> None:
    """A few by name."""
    found = of_leftovers(["c1", "c2", "c3", "c4"])
    assert found.verdict is Verdict.WARNING
    assert "4 files" in found.found
    assert "(c1, c2, c3, ...)" in found.found
    assert of_leftovers([]).verdict is Verdict.OK
