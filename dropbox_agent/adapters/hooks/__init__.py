"""Runs a program of the administrator's own after each outcome."""

from dropbox_agent.adapters.hooks.command import find_program, plain_environ
from dropbox_agent.adapters.hooks.hooks import Hook, Hooks, Papers
from dropbox_agent.adapters.hooks.notes import Notes

__all__ = ["Hook", "Hooks", "Notes", "Papers", "find_program", "plain_environ"]
