"""Homes in which a file has been waited for since long ago."""

import json
from datetime import UTC, datetime, timedelta

from tests.processes import Home


def missing(home: Home, text: str) -> dict[str, str]:
    """Have a file been waited for since long ago, and return the setting."""
    since = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    known = {text: {"since": since, "last": None, "told": False}}
    (home.path / "state" / "expected.json").write_text(json.dumps(known), encoding="utf-8")
    return {"AGENT_EXPECT": text}
