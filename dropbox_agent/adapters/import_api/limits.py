"""The headers by which a server tells how many requests are left and how long to wait.

Two families have been seen in clients, neither on an official page: ``X-RateLimit-*`` with the
reset as a moment, ``RateLimit-*`` with the reset as a span. ``Retry-After`` is HTTP's own.
"""

import math
from dataclasses import dataclass

from dropbox_agent.adapters.import_api.answer import Answer, epoch_seconds

LONGEST_WAIT_SECONDS = 3600.0
"""A longer wait is taken to be a mistake; the next refusal may ask for it again."""

FIRST_MOMENT = 1e9
"""Numbers above this are moments (September 2001 and later), below it spans in seconds."""

LARGEST = 1e12
"""No header means a greater number; moments in milliseconds stay just above."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """What one answer told of the account's limit; None for what it did not tell.

    Attributes:
        remaining: Requests left until the reset.
        reset_seconds: Time until the reset.
        retry_after_seconds: How long the server asks us to wait.
    """

    remaining: int | None = None
    reset_seconds: float | None = None
    retry_after_seconds: float | None = None

    @property
    def wait_seconds(self) -> float | None:
        """How long to wait after having been refused."""
        return self.reset_seconds if self.retry_after_seconds is None else self.retry_after_seconds


def read_rate_limit(answer: Answer) -> RateLimit:
    """Read whichever headers are there; nonsense counts as not told."""
    remaining = _number(_either(answer, "ratelimit-remaining"))
    return RateLimit(
        remaining=None if remaining is None else int(remaining),
        reset_seconds=_span(_either(answer, "ratelimit-reset"), answer.sent_at),
        retry_after_seconds=_span(answer.headers.get("retry-after", ""), answer.sent_at),
    )


def _either(answer: Answer, name: str) -> str:
    return answer.headers.get(name, "") or answer.headers.get(f"x-{name}", "")


def _span(text: str, sent_at: float) -> float | None:
    """Seconds from a span, an epoch moment or an HTTP date, within sane bounds."""
    number = _number(text)
    moment = epoch_seconds(text) if number is None else number if number > FIRST_MOMENT else None
    span = number if moment is None else moment - sent_at
    return None if span is None else min(max(span, 0.0), LONGEST_WAIT_SECONDS)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and 0 <= number < LARGEST else None
