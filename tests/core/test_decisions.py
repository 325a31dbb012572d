"""What a person decides about a job that is held."""

import pytest

from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.job import JobId

JOB = JobId("v1")
ID = ImportId("import-1")


@pytest.mark.parametrize(
    ("choice", "import_id"), [(Choice.RESEND, None), (Choice.FAIL, None), (Choice.ACCEPT, ID)]
)
def test_a_decision_says_what_shall_become_of_a_job(
    choice: Choice, import_id: ImportId | None
) -> None:
    """An import is named where one is accepted."""
    assert Decision(JOB, choice, import_id).choice is choice


@pytest.mark.parametrize(
    ("choice", "import_id"), [(Choice.RESEND, ID), (Choice.FAIL, ID), (Choice.ACCEPT, None)]
)
def test_a_decision_that_makes_no_sense_is_not_built(
    choice: Choice, import_id: ImportId | None
) -> None:
    """Nobody could carry it out."""
    with pytest.raises(ValueError, match="if and only if"):
        Decision(JOB, choice, import_id)
