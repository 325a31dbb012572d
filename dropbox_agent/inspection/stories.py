"""Collects what surrounds a job: its files, what the agent last said, what stands in its way."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.spool import CLAIMED
from dropbox_agent.core.explaining import JobStory, Place, Surroundings, tell_story
from dropbox_agent.core.job import Job, JobId, Stage
from dropbox_agent.core.keeping import Thing
from dropbox_agent.core.naming import ERRORS_ENDING, archived_as
from dropbox_agent.core.ordering import waits_for
from dropbox_agent.core.report import Json
from dropbox_agent.folders import archive_folder, report_path
from dropbox_agent.inspection.home import HomeState


class Stories:
    """Tells the stories of the jobs of one home."""

    def __init__(
        self, home: HomeState, journal: SqliteJournal | None, under_way: Sequence[Job]
    ) -> None:
        """Take what was read already."""
        self._home = home
        self._journal = journal
        self._under_way = under_way
        decisions = journal.decisions() if journal else []
        self._decisions = {each.job_id: each for each in decisions}

    def tell(self, job: Job) -> JobStory:
        """Tell what happened to a job, and what happens next."""
        around = Surroundings(
            is_running=self._home.holder is not None,
            told=self._home.told_of_job(job.id),
            pause=self._pause(job),
            ahead=tuple(self._ahead(job)),
            decision=self._decisions.get(job.id),
            places=tuple(self._places(job)),
            followers=tuple(self._journal.followers(job.id)) if self._journal else (),
        )
        return tell_story(job, around)

    def _pause(self, job: Job) -> Json | None:
        if job.stage in {Stage.CHECKED, Stage.SENDING}:
            return self._home.pause_of("sending")
        return self._home.pause_of("asking") if job.stage is Stage.SENT else None

    def _ahead(self, job: Job) -> Iterator[JobId]:
        order = self._home.settings.order
        for each in self._under_way:
            if waits_for(job, each, order):
                yield each.id

    def _places(self, job: Job) -> Iterator[Place]:
        settings = self._home.settings
        claimed = settings.inbox / CLAIMED / job.id
        if found := _only_file_in(claimed):
            yield Place("file", str(found), is_there=True)
        if job.stem is None:
            return
        archive = archive_folder(job, settings)
        payload = archive / archived_as(job)
        removed = self._removed(job)
        if not found or payload.exists():
            yield _place("file", payload, removed.get(Thing.FILES))
        yield _place("report", report_path(job, settings), removed.get(Thing.REPORT))
        if (rows := archive / f"{job.stem}{ERRORS_ENDING}").exists():
            yield _place("rows to fix", rows)

    def _removed(self, job: Job) -> dict[Thing, str]:
        """Say what of a job the agent itself has deleted."""
        removed = self._journal.removed(job.id) if self._journal else {}
        return {
            thing: f"deleted on {at:%Y-%m-%d}, as {thing.setting} says"
            for thing, at in removed.items()
        }


def _place(what: str, path: Path, removed: str | None = None) -> Place:
    is_there = path.exists()
    return Place(what, str(path), is_there=is_there, removed=None if is_there else removed)


def _only_file_in(folder: Path) -> Path | None:
    try:
        return next((each for each in sorted(folder.iterdir()) if each.is_file()), None)
    except OSError:
        return None
