"""What is sent of a payload, where rows have to be written anew for that.

Such a file can be made from the content again at any time, with the same bytes.
"""

from collections.abc import Iterator
from pathlib import Path

from dropbox_agent.adapters.spool.bodies import open_plainly
from dropbox_agent.adapters.spool.contents import Contents
from dropbox_agent.core.issue import FileFacts, Plan, Slice
from dropbox_agent.core.job import JobId
from dropbox_agent.core.reshaping import Reshaping

SENDABLE_ENDING = ".send.csv"


class Sendables:
    """The reshaped files, one for each job that needs one; they lie among the contents."""

    def __init__(self, contents: Contents) -> None:
        """Take the files that they are made from."""
        self._contents = contents

    def make(
        self, job_id: JobId, content: Path, plan: Plan, facts: FileFacts, *, room: int
    ) -> tuple[Slice, ...]:
        """Reshape a content, and say how the file that comes of it is cut.

        Args:
            job_id: The job.
            content: What is in its payload.
            plan: What to make of it.
            facts: What was learned about it.
            room: Most bytes of rows in one slice.

        Raises:
            RowTooLarge: A row does not fit into a slice.
            OSError: The content cannot be read, there is no room, or the agent is stopping.
        """
        reshaping = Reshaping(
            plan,
            delimiter=facts.delimiter or ",",
            header_lines=facts.header_lines,
            room=room,
        )
        self._contents.write(f"{job_id}{SENDABLE_ENDING}", _pieces(reshaping, content))
        return reshaping.slices

    def find(self, job_id: JobId, content: Path, plan: Plan, facts: FileFacts, *, end: int) -> Path:
        """Say where the file is that was made before; if it is gone, make it again.

        Args:
            job_id: The job.
            content: What is in its payload.
            plan: What was made of it.
            facts: What was learned about it.
            end: How large the file was, in bytes.

        Raises:
            OSError: It cannot be made.
        """
        sendable = self._contents.place(f"{job_id}{SENDABLE_ENDING}")
        if not sendable.is_file():
            self.make(job_id, content, plan, facts, room=end)
        return sendable

    def remove(self, job_id: JobId) -> None:
        """Remove what was made for a job, if anything was.

        Raises:
            OSError: It cannot be removed.
        """
        self._contents.discard(f"{job_id}{SENDABLE_ENDING}")


def _pieces(reshaping: Reshaping, content: Path) -> Iterator[bytes]:
    with open_plainly(content) as file:
        yield from reshaping.pieces(file)
