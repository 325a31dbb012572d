"""A pause: something that is not a file's fault stands in the way, and for how long.

Sending and asking each have one. A pause spends no attempt of any file and ends by itself.
"""

from dataclasses import dataclass, replace
from math import inf

from dropbox_agent.core.backoff import Backoff
from dropbox_agent.errors import AgentError

BRIEF = {"queue-full", "rate-limited", "request-budget", "outcome-unknown"}
"""Reasons that pass by themselves while the account goes on working."""

KEY_TROUBLE = "api-key"
"""Begins the codes of all trouble with the key, which a person ends by replacing it."""

KEY_SECONDS = 30.0
"""The longest wait before a replaced key is tried."""

PATIENCE = 3
"""Failures in a row after which somebody should hear of it who does not want to wait."""


@dataclass(frozen=True, slots=True)
class Pause:
    """Why something waits.

    Attributes:
        why: What stands in the way.
        since: When it first did, on the monotonic clock.
        until: When it is tried next.
        attempts: Failures in a row.
    """

    why: AgentError
    since: float
    until: float
    attempts: int = 1

    @property
    def is_lasting(self) -> bool:
        """Whether it is not likely to pass soon: a dead network, a refused key."""
        return self.why.code not in BRIEF and self.attempts >= PATIENCE

    def is_over(self, now: float) -> bool:
        """Whether it may be tried again."""
        return now >= self.until


def pause(
    before: Pause | None,
    why: AgentError,
    backoff: Backoff,
    now: float,
    asked_for: float | None,
    *,
    longest_seconds: float = inf,
) -> Pause:
    """Begin a pause, or make the one before longer.

    Args:
        before: The pause that was just tried to end; None if all was well before.
        why: What stands in the way now.
        backoff: How waits grow.
        now: On the monotonic clock.
        asked_for: Seconds the server wants us to wait.
        longest_seconds: The longest wait, however often it failed.
    """
    attempts = before.attempts + 1 if before else 1
    seconds = min(backoff.wait_seconds(attempts, asked_for), longest_seconds)
    if why.code.startswith(KEY_TROUBLE):
        seconds = min(seconds, KEY_SECONDS)
    until = now + seconds
    if before is None:
        return Pause(why, since=now, until=until)
    return replace(before, why=why, until=until, attempts=attempts)
