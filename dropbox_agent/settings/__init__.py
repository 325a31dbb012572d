"""Everything that can be set: the environment, then ``agent.env``, into one frozen object."""

from dropbox_agent.settings.faults import BadSettings, SettingFault
from dropbox_agent.settings.live_key import LiveKey
from dropbox_agent.settings.model import Settings
from dropbox_agent.settings.reading import read_settings, read_with_faults
from dropbox_agent.settings.showing import settings_table, settings_template

__all__ = [
    "BadSettings",
    "LiveKey",
    "SettingFault",
    "Settings",
    "read_settings",
    "read_with_faults",
    "settings_table",
    "settings_template",
]
