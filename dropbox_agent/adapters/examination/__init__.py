"""Tries out what the agent will do, with files of its own that it removes again.

All that is written for a try has a name that agents and senders' programs leave alone.
"""

from dropbox_agent.adapters.examination.credentials import stored_credentials
from dropbox_agent.adapters.examination.limits import open_files, watch_limits
from dropbox_agent.adapters.examination.ownership import ownership
from dropbox_agent.adapters.examination.proxies import proxy_facts
from dropbox_agent.adapters.examination.rooms import rooms
from dropbox_agent.adapters.examination.trials import (
    try_folder,
    try_move,
    try_probe,
    try_sync,
)
from dropbox_agent.adapters.examination.trust import trust_facts
from dropbox_agent.adapters.examination.users import (
    as_user,
    closed_program,
    owner_of_process,
    user_name,
)
from dropbox_agent.adapters.examination.windows import long_paths_enabled

__all__ = [
    "as_user",
    "closed_program",
    "long_paths_enabled",
    "open_files",
    "owner_of_process",
    "ownership",
    "proxy_facts",
    "rooms",
    "stored_credentials",
    "trust_facts",
    "try_folder",
    "try_move",
    "try_probe",
    "try_sync",
    "user_name",
    "watch_limits",
]
