"""The import API's values in our words: what we ask for, what it answers.

Facts come from the vendor's reference (create-import, import and import-list pages). Where the
documentation is silent the values are lenient: anything optional may be absent.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, Protocol

from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater

ImportId = NewType("ImportId", str)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How the server shall treat the rows of one import.

    Attributes:
        delimiter: ``,`` or ``;``; the API takes no other.
        override_existing: Whether elements that exist already are changed.
        update_only_empty_fields: Whether only fields empty now are written; needs
            ``override_existing``.
        coupon_set: Id of the set that vouchers go into; None for other kinds.
    """

    delimiter: str = ","
    override_existing: bool = True
    update_only_empty_fields: bool = False
    coupon_set: str | None = None

    def __post_init__(self) -> None:
        if self.delimiter not in {",", ";"}:
            raise ValueError(f"delimiter must be ',' or ';', not {self.delimiter!r}")
        if self.update_only_empty_fields and not self.override_existing:
            raise ValueError("update_only_empty_fields needs override_existing")


class Status(StrEnum):
    """Where an import stands on the server."""

    QUEUED = "queued"
    IN_PROGRESS = "inProgress"
    FINISHED = "finished"
    ERROR = "error"
    CANCELLED = "cancelled"
    OTHER = "other"
    """A status this version does not know: taken to be still running."""

    @classmethod
    def parse(cls, text: object) -> "Status":
        """Turn the server's word into a status; anything unknown is ``OTHER``."""
        try:
            return cls(str(text))
        except ValueError:
            return cls.OTHER

    @property
    def ended(self) -> bool:
        """Whether the server will do nothing more with the import."""
        return self in {Status.FINISHED, Status.ERROR, Status.CANCELLED}


@dataclass(frozen=True, slots=True)
class Import:
    """What the server said of one import at one moment.

    Attributes:
        id: The server's id.
        kind: What it imports; None for a type we do not handle.
        status: Where it stands.
        status_text: The server's own word for it.
        origin: ``api`` or ``app``; empty when not told.
        options: As the server repeats them; None when it does not.
        total: Number of rows the server counted; None when not told.
        success: Rows that went in.
        errors: Rows that were refused.
        created_at: ISO 8601 as sent by the server; its clock is not ours.
        finished_at: Likewise; also the moment of cancelling.
        error_report_url: Where the refused rows can be fetched, without the key.
    """

    id: ImportId
    kind: Kind | None
    status: Status
    status_text: str = ""
    origin: str = ""
    options: ImportOptions | None = None
    total: int | None = None
    success: int = 0
    errors: int = 0
    created_at: str | None = None
    finished_at: str | None = None
    error_report_url: str | None = None

    @property
    def done(self) -> int:
        """Rows the server is through with."""
        return self.success + self.errors


class Body(Protocol):
    """The bytes of one CSV to send. Can be read more than once."""

    @property
    def size(self) -> int:
        """Number of bytes that ``chunks`` yields."""
        ...

    def chunks(self) -> Iterator[bytes]:
        """Read the bytes anew, in pieces of moderate size.

        Raises:
            OSError: The file cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server made an import of what we sent."""

    imported: Import


@dataclass(frozen=True, slots=True)
class Refused:
    """The server refuses this very request; sending it again changes nothing.

    Attributes:
        status: HTTP status of the answer.
        code: Stable kebab-case name of the reason.
        message: What the server said, in plain words and shortened.
        hint: What to do about it.
    """

    status: int
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class NotNow:
    """Nothing was imported and nothing is wrong with the file: wait, then send again.

    Attributes:
        why: The reason, for people.
        wait_seconds: How long the server asks us to wait; None when it does not say.
    """

    why: TryLater
    wait_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class OutcomeUnknown:
    """We cannot know whether the server made an import: look there before sending again."""

    why: TryLater


SendAnswer = Accepted | Refused | NotNow | OutcomeUnknown


class ApiUnavailable(TryLater):
    """The import API cannot be asked now: network, rate limit, refused key, broken answer.

    Attributes:
        wait_seconds: How long the server asks us to wait; None when it does not say.
    """

    def __init__(
        self, message: str, *, hint: str, code: str, wait_seconds: float | None = None
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.wait_seconds = wait_seconds


class ImportApi(Protocol):
    """The import API, as far as the agent needs it."""

    def create(self, kind: Kind, options: ImportOptions, body: Body) -> SendAnswer:
        """Send one CSV and say what became of it. Never sends twice by itself.

        Raises:
            OSError: ``body`` could not be read; the server got no complete file.
        """
        ...

    def get(self, import_id: ImportId) -> Import | None:
        """Ask for one import; None when the server does not know it (any more).

        Raises:
            ApiUnavailable: No answer to be had now.
        """
        ...

    def recent(self) -> tuple[Import, ...]:
        """List imports, newest first: at least the server's newest page.

        Raises:
            ApiUnavailable: No answer to be had now.
        """
        ...

    def error_report(self, url: str) -> bytes:
        """Fetch the server's file of refused rows, without the key; cut off beyond a bound.

        Raises:
            ApiUnavailable: It cannot be had; the link may have expired.
        """
        ...
