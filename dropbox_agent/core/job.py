"""A job: one claimed file on its way from the inbox to its report."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from dropbox_agent.core.imports import Import, ImportId, ImportOptions
from dropbox_agent.core.issue import FileFacts, Plan, Slice
from dropbox_agent.core.kind import Kind

JobId = NewType("JobId", str)


def make_job_id(kind: Kind, letters: str) -> JobId:
    """Make an id that tells the kind by its first letter, should the journal be lost."""
    return JobId(f"{kind.value[0]}{letters}")


def kind_of(job_id: JobId) -> Kind | None:
    """Tell the kind from an id; None if it is none of ours."""
    return next((kind for kind in Kind if job_id.startswith(kind.value[0])), None)


class Stage(StrEnum):
    """Where a job stands. The ways between the stages are in ``lifecycle.py``."""

    CLAIMED = "claimed"
    """The file is ours; nothing is known of its content yet."""

    CHECKED = "checked"
    """It may be sent: the next part waits for its turn."""

    SENDING = "sending"
    """A part is on its way, or was when we stopped: the server may have made an import of it."""

    SENT = "sent"
    """The server has made an import of the part; we ask until that ends."""

    ENDED = "ended"
    """Nothing more will be sent, and the server is through with what was."""

    JUDGED = "judged"
    """The outcome and the final file names are decided."""

    FILED = "filed"
    """The file lies at its final place with its report."""

    HELD = "held"
    """A person has to decide."""


class Outcome(StrEnum):
    """What became of a file."""

    IMPORTED = "imported"
    PARTIAL = "partial"
    REJECTED = "rejected"
    FAILED = "failed"
    DUPLICATE = "duplicate"

    @property
    def is_failure(self) -> bool:
        """Whether the file goes to ``failed/``."""
        return self in {Outcome.REJECTED, Outcome.FAILED}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something happened, and what a person can do about it."""

    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What the file system says of a payload; any difference means that it was written to."""

    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class AccountUse:
    """How far a check could rest on what the account has.

    Attributes:
        used: Whether contact fields or coupon sets were known.
        fetched_at: When the server was asked for them.
        why: Why they were not known.
    """

    used: bool
    fetched_at: datetime | None = None
    why: Reason | None = None


@dataclass(frozen=True, slots=True)
class Earlier:
    """The job whose rows to fix, or whose payload, a file is.

    Attributes:
        job: Its id.
        report: Name of its report.
    """

    job: JobId
    report: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the journal keeps of a verdict, besides the list of issues.

    Attributes:
        facts: What checking learned about the file.
        errors: Number of faults that keep the file from being sent.
        warnings: Number of other faults.
        header: The header record with its line end, put in front of every slice; without a plan
            the first slice has it already.
        fingerprint: The payload as it was when checking began.
        account: What was known of the account; None when nothing was asked for.
        plan: What is sent in place of the file as it is; None when that is sent.
        follows: The earlier job that the file comes from; None when it comes from none.
    """

    facts: FileFacts
    errors: int
    warnings: int
    header: str
    fingerprint: Fingerprint
    account: AccountUse | None = None
    plan: Plan | None = None
    follows: Earlier | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one import is sent: the whole file, or one slice of a large one.

    Attributes:
        slice: The bytes and the number of rows.
        options: What the server is asked to do with them.
        known: Ids the server listed just before we sent: ours cannot be among them.
        newest_known_at: When the newest of them was created, by the server's clock.
        import_id: The server's id, once we know it.
        last: What the server last said; durable only when it took the part and when it ended.
        vanished: The server knows the import no longer.
        refused: Why the server did not take the part.
        is_open: Whether this part still has to be sent or asked for. Not to be derived from
            ``last``: an import found again after a lost answer may have ended long ago, and its
            end must still be recorded.
        requests: Requests spent on it, as far as they are known.
    """

    slice: Slice
    options: ImportOptions
    known: tuple[ImportId, ...] = ()
    newest_known_at: str | None = None
    import_id: ImportId | None = None
    last: Import | None = None
    vanished: bool = False
    refused: Reason | None = None
    is_open: bool = True
    requests: int = 0

    @property
    def went_well(self) -> bool:
        """Whether the server finished the import, whatever it said of single rows."""
        return self.last is not None and self.last.status == "finished"


@dataclass(frozen=True, slots=True)
class Mark:
    """A stage reached, and when."""

    stage: Stage
    at: datetime


@dataclass(frozen=True, slots=True)
class Job:
    """One claimed file and all that happened to it.

    Attributes:
        id: Short name of the job: the first letter of its kind and some random ones.
        kind: What its rows are.
        name: The sender's file name, with anything unprintable replaced.
        folder: The folder below the kind's inbox it lay in: a coupon set's name or id.
        size: Bytes at the time of the claim.
        received_at: When it was claimed.
        stage: Where it stands.
        sequence: Place in the order of arrival over all jobs; the later drop has the larger one.
        checked: What checking learned; None before that.
        parts: What is sent, in order.
        outcome: What became of it; None before it is judged.
        reason: Why it was rejected, failed or held.
        stem: Final file name without its ending; None before it is judged.
        duplicate_of: The job that imported the same bytes; None if this one is no duplicate.
        timeline: Every stage reached, in order.
    """

    id: JobId
    kind: Kind
    name: str
    size: int
    received_at: datetime
    folder: str | None = None
    stage: Stage = Stage.CLAIMED
    sequence: int = 0
    checked: Checked | None = None
    parts: tuple[Part, ...] = ()
    outcome: Outcome | None = None
    reason: Reason | None = None
    stem: str | None = None
    duplicate_of: Earlier | None = None
    timeline: tuple[Mark, ...] = field(default=())

    @classmethod
    def claimed(
        cls, job_id: JobId, kind: Kind, name: str, *, folder: str | None, size: int, at: datetime
    ) -> "Job":
        """Begin a job for a file that is about to be claimed."""
        begun = (Mark(Stage.CLAIMED, at),)
        return cls(
            id=job_id,
            kind=kind,
            name=name,
            size=size,
            received_at=at,
            folder=folder,
            timeline=begun,
        )

    @property
    def part(self) -> Part:
        """The part in hand: the first that still has to be sent or asked for.

        Raises:
            LookupError: No part is open.
        """
        for part in self.parts:
            if part.is_open:
                return part
        raise LookupError(f"job {self.id} has no open part")

    @property
    def rows(self) -> int:
        """Records in the file, as far as they could be read."""
        return self.checked.facts.rows if self.checked else 0

    @property
    def success(self) -> int:
        """Rows that went in, over all parts."""
        return sum(part.last.success for part in self.parts if part.last)

    @property
    def errors(self) -> int:
        """Rows that the server refused, over all parts."""
        return sum(part.last.errors for part in self.parts if part.last)

    @property
    def parts_begun(self) -> int:
        """How many parts the server may have got: nothing was sent of those behind them."""
        number, begun, before = 1, 0, None
        for mark in self.timeline:
            if mark.stage is Stage.CHECKED:
                number += before is Stage.SENT
                begun = number - 1  # whatever was tried of this part, it did not get there
            elif mark.stage in {Stage.SENDING, Stage.SENT}:
                begun = number
            before = mark.stage
        return begun

    @property
    def under_way(self) -> bool:
        """Whether the agent still has something to do for it by itself."""
        return self.stage not in {Stage.FILED, Stage.HELD}
