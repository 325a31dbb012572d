"""``release``: a person decides about a job that is held."""

import os

import pytest

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.job import Stage
from dropbox_agent.folders import JOURNAL_NAME
from tests.cli.conftest import Command
from tests.jobs import job_at
from tests.processes import Home


def journal_of(home: Home) -> SqliteJournal:
    """Open the journal of a home."""
    (home.path / "state").mkdir(exist_ok=True)
    return SqliteJournal(home.path / "state" / JOURNAL_NAME)


@pytest.mark.parametrize(
    ("how", "choice", "import_id"),
    [
        (["--resend"], Choice.RESEND, None),
        (["--fail"], Choice.FAIL, None),
        (["--accept", "6072374b4d3ceb76e44d4323"], Choice.ACCEPT, "6072374b4d3ceb76e44d4323"),
    ],
)
def test_it_notes_the_decision_for_the_agent(
    home: Home, command: Command, how: list[str], choice: Choice, import_id: str | None
) -> None:
    """The running agent, or the next one, finds it in the journal."""
    held = job_at(Stage.HELD)
    with journal_of(home) as journal:
        journal.add(held)
    told = command("release", held.id, *how, "--home", home.path)
    assert (told.exit_code, told.err) == (0, "")
    assert held.id in told.out
    with journal_of(home) as journal:
        (decision,) = journal.decisions()
    assert (decision.job_id, decision.choice, decision.import_id) == (held.id, choice, import_id)


@pytest.mark.parametrize("how", [[], ["--resend", "--fail"], ["--resend", "--accept", "x"]])
def test_it_wants_exactly_one_decision(home: Home, command: Command, how: list[str]) -> None:
    """None or two are a mistake in the command."""
    assert command("release", "c1", *how, "--home", home.path).exit_code == 2


def test_a_job_that_is_not_held_cannot_be_released(home: Home, command: Command) -> None:
    """Neither one that goes its way, nor one that nobody knows."""
    with journal_of(home) as journal:
        job = journal.add(job_at(Stage.SENT))
    for job_id in (job.id, "c9999999", os.fsdecode(b"c\xff")):
        told = command("release", job_id, "--fail", "--home", home.path)
        assert told.exit_code == 2
        assert "status" in told.err


def test_where_to_look_is_said_with_the_home(home: Home, command: Command) -> None:
    """The command works in any folder."""
    told = command("release", "c1", "--fail", "--home", home.path)
    assert f"dropbox-agent status --home {home.path}" in told.err


def test_a_home_without_a_journal_holds_nothing(home: Home, command: Command) -> None:
    """And none is made by asking."""
    assert command("release", "c1", "--fail", "--home", home.path).exit_code == 2
    assert not (home.path / "state" / JOURNAL_NAME).exists()


def test_an_import_is_named_only_when_it_is_accepted() -> None:
    """Other decisions cannot be built with one, nor this without."""
    job_id = job_at(Stage.HELD).id
    with pytest.raises(ValueError, match="if and only if"):
        Decision(job_id, Choice.ACCEPT)
