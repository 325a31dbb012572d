"""Which hooks are still to be run: one empty file for each job, named like it.

The notes outlive the agent, so a hook that was not run before a stop or a crash is run later.
"""

from contextlib import suppress
from pathlib import Path

from dropbox_agent.core.job import JobId


class Notes:
    """The notes in one folder. May be used by several threads."""

    def __init__(self, folder: Path) -> None:
        """Take the folder; it is made when the first note is."""
        self._folder = folder

    def add(self, job_id: JobId) -> None:
        """Note a job as the last of all, whether it was noted before or not.

        Raises:
            OSError: There is no room, or no right to.
        """
        self._folder.mkdir(exist_ok=True)
        note = self._folder / job_id
        note.touch()

    def all(self) -> list[JobId]:
        """List the jobs that are noted, in the order of noting.

        Raises:
            OSError: They cannot be listed.
        """
        found = []
        with suppress(FileNotFoundError):
            for note in self._folder.iterdir():
                with suppress(FileNotFoundError):  # somebody tidies up
                    found.append((note.stat().st_mtime_ns, JobId(note.name)))
        return [job_id for _, job_id in sorted(found)]

    def remove(self, job_id: JobId) -> None:
        """Remove the note of a job.

        Raises:
            OSError: It cannot be removed.
        """
        (self._folder / job_id).unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove all notes.

        Raises:
            OSError: One of them cannot be removed.
        """
        for job_id in self.all():
            self.remove(job_id)
