"""The spool on disk: inboxes, claimed payloads, archive, and every change made to them."""

from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.adapters.spool.folders import CLAIMED, DiskSpool, Folders

__all__ = ["CLAIMED", "Disk", "DiskSpool", "Folders"]
