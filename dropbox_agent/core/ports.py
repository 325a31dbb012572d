"""What the core needs from outside: the spool of files, the journal, the checker, the witness."""

from collections.abc import Collection, Sequence
from typing import Protocol

from dropbox_agent.core.account import Account
from dropbox_agent.core.decisions import Decision
from dropbox_agent.core.imports import Body, Import, ImportId
from dropbox_agent.core.issue import FileFacts, Issue, Verdict
from dropbox_agent.core.job import Fingerprint, Job, JobId, Part
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.mending import Refused
from dropbox_agent.core.report import Json
from dropbox_agent.core.sighting import Examined, Listing, Sighting, Writer
from dropbox_agent.errors import AgentError


class Spool(Protocol):
    """The folders: inboxes, claimed files, archive. Every method may raise OSError."""

    def prepare(self, under_way: Collection[JobId]) -> None:
        """Make ready for claims; those of jobs under way must be there already.

        Raises:
            AgentError: There are none: the inbox is probably a share that is not mounted.
        """
        ...

    def listing(self, kind: Kind) -> Listing:
        """List what is in the inbox of one kind.

        Raises:
            AgentError: The inbox is away, or is another one than it was.
        """
        ...

    def glance(self, kind: Kind) -> Listing:
        """List what is new in the inbox of one kind, with the rest as the last listing showed it.

        Raises:
            AgentError: The inbox is away, or is another one than it was.
        """
        ...

    def look_again(self, seen: Sighting) -> Sighting | None:
        """Look at one drop again; None if it is gone.

        Raises:
            AgentError: The inbox is away, or is another one than it was.
        """
        ...

    def writer(self, seen: Sighting) -> Writer:
        """Say whether some program has the drop open for writing."""
        ...

    def claim(self, seen: Sighting, job_id: JobId) -> None:
        """Move a drop into the job's folder, durably; nobody else sees it from then on.

        Raises:
            FileNotFoundError: The drop is gone, or is not what was seen any more.
        """
        ...

    def examine(self, seen: Sighting) -> Examined:
        """Read a drop: how it ends, and whether it is what its marker says."""
        ...

    def is_readable(self, seen: Sighting) -> bool:
        """Whether the agent's user may read a drop: one that it may not is left to its owner."""
        ...

    def lacks_room(self, seen: Sighting) -> str | None:
        """Say which folder has too little free space to take on a drop; None when all have."""
        ...

    def finish_claims(self, jobs: Sequence[Job]) -> None:
        """Make claims whole and durable that were interrupted.

        Raises:
            FileNotFoundError: A payload is not there.
        """
        ...

    def claimed(self) -> list[JobId]:
        """List the jobs whose claimed payload is there, in the order of claiming."""
        ...

    def claimed_name(self, job_id: JobId) -> str:
        """Tell the sender's name of a claimed payload.

        Raises:
            FileNotFoundError: It is not there.
        """
        ...

    def fingerprint(self, job_id: JobId) -> Fingerprint:
        """Say what the file system knows of a claimed payload.

        Raises:
            FileNotFoundError: It is not there.
        """
        ...

    def is_being_written(self, job_id: JobId) -> bool:
        """Whether some program certainly has a claimed payload open for writing."""
        ...

    def body(self, job: Job, part: Part) -> Body:
        """Give the bytes to send for one part."""
        ...

    def archive(self, job: Job) -> None:
        """Bring the payload to its final place; the report makes that durable. May be repeated.

        Of a payload that lies in both places, as a power cut may leave it, the claimed one goes.
        A payload that is neither claimed nor archived is no error: somebody took it away.
        """
        ...

    def is_archived(self, job: Job) -> bool:
        """Whether the payload lies at its final place."""
        ...

    def write_rows_to_fix(self, job: Job, refused: Refused) -> None:
        """Put the refused rows of an archived payload beside it. May be repeated."""
        ...

    def write_report(self, job: Job, report: Json) -> None:
        """Put the report beside the payload, whole, and all of that durably. May be repeated."""
        ...

    def name_follower(self, job: Job, follower: Json) -> None:
        """Name a later job in the report of a filed one, if that is still there. Repeatable."""
        ...

    def name_payload(self, job: Job) -> None:
        """Name an archived payload in its report, which was written without it. May be repeated.

        Both are durable then.
        """
        ...

    def clear(self, job_id: JobId) -> None:
        """Remove what is left of a job's claim folder."""
        ...


class Journal(Protocol):
    """The durable record of jobs. What ``add`` and ``save`` were given survives a power cut."""

    def add(self, job: Job) -> Job:
        """Record a new job and give it its place in the order of arrival."""
        ...

    def save(self, job: Job, issues: Sequence[Issue] | None = None) -> None:
        """Record a job as it stands now; ``issues`` are those of a check just made."""
        ...

    def forget(self, job_id: JobId) -> None:
        """Remove a job whose claim never took place."""
        ...

    def under_way(self) -> list[Job]:
        """List the jobs that are not filed, in the order of arrival; held ones too."""
        ...

    def find(self, job_id: str) -> Job | None:
        """Return one job, filed or not; None if the journal does not know it."""
        ...

    def imported_before(self, job: Job, limit: int) -> list[FileFacts]:
        """Tell of the files imported last of the job's kind and folder, the newest first."""
        ...

    def imported_last(self, job: Job) -> Job | None:
        """Return the job of the same kind and coupon set whose file was imported last."""
        ...

    def knows_import(self, import_id: ImportId, *, but: JobId) -> bool:
        """Whether an import belongs to another job than this one, filed ones included."""
        ...

    def decisions(self) -> list[Decision]:
        """List what people have decided and the agent has not done yet."""
        ...

    def drop_decision(self, decision: Decision) -> None:
        """Forget a decision that cannot be carried out; others are spent by saving the job."""
        ...

    def issues(self, job_id: JobId) -> tuple[Issue, ...]:
        """Return the issues that checking a job has found."""
        ...


class Checker(Protocol):
    """Checks a claimed payload."""

    def check(self, job: Job, account: Account) -> Verdict:
        """Read the whole payload and decide about it, with what is known of the account.

        Raises:
            AgentError: The check could not be brought to an end.
            OSError: The payload could not be read.
        """
        ...


class Witness(Protocol):
    """Is told what happens, for the log and the screen. Never raises."""

    def stepped(self, job: Job) -> None:
        """A job has reached a stage."""
        ...

    def progressed(self, job: Job, told: Import) -> None:
        """The server has said how far an import is."""
        ...

    def paused(self, what: str, why: AgentError, wait_seconds: float) -> None:
        """Sending or asking waits for something that is not a file's fault."""
        ...

    def resumed(self, what: str) -> None:
        """It goes on."""
        ...

    def troubled(self, why: AgentError, job: Job | None = None) -> None:
        """One step went wrong and will be tried again."""
        ...

    def noticed(self, message: str) -> None:
        """Something worth a line that belongs to no job."""
        ...
