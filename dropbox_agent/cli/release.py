"""``release``: decides about a job that is held."""

from pathlib import Path

import click

from dropbox_agent.cli.home import at_home, home_option, settings_at
from dropbox_agent.core.decisions import Choice, Decision
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.job import JobId, Stage
from dropbox_agent.core.naming import shown
from dropbox_agent.errors import NotThere


@click.command(short_help="Decide about a job that is held.")
@click.argument("job")
@click.option("--resend", is_flag=True, help="Connectif did not take it: send it again.")
@click.option("--accept", metavar="IMPORT_ID", help="Connectif took it, as this import.")
@click.option("--fail", is_flag=True, help="Leave it; the file goes to failed/.")
@home_option
def release(job: str, accept: str | None, home: Path, *, resend: bool, fail: bool) -> None:
    """Decide about JOB, which is held because only a person can know.

    'dropbox-agent status' names the jobs that are held and why. A running agent carries the
    decision out within seconds; otherwise the next start does.
    """
    from dropbox_agent.adapters.journal import SqliteJournal
    from dropbox_agent.folders import JOURNAL_NAME

    choices = {Choice.RESEND: resend, Choice.ACCEPT: accept is not None, Choice.FAIL: fail}
    chosen = [choice for choice, wanted in choices.items() if wanted]
    if len(chosen) != 1:
        raise click.UsageError("Give exactly one of --resend, --accept IMPORT_ID and --fail.")
    settings = settings_at(home)
    path = settings.state / JOURNAL_NAME
    if not path.exists():
        raise _not_held(job, home)
    with SqliteJournal(path) as journal:
        found = journal.find(shown(job))
        if found is None or found.stage is not Stage.HELD:
            raise _not_held(job, home)
        import_id = ImportId(accept) if accept else None
        journal.decide(Decision(JobId(job), chosen[0], import_id))
    click.echo(f"Noted: {chosen[0]} {job} ('{found.name}').")


def _not_held(job: str, home: Path) -> NotThere:
    return NotThere(
        f"No job {shown(job)} is held.",
        hint=at_home("'dropbox-agent status' shows the jobs that are.", home),
        code="not-held",
    )
