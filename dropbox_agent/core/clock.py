"""What the core calls a clock; the real one is an adapter, and tests set their own."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time of day for people, and a steady one for waiting."""

    def now(self) -> datetime:
        """Return the time of day in UTC. It may jump when the machine's clock is set."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow; their zero means nothing."""
        ...
