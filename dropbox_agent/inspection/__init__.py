"""Reads the state of a home from outside the agent; changes nothing."""

from dropbox_agent.inspection.search import explain
from dropbox_agent.inspection.status import report_path, status_of

__all__ = ["explain", "report_path", "status_of"]
