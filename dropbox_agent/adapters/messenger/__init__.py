"""Sends messages to people, through whatever channels they read."""

from dropbox_agent.adapters.messenger.channels import Channel, NotTaken, open_channels
from dropbox_agent.adapters.messenger.messenger import Attempt, Messenger

__all__ = ["Attempt", "Channel", "Messenger", "NotTaken", "open_channels"]
