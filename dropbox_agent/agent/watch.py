"""Keeps the watch on the inbox going: what it misses, the listing finds, only later."""

from typing import Protocol

from dropbox_agent.core.ports import Witness
from dropbox_agent.errors import AgentError


class Watcher(Protocol):
    """Rings the bell when something arrives."""

    def trouble(self) -> str | None:
        """Say why arrivals are not reported; None while they are."""
        ...

    def restart(self) -> None:
        """Watch anew.

        Raises:
            AgentError: The operating system does not allow it.
        """
        ...


class Watch:
    """Looks after the watcher, and tells of its troubles once."""

    def __init__(self, watcher: Watcher, witness: Witness) -> None:
        """Take the watcher, started or not."""
        self._watcher = watcher
        self._witness = witness
        self._told = ""

    def keep(self) -> None:
        """Begin to watch anew if the watch has ended."""
        if self._watcher.trouble() is None:
            self._told = ""
            return
        try:
            self._watcher.restart()
        except AgentError as error:
            self._tell(f"{error.message} {error.hint}")

    def _tell(self, trouble: str) -> None:
        if trouble != self._told:
            self._told = trouble
            self._witness.noticed(trouble)
