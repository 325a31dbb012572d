"""How long to wait before trying again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits that double from a floor up to a ceiling.

    Attributes:
        floor_seconds: The first wait.
        ceiling_seconds: The longest wait.
    """

    floor_seconds: float = 1.0
    ceiling_seconds: float = 300.0

    def __post_init__(self) -> None:
        if not 0 < self.floor_seconds <= self.ceiling_seconds:
            raise ValueError(f"no such back-off: {self}")

    def wait_seconds(self, attempt: int, asked_for: float | None = None) -> float:
        """Return how long to wait after the given number of failures in a row, from 1.

        Args:
            attempt: Failures so far.
            asked_for: Seconds the server wants us to wait: it knows better than our curve, except
                that it cannot make us hammer it.
        """
        if asked_for is not None:
            return max(asked_for, self.floor_seconds)
        # 2.0**60 is beyond any ceiling; a larger power would overflow after years of failures.
        return min(self.floor_seconds * 2.0 ** min(attempt - 1, 60), self.ceiling_seconds)
