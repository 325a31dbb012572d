"""A look at all inboxes at once."""

from dropbox_agent.adapters.spool import DiskSpool
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.sighting import Sighting


def seen_by(spool: DiskSpool) -> list[Sighting]:
    """List the drops of all kinds."""
    return [seen for kind in Kind for seen in spool.listing(kind).drops]
