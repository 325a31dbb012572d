"""Checking a CSV file: one pass, every fault, exact lines."""

from dropbox_agent.core.checking.one_pass import check
from dropbox_agent.core.checking.policy import CheckPolicy, ContactField

__all__ = ["CheckPolicy", "ContactField", "check"]
