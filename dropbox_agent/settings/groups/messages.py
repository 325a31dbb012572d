"""Settings of what people are told, and of the files that are expected."""

from dropbox_agent.core.channel import secrets_in
from dropbox_agent.settings import message_values, values
from dropbox_agent.settings.groups.group import Group, setting


class MessageSettings(Group):
    """Who is told of what, and how often."""

    notify: message_values.Channels = setting(
        "AGENT_NOTIFY", "",
        "Where to send messages: addresses as apprise has them (docs/notifications.md), with "
        "spaces or commas between them. They hold passwords. Needs "
        "pip install 'dropbox-agent[notify]'.",
    )  # fmt: skip
    notify_on: message_values.Topics = setting(
        "AGENT_NOTIFY_ON", "failed, rejected, partial, held, paused, stalled, missing",
        "What to tell: outcomes of files, files held for a decision, work paused for long, files "
        "that do not become complete, and expected files that do not come.",
    )  # fmt: skip
    notify_digest_seconds: values.SecondsOrZero = setting(
        "AGENT_NOTIFY_DIGEST_SECONDS", "300",
        "For how long news is gathered into one message. The first after a quiet time is sent "
        "within seconds.",
    )  # fmt: skip
    notify_paused_seconds: values.SecondsOrZero = setting(
        "AGENT_NOTIFY_PAUSED_SECONDS", "900", "How long a pause must last to be told."
    )
    expect: message_values.Expectations = setting(
        "AGENT_EXPECT", "",
        "Files that should come, such as products every 24h; contacts/crm-*.csv by 07:00 mon-fri. "
        "In the time of this machine. One that does not is shown by status, and told.",
    )  # fmt: skip

    @property
    def channels(self) -> tuple[str, ...]:
        """The addresses to send messages to. They hold secrets."""
        return tuple(each.get_secret_value() for each in self.notify)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that must never be shown."""
        own = set[str]().union(*map(secrets_in, self.channels))
        return (*super().secrets, *sorted(own))
