"""When one file repeats another."""

from dropbox_agent.core.duplicates import repeats
from dropbox_agent.core.job import Stage
from tests.jobs import job_at, new_job


def test_what_was_never_checked_repeats_nothing() -> None:
    """Nobody knows what would be sent of it."""
    assert not repeats(new_job(), job_at(Stage.FILED))
