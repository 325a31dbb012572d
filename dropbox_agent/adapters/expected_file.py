"""What is known of expected files, kept over restarts beside the journal.

It outlives the journal's old entries. If it is lost, files that never came are waited for from
then on, and what is missing is told once more.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from dropbox_agent.core.expecting import Known

NAME: Final = "expected.json"


class ExpectedFile:
    """A small file in the state folder, replaced whole."""

    def __init__(self, state: Path) -> None:
        """Take the folder."""
        self._path = state / NAME

    def read(self) -> dict[str, Known]:
        """Return what is known of each expectation, by its text; nothing if it is unreadable."""
        try:
            written = json.loads(self._path.read_bytes())
            return {text: _known(each) for text, each in written.items()}
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            return {}

    def write(self, known: Mapping[str, Known]) -> None:
        """Keep what is known. A full disk is no reason to stop: it never raises."""
        halfway = self._path.with_suffix(".tmp")
        text = json.dumps({text: _written(each) for text, each in known.items()}, indent=2)
        try:
            halfway.write_text(text, encoding="utf-8")
            halfway.replace(self._path)
        except OSError:
            return


def _written(known: Known) -> dict[str, Any]:
    last = known.last.isoformat() if known.last else None
    return {"since": known.since.isoformat(), "last": last, "told": known.told}


def _known(written: dict[str, Any]) -> Known:
    last = datetime.fromisoformat(written["last"]) if written["last"] else None
    since = datetime.fromisoformat(written["since"])
    if since.tzinfo is None or (last and last.tzinfo is None):
        raise ValueError("times have zones")
    return Known(since, last, told=bool(written["told"]))
