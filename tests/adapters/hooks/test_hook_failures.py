"""What people read of a hook that did not do well."""

from pathlib import Path

import pytest

from dropbox_agent.adapters.hooks.failures import failure, not_started
from dropbox_agent.adapters.hooks.runner import Ended, NotStartable
from tests.jobs import new_job

REPORT = Path("/srv/drop/processed/contacts/x.report.json")


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (Ended(3), "ended with 3."),
        (Ended(-9), "was ended by signal 9."),
        (Ended(None), "took too long and was ended."),
        (Ended(1, "a\nb\n\nc\nd\ne.\n"), "ended with 1: b / c / d / e."),
        (Ended(1, "\x1b[31mred\x1b[0m\n"), r"ended with 1: \x1b[31mred\x1b[0m."),
    ],
)
def test_how_it_ended_is_told_with_the_last_lines_that_it_printed(ended: Ended, words: str) -> None:
    """On one line, and nothing in it can steer a terminal."""
    error = failure(new_job(), "/srv/hook", ended, REPORT)
    assert error.message == f"The hook /srv/hook for 'customers.csv' {words}"


def test_long_lines_are_cut() -> None:
    """A warning is to be read."""
    error = failure(new_job(), "hook", Ended(1, "x" * 4_000), REPORT)
    assert len(error.message) < 300


def test_how_to_try_it_by_hand_is_told() -> None:
    """With the very report."""
    assert f"/srv/hook < '{REPORT}'" in failure(new_job(), "/srv/hook", Ended(1), REPORT).hint


def test_why_it_cannot_be_run_is_told() -> None:
    """With what scripts often lack."""
    error = not_started(new_job(), "/srv/hook", NotStartable("Exec format error"))
    assert "Exec format error" in error.message
    assert "#!/bin/sh" in error.hint
