"""What the loop meets outside, each held in hand by the test."""

from collections.abc import Callable

from dropbox_agent.core.report import Json
from dropbox_agent.errors import AgentError
from tests.clocks import SetClock


class SetBell:
    """Remembers that it was rung; who waits in vain lets the set clock go on.

    Attributes:
        rung: Whether somebody has rung it since the last wait.
        waits: Seconds of every wait.
    """

    def __init__(self, clock: SetClock) -> None:
        self.rung = False
        self.waits: list[float] = []
        self._clock = clock

    def ring(self) -> None:
        """End the next wait at once."""
        self.rung = True

    def wait(self, timeout_seconds: float) -> bool:
        """Let the time pass, unless somebody has rung."""
        self.waits.append(timeout_seconds)
        rung, self.rung = self.rung, False
        if not rung:
            self._clock.advance(timeout_seconds)
        return rung


class InlinePool:
    """Runs a task at once."""

    def submit(self, task: Callable[[], None]) -> None:
        """Run it."""
        task()


class PatientPool:
    """Keeps tasks until the test lets them run.

    Attributes:
        tasks: Those that wait, the oldest first.
    """

    def __init__(self) -> None:
        self.tasks: list[Callable[[], None]] = []

    def submit(self, task: Callable[[], None]) -> None:
        """Keep it."""
        self.tasks.append(task)

    def run_one(self) -> None:
        """Run the oldest task."""
        self.tasks.pop(0)()


class SetWatcher:
    """A watch that ends when the test says so.

    Attributes:
        ended: Why it has ended; None while it goes on.
        refusal: What keeps it from being begun anew.
        restarts: How often that was tried.
        news: What it announces next; None for all there is, however much.
    """

    def __init__(self) -> None:
        self.ended: str | None = None
        self.refusal: AgentError | None = None
        self.restarts = 0
        self.news: set[str] | None = None

    def trouble(self) -> str | None:
        """Say why arrivals are not reported."""
        return self.ended

    def restart(self) -> None:
        """Watch anew."""
        self.restarts += 1
        if self.refusal:
            raise self.refusal
        self.ended = None

    def announced(self) -> set[str] | None:
        """Give the news, once."""
        if self.news is None:
            return None
        news, self.news = self.news, set()
        return news


class NoStatusFile:
    """Writes nothing: for tests that run a thousand agents."""

    def write(self, status: Json) -> None:
        """Leave it."""
