"""The spool on disk: inboxes, claimed payloads, archive, and every change made to them."""

from dropbox_agent.adapters.spool.claims import CLAIMED
from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.adapters.spool.filed import FiledFiles
from dropbox_agent.adapters.spool.spool import DiskSpool, Folders

__all__ = ["CLAIMED", "Disk", "DiskSpool", "FiledFiles", "Folders"]
