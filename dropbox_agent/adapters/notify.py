"""Tells systemd how the agent is, by the protocol of sd_notify(3): a datagram to its socket.

Without a service manager that listens, nothing is sent and nothing is amiss.
"""

import os
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from dropbox_agent.core.health import summary

SEND_SECONDS: Final = 1.0
"""How long to wait for a service manager that does not read; the word is then lost."""

MOST_LETTERS: Final = 300
"""Of a line of status; what follows would not be seen."""


class Notifier:
    """Tells the service manager that started this process, if there is one.

    Attributes:
        watchdog_seconds: After how long without a word it starts the agent anew; None for never.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        """Find in the environment whom to tell."""
        self._address = _address(environ.get("NOTIFY_SOCKET", ""))
        self._is_stopping = False
        self.watchdog_seconds = _watchdog_seconds(environ) if self._address else None

    def ready(self) -> None:
        """Tell that the agent works."""
        self._send("READY=1")

    def alive(self) -> None:
        """Tell that it still does."""
        self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """Tell that it is about to end; what it still has in hand is not told after that."""
        self._send("STOPPING=1", "STATUS=Stopping")
        self._is_stopping = True

    def say(self, line: str) -> None:
        """Tell people what is going on, in a line."""
        self._send(f"STATUS={' '.join(line.split())[:MOST_LETTERS]}")

    def write(self, status: dict[str, Any]) -> None:
        """Tell people what the agent has in hand."""
        if self._is_stopping:
            return
        line = summary(status)
        self.say(line[:1].upper() + line[1:])

    def _send(self, *fields: str) -> None:
        if sys.platform == "win32" or self._address is None:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
            sending.settimeout(SEND_SECONDS)
            sending.sendto("\n".join(fields).encode(), self._address)


def _address(place: str) -> str | None:
    """Read where to send; an ``@`` stands for a name that is not in any folder."""
    if place.startswith("@"):
        return "\0" + place[1:]
    return place if place.startswith("/") else None


def _watchdog_seconds(environ: Mapping[str, str]) -> float | None:
    """Read how long the service manager waits; what it asks of another process is none of ours."""
    if environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    try:
        microseconds = int(environ.get("WATCHDOG_USEC", "0"))
    except ValueError:
        return None
    return microseconds / 1_000_000 if microseconds > 0 else None
