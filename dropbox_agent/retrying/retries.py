"""Puts the files of filed jobs back."""

from dataclasses import dataclass
from pathlib import Path

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.spool import CLAIMED, Disk
from dropbox_agent.adapters.spool.mark import InboxMark
from dropbox_agent.core.dropnames import ignored_by
from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import archived_as
from dropbox_agent.retrying.inbox_folder import InboxFolder
from dropbox_agent.retrying.second_times import CannotRetry, SecondTimes
from dropbox_agent.settings import Settings


@dataclass(frozen=True, slots=True)
class Retry:
    """A file that lies in its inbox again.

    Attributes:
        job: The job that it comes from.
        path: Where it lies.
    """

    job: Job
    path: Path


class Retries:
    """Puts the files of filed jobs back into their inboxes."""

    def __init__(
        self, settings: Settings, journal: SqliteJournal, disk: Disk | None = None
    ) -> None:
        """Take the folders, and what the agent knows of its jobs."""
        self._settings = settings
        self._second_times = SecondTimes(journal)
        self._disk = disk or Disk()
        note = settings.state / "inbox.json"
        self._mark = InboxMark(settings.inbox / CLAIMED, note, self._disk)
        self._folders: dict[tuple[Kind, str | None], InboxFolder] = {}

    def retry(self, job: Job, *, again: bool = False) -> Retry:
        """Put the file of one job back.

        Args:
            job: A job that is filed.
            again: Whether to do so as well if it went in, or was put back before.

        Raises:
            CannotRetry: It is under way, or its file is gone, or ``again`` is needed.
            TryLater: The inbox is not there, or another one is.
            OSError: The file cannot be copied.
        """
        payload = self._payload(job)
        if not again:
            self._second_times.refuse(job, payload)
        folder = self._folder(job)
        if (folder.path / payload.name).exists():
            raise _lies_there(job, folder.path / payload.name)
        try:
            path = folder.put(payload, payload.name)
        except FileExistsError as error:
            raise _lies_there(job, folder.path / payload.name) from error
        self._second_times.note(job, payload)
        return Retry(job, path)

    def _payload(self, job: Job) -> Path:
        """Find the archived file of a job."""
        if job.stage is not Stage.FILED or job.outcome is None:
            held = job.stage is Stage.HELD
            raise CannotRetry(
                f"Job {job.id} ('{job.name}') is not done with: it is {job.stage.value}.",
                hint=f"Decide about it: dropbox-agent release {job.id}"
                if held
                else f"It goes on by itself. Where it stands: dropbox-agent explain {job.id}",
                code="not-filed",
            )
        root = self._settings.failed if job.outcome.is_failure else self._settings.processed
        payload = root / job.kind / archived_as(job)
        if not payload.is_file():
            raise CannotRetry(
                f"The file of job {job.id} ('{job.name}') is not in the archive any more.",
                hint="Drop it into the inbox again, if its sender still has it.",
                code="payload-missing",
            )
        return payload

    def _folder(self, job: Job) -> InboxFolder:
        """Find the folder that the file was dropped into, and make it if it was removed."""
        if pattern := ignored_by(archived_as(job), self._settings.ignore):
            raise CannotRetry(
                f"The file of job {job.id} would be left alone in the inbox: AGENT_IGNORE has "
                f"{pattern}, which its name in the archive matches.",
                hint=f"Copy {archived_as(job)} into the inbox under another name.",
                code="ignored",
            )
        inbox = self._settings.inbox / job.kind
        if not inbox.is_dir():
            raise CannotRetry(
                f"There is no inbox folder {inbox}.",
                hint="If the inbox is on a share, see that it is mounted.",
                code="no-inbox",
            )
        if self._mark.is_expected:
            self._mark.need()
        place = job.kind, job.folder
        if place not in self._folders:
            folder = InboxFolder(inbox, self._disk, done_suffix=self._settings.done_suffix)
            self._folders[place] = folder.make_below(job.folder) if job.folder else folder
        return self._folders[place]


def _lies_there(job: Job, path: Path) -> CannotRetry:
    return CannotRetry(
        f"The file of job {job.id} lies in the inbox already: {path}",
        hint=f"The agent takes it from there. If it does not: dropbox-agent explain {path.name}",
        code="retried-already",
    )
