"""What most commands begin with: the home folder and its settings."""

import os
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from dropbox_agent.errors import BadConfiguration
from dropbox_agent.settings import Settings, read_settings

home_option: Callable[[Callable[..., Any]], Callable[..., Any]] = click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=".",
    envvar="AGENT_HOME",
    show_envvar=True,
    show_default="the current folder",
    help="The folder that holds inbox/, processed/, failed/ and agent.env.",
)


COMMAND = re.compile(
    r"\bdropbox-agent (?:doctor|explain|history|init|once|release|retry|run|status)\b(?! --home)"
)


def at_home(text: str, home: Path) -> str:
    """Complete the commands in a text, so that they work in the folder somebody is in."""
    if home.absolute() == Path.cwd():
        return text
    return COMMAND.sub(lambda found: f"{found[0]} --home {shlex.quote(str(home))}", text)


def settings_at(home: Path) -> Settings:
    """Read the settings of a home folder and warn about doubtful ones.

    Raises:
        BadConfiguration: The folder is not there, or settings are wrong.
    """
    if not home.is_dir():
        raise BadConfiguration(
            f"There is no folder {home.absolute()}.",
            hint="Name the home folder with --home, or make one with: dropbox-agent init",
            code="no-home",
        )
    settings = read_settings(home, os.environ)
    for doubt in settings.doubts:
        click.secho(f"Warning: {doubt}", fg="yellow", err=True)
    return settings
