"""What people are told when a job cannot simply go on."""

from collections.abc import Callable

import pytest

from dropbox_agent.core import reasons
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.job import Job, Reason, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.jobs import job_at, new_job

VOUCHERS = job_at(Stage.SENDING, new_job(Kind.VOUCHERS, "codes.csv"))


@pytest.mark.parametrize(
    ("tell", "code"),
    [
        (reasons.still_written, "payload-changing"),
        (reasons.not_shown_yet, "outcome-unknown"),
        (reasons.rewritten_halfway, "payload-changed"),
        (reasons.payload_gone, "payload-missing"),
    ],
)
def test_each_reason_names_the_file(tell: Callable[[Job], Reason | TryLater], code: str) -> None:
    """So that it can be understood on its own."""
    told = tell(VOUCHERS)
    assert told.code == code
    assert "'codes.csv'" in told.message
    assert told.hint


def test_held_vouchers_are_told_with_what_to_compare_and_to_type() -> None:
    """Each import that may be theirs, and both commands."""
    told = reasons.why_held(VOUCHERS, (ImportId("one"), ImportId("two")))
    assert "one, two" in told.message
    assert f"dropbox-agent release {VOUCHERS.id} --accept" in told.hint
    assert f"dropbox-agent release {VOUCHERS.id} --resend" in told.hint


def test_what_somebody_gave_up_can_still_be_imported() -> None:
    """The hint says how."""
    assert reasons.given_up(new_job()).hint.endswith("dropbox-agent retry c1")
