"""Whether the agent of a home is well, as its heartbeat tells."""

from datetime import UTC, datetime

from dropbox_agent.core.health import Health, health
from dropbox_agent.inspection.home import HomeState
from dropbox_agent.settings import Settings


def health_of(settings: Settings) -> Health:
    """Judge the agent of a home.

    Raises:
        AgentError: The state folder cannot be read.
    """
    home = HomeState.of(settings)
    holder = home.holder
    process = holder.pid if holder else None
    return health(home.told, process, datetime.now(UTC), running=holder is not None)
