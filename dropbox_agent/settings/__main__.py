"""Prints the settings for the documentation.

``python -m dropbox_agent.settings`` prints the table of the README, and with the word
``template`` the text of ``agent.env.example``.
"""

import sys

from dropbox_agent.settings import settings_table, settings_template

show = settings_template if sys.argv[1:] == ["template"] else settings_table
sys.stdout.write(show())
