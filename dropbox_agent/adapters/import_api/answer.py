"""One answer of the server, read as far as is wise, and its words made fit to be shown."""

import json
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException

from requests import Response
from urllib3.exceptions import HTTPError

ERROR_BODY_BYTES = 64 * 1024
BODY_BYTES = 16 * 1024 * 1024
"""Far above any list of imports seen; a page holds about fifty."""

QUOTE_LENGTH = 300
PIECE_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for one request.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
        body: At most as many bytes as we care for.
        broken_off: Whether the connection ended before the body did.
        sent_at: The server's clock when it answered, as epoch seconds; ours when it told none.
        secrets: Words that must never be shown, should the server repeat them.
        may_be_quoted: Whether its words may be shown: they may name what stands in rows.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    broken_off: bool = False
    sent_at: float = 0.0
    secrets: tuple[str, ...] = field(default=(), repr=False)
    may_be_quoted: bool = True

    @property
    def successful(self) -> bool:
        """Whether the server says it did what we asked."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def redirecting(self) -> bool:
        """Whether the server points to another address."""
        return HTTPStatus.MULTIPLE_CHOICES <= self.status < HTTPStatus.BAD_REQUEST

    @property
    def refusing(self) -> bool:
        """Whether the server holds something against the request."""
        return HTTPStatus.BAD_REQUEST <= self.status < HTTPStatus.INTERNAL_SERVER_ERROR

    def document(self) -> object:
        """The JSON value in the body; None when there is none to be read."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def text(self) -> str:
        """A plain-text body for people; empty for markup and for nothing."""
        words = self.body.decode("utf-8", "replace").strip()
        return "" if words.startswith(("<", "{", "[")) else self.quote(words)

    def quote(self, words: object, length: int = QUOTE_LENGTH) -> str:
        """Make words of the server fit for a message: one short line without our key."""
        line = plain(words)
        for secret in self.secrets:
            line = line.replace(secret, "***")
        return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def plain(words: object) -> str:
    """Turn text from outside into one line that no terminal, log or encoder trips over."""
    if not isinstance(words, str):
        return ""
    visible = (" " if unicodedata.category(mark).startswith("C") else mark for mark in words)
    return " ".join("".join(visible).split())


def read_answer(
    response: Response, secrets: tuple[str, ...], *, may_be_quoted: bool = True
) -> Answer:
    """Read what the server says, up to a bound; a body that breaks off is kept as it is."""
    limit = BODY_BYTES if response.ok and not response.is_redirect else ERROR_BODY_BYTES
    body, broken_off = _bounded(response, limit)
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(
        status=response.status_code,
        headers=headers,
        body=body,
        broken_off=broken_off,
        sent_at=epoch_seconds(headers.get("date", "")) or time.time(),
        secrets=secrets,
        may_be_quoted=may_be_quoted,
    )


def epoch_seconds(http_date: str) -> float | None:
    """Read an HTTP date; None when it is none."""
    try:
        return parsedate_to_datetime(http_date).timestamp()
    except (ValueError, OverflowError, OSError):
        return None


def _bounded(response: Response, limit: int) -> tuple[bytes, bool]:
    body = bytearray()
    try:
        while len(body) <= limit:
            piece = response.raw.read1(PIECE_BYTES, decode_content=True)
            if not piece:
                return bytes(body), False
            body += piece
    except (HTTPError, HTTPException, OSError, ValueError):  # ValueError: a garbled chunk
        return bytes(body), True
    return bytes(body[:limit]), False
