"""``retry``: has an archived file imported once more."""

from pathlib import Path

import click

from dropbox_agent.cli.home import at_home, home_option, settings_at
from dropbox_agent.core.naming import shown
from dropbox_agent.errors import AgentError, BadConfiguration


@click.command(short_help="Send a file again that failed.")
@click.argument("jobs", nargs=-1, metavar="JOB...")
@click.option(
    "--again", is_flag=True, help="Also what went in, or was sent again before: send it once more."
)
@home_option
def retry(jobs: tuple[str, ...], home: Path, *, again: bool) -> int:
    """Put the files of JOBs back into their inboxes, as copies.

    From there each is checked and imported like any other; its report and the first one name each
    other. The archived file stays. If you mend it there before, it is sent as you left it. Works
    whether an agent runs or not. Ends with 1 if a file could not be put back.

    To send only the rows that were refused, mend and drop the .errors.csv beside the report.
    """
    from dropbox_agent.inspection.home import HomeState
    from dropbox_agent.retrying import Retries

    if not jobs:
        raise click.UsageError("Name a job: reports, 'status' and 'explain FILE' have its id.")
    settings = settings_at(home)
    failures = 0
    with HomeState.of(settings).journal() as journal:
        for each in jobs:
            job = journal.find(each) if journal else None
            if journal is None or job is None:
                raise _unknown(each, home)
            try:
                put = Retries(settings, journal).retry(job, again=again)
            except AgentError as error:
                failures += 1
                click.echo(at_home(f"{error.message}\n  What to do: {error.hint}", home), err=True)
            else:
                click.echo(
                    f"'{shown(job.name)}' (job {job.id}) lies in the inbox again: {put.path}"
                )
    return 1 if failures else 0


def _unknown(job: str, home: Path) -> BadConfiguration:
    return BadConfiguration(
        f"There is no job {shown(job)}.",
        hint=at_home("'dropbox-agent status' shows the latest ones.", home),
        code="no-such-job",
    )
