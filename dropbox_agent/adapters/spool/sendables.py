"""What is sent of a payload, where rows have to be written anew for that.

Such a file can be made from the content again at any time, with the same bytes.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from dropbox_agent.adapters.spool.bodies import open_plainly
from dropbox_agent.adapters.spool.contents import Contents
from dropbox_agent.core.issue import FileFacts, Plan, Slice, Verdict
from dropbox_agent.core.job import Job, JobId
from dropbox_agent.core.reshaping import Reshaping, RowTooLarge

SENDABLE_ENDING = ".send.csv"


class Sendables:
    """The reshaped files, one for each job that needs one; they lie among the contents."""

    def __init__(self, contents: Contents) -> None:
        """Take the files that they are made from."""
        self._contents = contents

    def make(self, job_id: JobId, payload: Path, verdict: Verdict, limit: int) -> Verdict:
        """Make what is sent of a content that cannot go out as it is; others are left alone.

        Args:
            job_id: The job.
            payload: Its payload.
            verdict: What checking said of its content.
            limit: Most bytes of one import.

        Returns:
            The verdict with the slices of what is sent.

        Raises:
            OSError: The content cannot be read, there is no room, or the agent is stopping.
        """
        plan, facts = verdict.plan, verdict.facts
        if plan is None or not (plan.copies_rows and verdict.sendable):
            return verdict
        content = self._contents.find(job_id, payload, facts.encoding)
        room = limit - len(verdict.header)
        try:
            return replace(verdict, slices=self._write(job_id, content, plan, facts, room=room))
        except RowTooLarge as fault:
            return fault.told_in(verdict, limit)

    def find(self, job: Job, content: Path) -> Path:
        """Say where that is which is sent of a checked job; if it is gone, make it again.

        Raises:
            OSError: It cannot be made.
        """
        checked = job.checked
        if checked is None or checked.plan is None or not checked.plan.copies_rows:
            return content
        sendable = self._contents.place(f"{job.id}{SENDABLE_ENDING}")
        if not sendable.is_file():
            room = job.parts[-1].slice.end  # how it is cut was decided when it was checked
            self._write(job.id, content, checked.plan, checked.facts, room=room)
        return sendable

    def remove(self, job_id: JobId) -> None:
        """Remove what was made for a job, if anything was.

        Raises:
            OSError: It cannot be removed.
        """
        self._contents.discard(f"{job_id}{SENDABLE_ENDING}")

    def _write(
        self, job_id: JobId, content: Path, plan: Plan, facts: FileFacts, *, room: int
    ) -> tuple[Slice, ...]:
        reshaping = Reshaping(
            plan, delimiter=facts.delimiter or ",", header_lines=facts.header_lines, room=room
        )
        self._contents.write(f"{job_id}{SENDABLE_ENDING}", _pieces(reshaping, content))
        return reshaping.slices


def _pieces(reshaping: Reshaping, content: Path) -> Iterator[bytes]:
    with open_plainly(content) as file:
        yield from reshaping.pieces(file)
