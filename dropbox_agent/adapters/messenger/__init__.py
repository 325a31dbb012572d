"""Sends messages to people, through whatever channels they read."""

from dropbox_agent.adapters.messenger.channels import Channel, NotTaken, open_channels
from dropbox_agent.adapters.messenger.messenger import (
    CLOSE_SECONDS,
    PATIENT_SECONDS,
    Attempt,
    Messenger,
)

__all__ = [
    "CLOSE_SECONDS",
    "PATIENT_SECONDS",
    "Attempt",
    "Channel",
    "Messenger",
    "NotTaken",
    "open_channels",
]
