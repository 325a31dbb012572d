"""The status file in the state folder: what the running agent has in hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

NAME = "status.json"


class StatusFile:
    """Replaced whole at every beat. Not synced: after a power cut it is out of date anyhow."""

    def __init__(
        self,
        state: Path,
        noticed: Callable[[str], None] | None = None,
        **about: Any,  # noqa: ANN401 - whatever JSON can hold
    ) -> None:
        """Take the folder, and what the file says of the agent at every beat.

        Args:
            state: The folder.
            noticed: Told of each first write that fails.
            about: What the file says at every beat.
        """
        self._path = state / NAME
        self._noticed = noticed
        self._about = about
        self._is_failing = False

    def write(self, status: dict[str, Any]) -> None:
        """Replace what was written before. A full disk is no reason to stop: it never raises."""
        halfway = self._path.with_suffix(".tmp")
        text = json.dumps(self._about | status)  # indented, it would take ten times as long
        try:
            halfway.write_text(text, encoding="utf-8")
            halfway.replace(self._path)
        except OSError as error:
            self._failed(error)
        else:
            self._is_failing = False

    def _failed(self, error: OSError) -> None:
        """Tell of it once: monitors will take the agent for hung, and nobody would know why."""
        if self._noticed and not self._is_failing:
            self._noticed(
                f"The heartbeat {self._path} cannot be written: {error.strerror or error}. While "
                "that is so, 'status' takes the agent for hung. See to the state folder."
            )
        self._is_failing = True


def read_status(state: Path) -> dict[str, Any] | None:
    """Return what the agent wrote last, or None if there is nothing readable."""
    try:
        status = json.loads((state / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return status if isinstance(status, dict) else None
