"""Settings of how the agent stops, and of its logs."""

from pathlib import Path

from pydantic import ValidationInfo, field_validator

from dropbox_agent.settings import values
from dropbox_agent.settings.groups.group import Group, setting


class RunningSettings(Group):
    """How it stops, and what it logs where."""

    stop_seconds: values.SecondsOrZero = setting(
        "AGENT_STOP_SECONDS", "5",
        "How long to wait, when told to stop, for what is being done; the next start takes it up.",
    )  # fmt: skip
    log_level: values.LogLevel = setting(
        "AGENT_LOG_LEVEL", "info", "The least to log: debug, info, warning or error."
    )
    log_format: values.LogForm = setting(
        "AGENT_LOG_FORMAT", "text", "text for people, or json: one object a line."
    )
    log_file: values.PathOrNone = setting(
        "AGENT_LOG_FILE", "", "A file to log to as well, such as state/agent.log; empty for none."
    )
    log_file_size: values.Size = setting(
        "AGENT_LOG_FILE_SIZE", "10 MB", "Size at which a new log file is begun."
    )
    log_files: values.Count = setting("AGENT_LOG_FILES", "5", "How many old log files to keep.")

    @field_validator("log_file")
    @classmethod
    def _log_file_from_home(cls, path: Path | None, info: ValidationInfo) -> Path | None:
        return None if path is None else (info.data["home"] / path)
