"""The lanes, by the names that the agent gives them: what can be paused."""

from typing import Final

from dropbox_agent.core.kind import Kind

LANES: Final = (*(f"looking into {kind}" for kind in Kind), "sending", "asking")
