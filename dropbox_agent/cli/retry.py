"""``retry``: has archived files imported once more."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dropbox_agent.cli import moments
from dropbox_agent.cli.home import at_home, home_option, settings_at
from dropbox_agent.core.history import Wanted
from dropbox_agent.core.job import Job, Outcome
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.telling import count
from dropbox_agent.errors import AgentError, NoPermission, NotThere

if TYPE_CHECKING:
    from dropbox_agent.adapters.journal import SqliteJournal


@click.command(short_help="Send files again that failed.")
@click.argument("jobs", nargs=-1, metavar="[JOB]...")
@click.option(
    "--outcome", "outcomes", multiple=True, type=click.Choice([each.value for each in Outcome]),
    help="Instead of JOBs: all files with this outcome that were filed since --since.",
)  # fmt: skip
@click.option(
    "--since", callback=moments.since, metavar="WHEN",
    help="With --outcome: a date (2026-01-15), a time (2026-01-15T14:30), or an age (12h, 7d).",
)  # fmt: skip
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([each.value for each in Kind]),
    help="With --outcome: only files of this kind; may be given again for another.",
)  # fmt: skip
@click.option(
    "--again",
    is_flag=True,
    help="Also what went in (vouchers: even in part) or was sent again before: once more.",
)
@home_option
def retry(
    *,
    jobs: tuple[str, ...],
    outcomes: tuple[str, ...],
    since: datetime | None,
    kinds: tuple[str, ...],
    home: Path,
    again: bool,
) -> int:
    """Put the files of JOBs back into their inboxes, as copies.

    From there each is checked and imported like any other; its report and the first one name each
    other. The archived file stays. If you mend it there before, it is sent as you left it. Works
    whether an agent runs or not. Ends with 1 if a file could not be put back.

    To send only the rows that were refused, mend and drop the .errors.csv beside the report.
    """
    from dropbox_agent.inspection.home import HomeState
    from dropbox_agent.retrying import Retries

    if bool(jobs) == bool(outcomes):
        raise click.UsageError(
            "Name jobs (reports, 'history' and 'explain FILE' have their ids), or an --outcome."
        )
    if outcomes and since is None:
        raise click.UsageError("With --outcome say since when: --since 2026-01-15, or --since 7d.")
    settings = settings_at(home)
    wanted = Wanted(tuple(map(Kind, kinds or Kind)), tuple(map(Outcome, outcomes)), since)
    put = failed = 0
    with HomeState(settings, holder=None, heartbeat=None).journal() as journal:
        if journal is None:
            raise _unknown(jobs[0] if jobs else "filed", home)
        retries = Retries(settings, journal)
        for job in _named(jobs, journal, home) if jobs else _all(wanted, journal):
            try:
                where = retries.retry(job, again=again).path
            except (AgentError, OSError) as error:
                failed += 1
                told = error if isinstance(error, AgentError) else _no_copy(job, error)
                click.echo(at_home(f"{told.message}\n  What to do: {told.hint}", home), err=True)
            else:
                put += 1
                click.echo(f"'{shown(job.name)}' (job {job.id}) lies in the inbox again: {where}")
    if outcomes:
        click.echo(f"{count(put, 'files')} put back, {failed:,} not.")
    return 1 if failed else 0


def _named(jobs: Iterable[str], journal: "SqliteJournal", home: Path) -> Iterator[Job]:
    for each in jobs:
        if (job := journal.find(shown(each))) is None:
            raise _unknown(each, home)
        yield job


def _all(wanted: Wanted, journal: "SqliteJournal") -> list[Job]:
    """List jobs, the earliest first: of two files with the same keys the later one wins again."""
    recorded = journal.filed(wanted.kinds, wanted.outcomes, wanted.since)
    found = filter(wanted.covers, recorded)
    return sorted(found, key=lambda job: job.sequence)


def _no_copy(job: Job, error: OSError) -> NoPermission:
    return NoPermission(
        f"The file of job {job.id} ('{shown(job.name)}') was not put back. The operating system "
        f"says: {error.strerror or error}.",
        hint="See to room and rights in archive and inbox, as the user that the agent runs as; "
        "then do it again.",
        code="not-copied",
    )


def _unknown(job: str, home: Path) -> NotThere:
    return NotThere(
        f"There is no job {shown(job)}.",
        hint=at_home("'dropbox-agent history' shows those that are done with.", home),
        code="no-such-job",
    )
