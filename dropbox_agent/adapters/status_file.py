"""The status file in the state folder: what the running agent has in hand."""

import json
from pathlib import Path
from typing import Any

NAME = "status.json"


class StatusFile:
    """Replaced whole at every beat. Not synced: after a power cut it is out of date anyhow."""

    def __init__(self, state: Path, **about: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
        """Take the folder, and what the file says of the agent at every beat."""
        self._path = state / NAME
        self._about = about

    def write(self, status: dict[str, Any]) -> None:
        """Replace what was written before. A full disk is no reason to stop: it never raises."""
        halfway = self._path.with_suffix(".tmp")
        text = json.dumps(self._about | status)  # indented, it would take ten times as long
        try:
            halfway.write_text(text, encoding="utf-8")
            halfway.replace(self._path)
        except OSError:
            return


def read_status(state: Path) -> dict[str, Any] | None:
    """Return what the agent wrote last, or None if there is nothing readable."""
    try:
        status = json.loads((state / NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return status if isinstance(status, dict) else None
