"""Reads the state of a home from outside the agent; changes nothing."""

from dropbox_agent.inspection.health import health_of
from dropbox_agent.inspection.history import filed_job, history_of
from dropbox_agent.inspection.search import explain
from dropbox_agent.inspection.status import status_of

__all__ = ["explain", "filed_job", "health_of", "history_of", "status_of"]
