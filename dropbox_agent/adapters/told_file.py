"""Which troubles people have been told of, kept over restarts beside the journal.

If it is lost, what still troubles is told once more.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dropbox_agent.core.digest import Topic

NAME: Final = "told.json"


class ToldFile:
    """A small file in the state folder, replaced whole."""

    def __init__(self, state: Path) -> None:
        """Take the folder."""
        self._path = state / NAME

    def read(self) -> dict[Topic, dict[str, str]]:
        """Return since when which troubles are told, by topic and key; none if unreadable."""
        try:
            written = json.loads(self._path.read_bytes())
            return {
                Topic(topic): {str(key): str(since) for key, since in keys.items()}
                for topic, keys in written.items()
            }
        except (OSError, ValueError, AttributeError):
            return {}

    def write(self, told: Mapping[Topic, Mapping[str, str]]) -> None:
        """Keep what is told. A full disk is no reason to stop: it never raises."""
        halfway = self._path.with_suffix(".tmp")
        try:
            halfway.write_text(json.dumps(told, indent=2), encoding="utf-8")
            halfway.replace(self._path)
        except OSError:
            return
