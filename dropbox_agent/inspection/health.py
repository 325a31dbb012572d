"""Whether the agent of a home is well, as its heartbeat tells."""

from datetime import UTC, datetime

from dropbox_agent.core.health import Health, health
from dropbox_agent.inspection.home import HomeState
from dropbox_agent.inspection.missing import missing_in
from dropbox_agent.settings import Settings


def health_of(settings: Settings) -> Health:
    """Judge the agent of a home.

    Raises:
        AgentError: The state folder or, where files are expected, the journal cannot be read.
    """
    home = HomeState.of(settings)
    if home.sick:
        return Health(alive=False, faults=(), line=home.sick)
    holder = home.holder
    process = holder.pid if holder else None
    told = home.told and home.told | {"missing": missing_in(home, home.told)}
    return health(told, process, datetime.now(UTC), running=holder is not None)
