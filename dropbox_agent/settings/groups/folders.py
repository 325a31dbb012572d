"""Settings of the folders that the agent works in."""

from pathlib import Path

from pydantic import ValidationInfo, field_validator

from dropbox_agent.settings import values
from dropbox_agent.settings.groups.group import Group, setting


class FolderSettings(Group):
    """Where the folders are."""

    inbox: values.PathText = setting(
        "AGENT_INBOX", "inbox",
        "Folder that files are dropped into, in one folder for each kind.",
    )  # fmt: skip
    processed: values.PathText = setting(
        "AGENT_PROCESSED", "processed", "Folder for files that were imported, with their reports."
    )
    failed: values.PathText = setting(
        "AGENT_FAILED", "failed", "Folder for files that were not imported, with their reports."
    )
    state: values.PathText = setting(
        "AGENT_STATE", "state",
        "Folder for what the agent has to remember. On a disk of this machine, not on a share.",
    )  # fmt: skip

    @field_validator("inbox", "processed", "failed", "state")
    @classmethod
    def _folders_from_home(cls, path: Path, info: ValidationInfo) -> Path:
        return Path(info.data["home"] / path)
