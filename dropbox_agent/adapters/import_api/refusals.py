"""What an answer without success means, for the file and for people.

Documented are 400 (with ``E0401`` for a full queue), 401, 403, 413, 415, 422 and 429; the rest is
what proxies, portals and wrong addresses answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from dropbox_agent.adapters.import_api.answer import Answer
from dropbox_agent.adapters.import_api.limits import read_rate_limit
from dropbox_agent.adapters.import_api.reasons import error_code, with_reason
from dropbox_agent.core.imports import ApiUnavailable, Refused

QUEUE_FULL = "E0401"

NEW_KEY = (
    "In Connectif open Store settings > API and IP access > API Keys > Create new API Key, tick "
    "Imports: Read and Write, and put the new key into CONNECTIF_API_KEY in agent.env."
)
MEND_ADDRESS = (
    "Mend CONNECTIF_API_URL in agent.env; it is https://api.connectif.cloud unless Connectif "
    "told you otherwise."
)
BY_ITSELF = "Nothing to do: the agent tries again by itself."


@dataclass(frozen=True, slots=True)
class _Obstacle:
    """A reason that is not the file's fault: its code, what happened, and what to do."""

    code: str
    message: str
    hint: str


def is_obstacle(answer: Answer) -> bool:
    """Whether nothing was imported for a reason that lies outside the file."""
    return _obstacle(answer) is not None


def is_refusal(answer: Answer) -> bool:
    """Whether the server refuses this very request, now and ever."""
    timed_out = answer.status == HTTPStatus.REQUEST_TIMEOUT
    return answer.refusing and not timed_out and not is_obstacle(answer)


def unavailable(answer: Answer) -> ApiUnavailable:
    """Say why the API could not do what we asked, and how long to wait."""
    obstacle = _obstacle(answer) or _cut(answer) or _fault(answer)
    limit = read_rate_limit(answer)
    over_limit = answer.status == HTTPStatus.TOO_MANY_REQUESTS
    return ApiUnavailable(
        obstacle.message,
        hint=obstacle.hint,
        code=obstacle.code,
        wait_seconds=limit.wait_seconds if over_limit else limit.retry_after_seconds,
    )


def refused(answer: Answer) -> Refused:
    """Say what the server holds against the file."""
    code, hint = _REFUSALS.get(answer.status, (f"refused-{answer.status}", _READ_REASON))
    message = f"Connectif refused the file (HTTP {answer.status})"
    return Refused(answer.status, code, with_reason(message, answer), hint)


def _obstacle(answer: Answer) -> _Obstacle | None:
    if answer.redirecting:
        return _redirected(answer)
    if answer.status == HTTPStatus.BAD_REQUEST:
        return _queue_full(answer)
    describe = _OBSTACLES.get(answer.status)
    return describe(answer) if describe else None


def _fault(answer: Answer) -> _Obstacle:
    """Describe an answer that leaves open what the server did."""
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        message = f"Connectif has a fault of its own (HTTP {answer.status})"
        return _Obstacle("server-error", with_reason(message, answer), BY_ITSELF)
    if answer.refusing:
        message = f"Connectif did not do what the agent asked (HTTP {answer.status})"
        return _Obstacle("unexpected-answer", with_reason(message, answer), BY_ITSELF)
    message = f"Connectif gave an answer that cannot be used (HTTP {answer.status})"
    return _Obstacle("unreadable-answer", with_reason(message, answer), MEND_ADDRESS)


def _queue_full(answer: Answer) -> _Obstacle | None:
    """Tell a full queue from every other 400; one that broke off before it said may be either."""
    if error_code(answer) == QUEUE_FULL:
        return _Obstacle(
            "queue-full",
            "Connectif has as many imports waiting as it takes from one account.",
            f"{BY_ITSELF} Imports started in the Connectif web application count too.",
        )
    return _cut(answer)


def _cut(answer: Answer) -> _Obstacle | None:
    if not answer.broken_off or answer.document() is not None:
        return None
    message = f"Connectif's answer broke off before its end (HTTP {answer.status})."
    return _Obstacle("answer-cut", message, BY_ITSELF)


def _redirected(answer: Answer) -> _Obstacle:
    # Without the query: it may hold what somebody else wants to keep.
    where = answer.quote(answer.headers.get("location", "").partition("?")[0])
    message = f"The address of the import API points elsewhere (HTTP {answer.status})"
    return _Obstacle(
        "redirected",
        f"{message}: {where}" if where else f"{message}.",
        f"The key was not sent there. {MEND_ADDRESS}",
    )


def _wrong_address(answer: Answer) -> _Obstacle:
    return _Obstacle(
        "wrong-address",
        f"There is no import API at the address the agent uses (HTTP {answer.status}).",
        MEND_ADDRESS,
    )


def _forbidden(answer: Answer) -> _Obstacle:
    return _Obstacle(
        "api-key-forbidden",
        with_reason("The API key may not do this, or the account is blocked (HTTP 403)", answer),
        f"Ask Connectif whether the account is blocked; otherwise make a new key. {NEW_KEY}",
    )


def _key_refused(_: Answer) -> _Obstacle:
    return _Obstacle(
        "api-key-refused", "Connectif does not accept the API key (HTTP 401).", NEW_KEY
    )


def _proxy(_: Answer) -> _Obstacle:
    return _Obstacle(
        "network-proxy",
        "The proxy between the agent and Connectif wants a user name and password (HTTP 407).",
        "Put them into HTTPS_PROXY, as in http://user:password@proxy.example.com:3128.",
    )


def _rate_limited(_: Answer) -> _Obstacle:
    return _Obstacle(
        "rate-limited",
        "The account has made more requests in this minute than Connectif allows (HTTP 429).",
        f"{BY_ITSELF} If it happens often, see what else uses the account's API.",
    )


_OBSTACLES: Mapping[int, Callable[[Answer], _Obstacle]] = {
    HTTPStatus.UNAUTHORIZED: _key_refused,
    HTTPStatus.FORBIDDEN: _forbidden,
    HTTPStatus.NOT_FOUND: _wrong_address,
    HTTPStatus.METHOD_NOT_ALLOWED: _wrong_address,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED: _proxy,
    HTTPStatus.TOO_MANY_REQUESTS: _rate_limited,
}

_READ_REASON = "Mend what Connectif names, then drop the file again."
_REFUSALS: Mapping[int, tuple[str, str]] = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        "too-large",
        "Cut the file into parts below 50 MB, then drop them one by one.",
    ),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: (
        "refused-415",
        f"Something on the way changed the request. {MEND_ADDRESS}",
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("validation", _READ_REASON),
}
