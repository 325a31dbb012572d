"""What is told of the work besides the log: to monitors, people and programs of others."""

from dropbox_agent.outlets.opening import outlets_of
from dropbox_agent.outlets.outlets import Outlets

__all__ = ["Outlets", "outlets_of"]
