"""Has archived files imported once more: each is put back into its inbox, as a copy.

The copy keeps the archive's name, which tells the agent whose file it is: the two reports name
each other, and what is asked for in this way is never skipped as a duplicate. The archived file
stays where it is. It takes the way of every drop, so it works whether an agent runs or not.
"""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.spool import Disk
from dropbox_agent.core.dropnames import ignored_by
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.naming import archived_as
from dropbox_agent.errors import BadConfiguration
from dropbox_agent.settings import Settings


class CannotRetry(BadConfiguration):
    """A job's file cannot be put back, or should not be without another word."""


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
        self._journal = journal
        self._disk = disk or Disk()

    def retry(self, job: Job, *, again: bool = False) -> Retry:
        """Put the file of one job back.

        Args:
            job: A job that is filed.
            again: Whether to do so as well if it went in, or was put back before.

        Raises:
            CannotRetry: It is under way, or its file is gone, or ``again`` is needed.
            OSError: The file cannot be copied.
        """
        payload = self._payload(job)
        if not again:
            self._need_a_reason(job)
        target = self._place(job) / payload.name
        if target.exists():
            raise CannotRetry(
                f"The file of job {job.id} lies in the inbox already: {target}",
                hint=f"The agent takes it from there. If it does not: dropbox-agent explain "
                f"{payload.name}",
                code="retried-already",
            )
        self._put(payload, target)
        return Retry(job, target)

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

    def _need_a_reason(self, job: Job) -> None:
        if job.outcome is Outcome.IMPORTED:
            raise CannotRetry(
                f"All rows of job {job.id} ('{job.name}') are in already.",
                hint=f"To import them once more all the same: dropbox-agent retry --again {job.id}",
                code="imported-already",
            )
        later = [*self._journal.followers(job.id), *self._journal.named(archived_as(job), 1)]
        if later:
            raise CannotRetry(
                f"The file of job {job.id} ('{job.name}') was dropped again before, as job "
                f"{later[0].id}.",
                hint=f"See what became of that one: dropbox-agent explain {later[0].id}. To send "
                f"this one once more all the same: dropbox-agent retry --again {job.id}",
                code="retried-already",
            )

    def _place(self, job: Job) -> Path:
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
        if job.folder is None:
            return inbox
        self._disk.make_folder(inbox / job.folder)
        return inbox / job.folder

    def _put(self, payload: Path, target: Path) -> None:
        """Copy a file whole or not at all: under its name it is never seen half-written."""
        unfinished = target.with_name(f".{target.name[-200:]}.retry")
        self._disk.remove(unfinished)
        try:
            self._disk.copy(payload, unfinished)
            self._disk.move(unfinished, target)
        except OSError:
            with suppress(OSError):
                self._disk.remove(unfinished)
            raise
        if suffix := self._settings.done_suffix:
            self._disk.write(target.with_name(target.name + suffix), [])
        self._disk.sync_folder(target.parent)
