"""Starts the log of the commands that do the agent's work."""

import sys

from dropbox_agent.adapters.logs import LogFile, Secrets, start_logging
from dropbox_agent.settings import Settings


def log_to_stderr(settings: Settings, *, quietly: bool = False) -> Secrets:
    """Send the log to standard error and to the file that the settings name.

    Returns what is kept out of it, so that more can be added.

    Args:
        settings: Level, form and file.
        quietly: Show only warnings: the screen has progress bars.
    """
    file = None
    if settings.log_file is not None:
        file = LogFile(settings.log_file, settings.log_file_size, settings.log_files)
    secrets = Secrets(*settings.secrets)
    start_logging(
        level="error" if quietly else settings.log_level,
        form=settings.log_format,
        secrets=secrets,
        file=file,
        stream=sys.stderr,
    )
    return secrets
