"""How many requests we may still make: one budget for every call to the account.

The documented limit is 100 requests a minute for the account, whoever makes them. We stay below
it by ourselves, keep some back for sending, and believe the server when it tells us less is left.
Nothing here looks at a clock: ``now`` is any clock that never goes back, in seconds.
"""

from collections import deque

WINDOW_SECONDS = 60.0
"""The account's limit counts requests in a minute (documented)."""

UNTOLD_PAUSE_SECONDS = 15.0
"""How long we keep still after a refusal that names no time (seen in clients)."""


class RequestBudget:
    """Grants requests so that no window of a minute holds more than the limit.

    Not safe for several threads at once: whoever shares one guards it.

    Attributes:
        limit: Most requests in any window.
        reserve: Of these, how many only urgent requests may use; a sixth unless told.
    """

    def __init__(self, limit: int = 90, reserve: int | None = None) -> None:
        reserve = limit // 6 if reserve is None else reserve
        if not 0 <= reserve < limit:
            raise ValueError(f"the reserve must be below the limit: {reserve} of {limit}")
        self.limit = limit
        self.reserve = reserve
        self._returns_at: deque[float] = deque()
        self._told_left: int | None = None
        self._told_until = 0.0
        self._paused_until = 0.0

    def take(self, now: float, *, urgent: bool) -> float:
        """Ask to make one request now; taken at once when there is room.

        Args:
            now: The moment of asking.
            urgent: Whether the reserve may be used, as for sending a file.

        Returns:
            0.0 when the request may be made, otherwise the seconds to wait before asking again.
        """
        wait = self._wait(now, kept_back=0 if urgent else self.reserve)
        if wait > 0.0:
            return wait
        self._returns_at.append(now + WINDOW_SECONDS)
        if self._told_left is not None:
            self._told_left = max(0, self._told_left - 1)
        return 0.0

    def learn(self, now: float, *, remaining: int, reset_seconds: float | None) -> None:
        """Note what the server says is left, which counts other users of the account too.

        Args:
            now: The moment of the answer.
            remaining: Requests left until the reset.
            reset_seconds: Time until the reset; a window when the server does not say.
        """
        span = WINDOW_SECONDS if reset_seconds is None else reset_seconds
        self._told_left = max(0, remaining)
        self._told_until = now + min(max(span, 0.0), WINDOW_SECONDS)

    def pause(self, now: float, wait_seconds: float | None) -> None:
        """Grant nothing for a while, because the server refused a request as one too many.

        Args:
            now: The moment of the refusal.
            wait_seconds: What the server asks us to wait; None when it does not say.
        """
        span = UNTOLD_PAUSE_SECONDS if wait_seconds is None else wait_seconds
        self._paused_until = max(self._paused_until, now + span)

    def _wait(self, now: float, *, kept_back: int) -> float:
        while self._returns_at and self._returns_at[0] <= now:
            self._returns_at.popleft()
        if now >= self._told_until:
            self._told_left = None
        waits = [self._paused_until - now, self._own_wait(now, kept_back)]
        if self._told_left is not None and self._told_left <= kept_back:
            waits.append(self._told_until - now)
        return max(0.0, *waits)

    def _own_wait(self, now: float, kept_back: int) -> float:
        over = len(self._returns_at) - (self.limit - kept_back)
        return self._returns_at[over] - now if over >= 0 else 0.0
