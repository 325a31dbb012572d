"""Error answers in the shapes that the import API uses.

Documented: ``HttpError`` and the custom codes. Seen in clients: the members of a validation error.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from werkzeug.wrappers import Response

from dropbox_agent.sandbox.answers import json_answer


@dataclass(frozen=True, slots=True)
class Invalid:
    """One thing wrong with a request.

    Attributes:
        name: The part or member that is wrong.
        reason: What is wrong with it.
    """

    name: str
    reason: str


class Problem(Exception):
    """A request that is answered with an error."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        code: str | None = None,
        invalid: Sequence[Invalid] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.code = code
        self.invalid = tuple(invalid)

    def answer(self) -> Response:
        """Write the problem as an answer."""
        title = HTTPStatus(self.status).phrase
        body: dict[str, Any] = {"status": self.status, "title": title, "detail": self.detail}
        if self.code is not None:
            body["code"] = self.code
        if self.invalid:
            body["validationErrors"] = [
                {"name": each.name, "path": f"/{each.name}", "reason": each.reason}
                for each in self.invalid
            ]
        return json_answer(body, status=self.status)


def unprocessable(invalid: Sequence[Invalid]) -> Problem:
    """Make the problem of a request whose values are wrong; lists all of them."""
    return Problem(422, "One or more validation errors occurred.", invalid=invalid)


def queue_full(limit: int) -> Problem:
    """Make the problem of a create when too many imports are queued (documented)."""
    return Problem(
        400,
        f"There are {limit} imports queued already. Retry when a queued import has completed.",
        code="E0401",
    )
