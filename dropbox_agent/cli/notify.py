"""``notify``: shows who is told of what, and tries whether messages arrive."""

import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from dropbox_agent.cli.home import home_option, settings_at
from dropbox_agent.core.digest import Topic
from dropbox_agent.core.message import Sender, trial_message
from dropbox_agent.errors import BadConfiguration
from dropbox_agent.settings import Settings

TRIAL_SECONDS: Final = 30.0
"""How long a channel is waited for."""


@click.command(short_help="Show who is told of what; --test sends each of them a message.")
@home_option
@click.option("--test", is_flag=True, help="Send one test message to every channel.")
def notify(home: Path, *, test: bool) -> int:
    """Show the channels that messages go to, what they are told, and which files are expected.

    With --test one message is sent to each; ends with 1 if one of them did not take it. Channels
    are shown by scheme and host only: addresses hold passwords.
    """
    settings = settings_at(home)
    if not settings.channels:
        raise BadConfiguration(
            "AGENT_NOTIFY is not set, so nobody is told anything.",
            hint="Write an address into agent.env, such as "
            "AGENT_NOTIFY=mailtos://user:password@mail.example.com?to=ops@example.com; "
            "docs/notifications.md has more.",
            code="no-channels",
        )
    from dropbox_agent.adapters.messenger import open_channels

    channels = open_channels(settings.channels)
    if not test:
        _show(settings, [each.name for each in channels])
        return 0
    from dropbox_agent.adapters.messenger import Attempt

    message = trial_message(Sender(socket.gethostname(), str(settings.home)))
    attempts = [(each.name, Attempt(each, message)) for each in channels]
    all_well = True
    for name, attempt in attempts:
        why_not = attempt.why_not(TRIAL_SECONDS)
        click.echo(f"{name}  " + (f"NOT TAKEN: {why_not}" if why_not else "taken"))
        all_well = all_well and not why_not
    return 0 if all_well else 1


def _show(settings: Settings, names: Sequence[str]) -> None:
    topics = [each for each in Topic if each in settings.notify_on]
    click.echo(f"Messages go to:  {', '.join(names)}")
    click.echo(f"They tell of:    {', '.join(topics)}")
    for each in settings.expect:
        click.echo(f"Expected:        {each.text}")
    click.echo("Try it with:     dropbox-agent notify --test")
