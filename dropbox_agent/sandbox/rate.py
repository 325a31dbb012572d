"""The limit on requests a minute, and the headers that tell of it.

Documented: 100 a minute for the whole account. Seen in clients: both header families. The window
(a minute from the first request in it) is inferred.
"""

from dataclasses import dataclass
from math import ceil
from threading import Lock

from dropbox_agent.sandbox.options import RateHeaders

WINDOW_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the current window.

    Attributes:
        admitted: Whether the request is let through.
        limit: Requests allowed in a window.
        remaining: Requests left in this one.
        reset_seconds: Seconds until the next window.
    """

    admitted: bool
    limit: int
    remaining: int
    reset_seconds: float

    def headers(self, family: RateHeaders, epoch: float) -> dict[str, str]:
        """Write the allowance as headers; ``epoch`` is the wall clock's time in seconds."""
        seconds = ceil(self.reset_seconds)
        match family:
            case "x-ratelimit":
                return self._counts("X-RateLimit", ceil(epoch + self.reset_seconds))
            case "ratelimit":
                return self._counts("RateLimit", seconds)
            case "retry-after":
                return {} if self.admitted else {"Retry-After": str(seconds)}
            case "none":
                return {}

    def _counts(self, prefix: str, reset: int) -> dict[str, str]:
        return {
            f"{prefix}-Limit": str(self.limit),
            f"{prefix}-Remaining": str(self.remaining),
            f"{prefix}-Reset": str(reset),
        }


class RateLimit:
    """Counts the account's requests in windows of a minute."""

    def __init__(self, limit: int | None) -> None:
        self._lock = Lock()
        self._limit = limit
        self._window_ends = float("-inf")
        self._used = 0

    def admit(self, now: float) -> Allowance | None:
        """Count one request at ``now`` (monotonic seconds); None when there is no limit."""
        if self._limit is None:
            return None
        with self._lock:
            self._open_window(now)
            admitted = self._used < self._limit
            self._used += admitted
            return Allowance(
                admitted=admitted,
                limit=self._limit,
                remaining=max(0, self._limit - self._used),
                reset_seconds=self._window_ends - now,
            )

    def spend(self, requests: int, now: float) -> None:
        """Count requests that other clients of the account made."""
        with self._lock:
            self._open_window(now)
            self._used += requests

    def exhausted(self) -> Allowance:
        """Describe a refused request whatever was counted, a minute before the next window."""
        return Allowance(
            admitted=False, limit=self._limit or 0, remaining=0, reset_seconds=WINDOW_SECONDS
        )

    def _open_window(self, now: float) -> None:
        if now >= self._window_ends:
            self._window_ends = now + WINDOW_SECONDS
            self._used = 0
