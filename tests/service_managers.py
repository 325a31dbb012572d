"""Service managers that note what the agent tells them."""

import socket
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from dropbox_agent.errors import AgentError


@dataclass
class NotingManager:
    """A service manager in memory.

    Attributes:
        watchdog_seconds: After how long without a word it would start the agent anew.
        told: What it was told, in order.
    """

    watchdog_seconds: float | None = None
    told: list[str] = field(default_factory=list)

    def ready(self) -> None:
        """Note that the agent works."""
        self.told.append("ready")

    def alive(self) -> None:
        """Note that it still does."""
        self.told.append("alive")


class NotifySocket:
    """The socket of a service manager, as systemd has one; for a ``with`` statement.

    Args:
        place: Where it is: a path, or a name without a path after an ``@``.
    """

    def __init__(self, place: Path | str) -> None:
        self.place = str(place)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._lines: list[str] = []

    def __enter__(self) -> Self:
        hidden = self.place.startswith("@")
        self._socket.bind("\0" + self.place[1:] if hidden else self.place)
        self._socket.setblocking(False)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._socket.close()

    @property
    def lines(self) -> list[str]:
        """Every line that has come so far."""
        while True:
            try:
                self._lines += self._socket.recv(4096).decode().split("\n")
            except BlockingIOError:
                return self._lines


@dataclass
class NotingCommands:
    """Stands for the commands of an operating system.

    Attributes:
        answer: What each of them prints.
        failing: A word; commands with it fail.
        run: The commands that were run, in order.
    """

    answer: str = ""
    failing: str | None = None
    run: list[str] = field(default_factory=list)

    def __call__(self, *command: str) -> str:
        """Note a command."""
        self.run.append(" ".join(command))
        if self.failing in command:
            raise AgentError("Job failed.", hint="Look at the log.", code="test-command")
        return self.answer
