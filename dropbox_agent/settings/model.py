"""All settings: their names, defaults and meanings, each in one place.

The documentation and the template of ``agent.env`` are made from here.
"""

from dropbox_agent.settings.groups.account import AccountSettings
from dropbox_agent.settings.groups.arrival import ArrivalSettings
from dropbox_agent.settings.groups.checking import CheckingSettings
from dropbox_agent.settings.groups.folders import FolderSettings
from dropbox_agent.settings.groups.hooks import HookSettings
from dropbox_agent.settings.groups.keeping import KeepingSettings
from dropbox_agent.settings.groups.kinds import KindSettings
from dropbox_agent.settings.groups.messages import MessageSettings
from dropbox_agent.settings.groups.metrics import MetricsSettings
from dropbox_agent.settings.groups.running import RunningSettings
from dropbox_agent.settings.groups.sending import SendingSettings


class Settings(
    # Fields come in the order of the groups from the last to the first.
    HookSettings,
    MetricsSettings,
    MessageSettings,
    RunningSettings,
    KeepingSettings,
    KindSettings,
    SendingSettings,
    CheckingSettings,
    ArrivalSettings,
    FolderSettings,
    AccountSettings,
):
    """What the agent works with. Made by ``read_settings``; paths are absolute."""


DEFAULTS: dict[str, str] = {
    str(field.validation_alias): field.default
    for field in Settings.model_fields.values()
    if field.validation_alias
}
"""For each setting's name the default, as one would write it."""

MEANINGS: dict[str, str] = {
    str(field.validation_alias): field.description or ""
    for field in Settings.model_fields.values()
    if field.validation_alias
}
"""For each setting's name what it means."""
