"""Expanding compressed files: piece by piece, within a limit, with every fault told."""

from dropbox_agent.core.expanding.content import MAX_EXPANDED_BYTES, as_file, expand
from dropbox_agent.core.expanding.fault import NotExpandable, of_payload

__all__ = ["MAX_EXPANDED_BYTES", "NotExpandable", "as_file", "expand", "of_payload"]
