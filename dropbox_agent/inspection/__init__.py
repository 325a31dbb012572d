"""Reads the state of a home from outside the agent; changes nothing."""

from dropbox_agent.inspection.health import health_of
from dropbox_agent.inspection.search import explain
from dropbox_agent.inspection.status import report_path, status_of

__all__ = ["explain", "health_of", "report_path", "status_of"]
