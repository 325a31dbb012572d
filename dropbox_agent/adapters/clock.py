"""The operating system's clocks."""

import time
from datetime import UTC, datetime


class SystemClock:
    """The clock of the machine we run on."""

    def now(self) -> datetime:
        """Return the time of day in UTC. It may jump when the machine's clock is set."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that only ever grow; their zero means nothing."""
        return time.monotonic()
