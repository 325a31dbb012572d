"""Lets ``python -m dropbox_agent`` stand for ``dropbox-agent``."""

from dropbox_agent.cli import main

main()
