"""The folders of a home, where its settings have them."""

import os
from pathlib import Path

from dropbox_agent.adapters.spool import Disk, DiskSpool, Folders
from dropbox_agent.adapters.writer_probe import probe
from dropbox_agent.core.job import Job
from dropbox_agent.core.naming import archived_as, report_of
from dropbox_agent.errors import AgentError, BadConfiguration, NoPermission, TryLater
from dropbox_agent.settings import Settings

JOURNAL_NAME = "journal.sqlite"
"""The journal's file in the state folder."""


def folders_of(settings: Settings) -> Folders:
    """Say where the folders of a home are."""
    return Folders(settings.inbox, settings.processed, settings.failed, settings.state)


def spool_of(settings: Settings, disk: Disk | None = None) -> DiskSpool:
    """Give the folders of a home, as its settings have them; nothing is changed by that."""
    return DiskSpool(
        folders_of(settings),
        disk or Disk(),
        probe,
        ignore=settings.ignore,
        done_suffix=settings.done_suffix,
        min_free_bytes=settings.min_free,
        max_expanded_bytes=settings.max_expanded,
    )


def archive_folder(job: Job, settings: Settings) -> Path:
    """Say which folder a judged job is filed in."""
    root = settings.failed if job.outcome and job.outcome.is_failure else settings.processed
    return root / job.kind


def report_path(job: Job, settings: Settings) -> Path:
    """Say where the report of a filed job lies."""
    return archive_folder(job, settings) / report_of(job)


def payload_path(job: Job, settings: Settings) -> Path:
    """Say where the file of a filed job lies."""
    return archive_folder(job, settings) / archived_as(job)


def make_folders(settings: Settings) -> list[Path]:
    """Make the folders of a home that are not there; return the new ones.

    Raises:
        AgentError: One of them cannot be made.
    """
    made = []
    for folder in (*folders_of(settings).all(), settings.state):
        if not folder.is_dir():
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise _no_folder(folder, error) from error
            made.append(folder)
    return made


def take_inbox(settings: Settings) -> None:
    """Take the inbox of a home for its own as it is now, whatever was there before.

    Raises:
        AgentError: It is another home's, or cannot be marked.
    """
    try:
        spool_of(settings).make_ours()
    except OSError as error:
        raise _no_folder(settings.inbox, error) from error


def need_folders(settings: Settings) -> None:
    """Refuse to work on a home that nobody has made: it may be a mount that is not there."""
    if not settings.inbox.is_dir():
        raise BadConfiguration(
            f"There is no inbox folder {settings.inbox}.",
            hint="Run 'dropbox-agent init' in the folder that shall be the home, or name the home "
            "with --home. If the inbox is on a share, see that it is mounted.",
            code="no-inbox",
        )
    make_folders(settings)


def _no_folder(folder: Path, error: OSError) -> AgentError:
    what = f"The folder {folder} cannot be made: {error.strerror or error}."
    if isinstance(error, PermissionError):
        hint = "Make it by hand, or give the agent's user the right to; then start again."
        return NoPermission(what, hint=hint, code="no-folder")
    if in_the_way := next((each for each in (folder, *folder.parents) if _is_other(each)), None):
        hint = f"Move away {in_the_way}, which is no folder; then start again."
        return BadConfiguration(what, hint=hint, code="no-folder")
    hint = "See to the disk, its room and its mount; then start again."
    return TryLater(what, hint=hint, code="no-folder")


def _is_other(path: Path) -> bool:
    """Whether there is something that is no folder, be it a link that leads nowhere."""
    return os.path.lexists(path) and not path.is_dir()
