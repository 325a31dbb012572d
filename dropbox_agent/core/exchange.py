"""One request to the import API and what came of it, for those who count them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Call(StrEnum):
    """What was asked for."""

    CREATE_IMPORT = "create-import"
    GET_IMPORT = "get-import"
    LIST_IMPORTS = "list-imports"
    LIST_CONTACT_FIELDS = "list-contact-fields"
    LIST_COUPON_SETS = "list-coupon-sets"
    GET_ERROR_REPORT = "get-error-report"


class Result(StrEnum):
    """What came of it."""

    OK = "ok"
    """The server did what it was asked."""

    REFUSED = "refused"
    """It holds something against the request, or the key."""

    RATE_LIMITED = "rate-limited"
    """It has had too many requests."""

    SERVER_FAULT = "server-fault"
    """Something is wrong with the server, or it said nothing that makes sense."""

    NO_ANSWER = "no-answer"
    """The network, a time limit or the file to be sent stood in the way."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request that was made, and what came of it.

    Attributes:
        call: What was asked for.
        result: What came of it.
        seconds: Until the answer was read, or was known not to come.
    """

    call: Call
    result: Result
    seconds: float


Observer = Callable[[Exchange], None]
"""Is told of each request when it is over, in the thread that made it. Never raises or waits."""


def unobserved(_: Exchange) -> None:
    """Let a request go by."""
