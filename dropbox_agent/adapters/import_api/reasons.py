"""The server's own words for refusing, taken from every documented and seen shape of error body.

Problem-style JSON (``detail``, ``title``, ``code``) is documented; ``validationErrors`` was seen in
a client's tests; 401 and 429 come without a body, and proxies answer with HTML.
"""

from collections.abc import Mapping

from dropbox_agent.adapters.import_api.answer import Answer

REASONS_SHOWN = 5
REASON_LENGTH = 100


def error_code(answer: Answer) -> str:
    """The API's own code, such as ``E0401``; empty when there is none."""
    return _member(answer, "code")


def with_reason(message: str, answer: Answer) -> str:
    """Add what the server said, if it may be shown, to a message that has no full stop yet."""
    if not answer.may_be_quoted:
        return f"{message}."
    reason = answer.quote(" ".join(_reasons(answer)) or answer.text())
    return f"{message}: {reason}" if reason else f"{message}."


def _reasons(answer: Answer) -> list[str]:
    """The server's own words: its code and detail, then each validation error."""
    code = _member(answer, "code")
    detail = _member(answer, "detail") or _member(answer, "title")
    first = f"{detail} ({code})" if code and detail else detail or code
    return [part for part in (first, *_validation_reasons(answer)) if part]


def _validation_reasons(answer: Answer) -> list[str]:
    document = answer.document()
    errors = document.get("validationErrors") if isinstance(document, Mapping) else None
    listed = errors if isinstance(errors, list) else []
    named = [error for error in listed if isinstance(error, Mapping)]
    lines = [_validation_reason(answer, error) for error in named[:REASONS_SHOWN]]
    more = len(listed) - REASONS_SHOWN
    return [*lines, f"And {more} more."] if more > 0 else lines


def _validation_reason(answer: Answer, error: Mapping[str, object]) -> str:
    where = answer.quote(error.get("path") or error.get("name"), REASON_LENGTH).strip("/")
    reason = answer.quote(error.get("reason"), REASON_LENGTH)
    return ": ".join(part for part in (where, reason) if part)


def _member(answer: Answer, name: str) -> str:
    document = answer.document()
    return answer.quote(document.get(name)) if isinstance(document, Mapping) else ""
