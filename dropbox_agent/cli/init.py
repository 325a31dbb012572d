"""``init``: makes the folders and ``agent.env``."""

import os
from pathlib import Path

import click

from dropbox_agent.cli.home import home_option
from dropbox_agent.errors import NoPermission
from dropbox_agent.settings import read_settings, settings_template

ENV_FILE = "agent.env"


@click.command(short_help="Make the folders and agent.env.")
@home_option
def init(home: Path) -> None:
    """Make the folders and agent.env in the home folder.

    What is there already is left as it is, so it does no harm to run this again.
    """
    from dropbox_agent.folders import make_folders, take_inbox

    home = home.absolute()
    try:
        home.mkdir(parents=True, exist_ok=True)
        new_file = _write_settings(home / ENV_FILE)
    except OSError as error:
        raise NoPermission(
            f"{home} cannot be made a home: {error.strerror or error}.",
            hint="Choose a folder that you may write to, with --home.",
            code="no-folder",
        ) from error
    settings = read_settings(home, os.environ)
    made = make_folders(settings)
    take_inbox(settings)
    for folder in made:
        click.echo(f"made   {folder}")
    click.echo(f"{'made ' if new_file else 'kept '}  {home / ENV_FILE}")
    click.echo()
    if settings.api_key is None:
        click.echo(f"Next: write your API key into {home / ENV_FILE} (CONNECTIF_API_KEY=...).")
        click.echo("It is made in Connectif: Store settings > API and IP access > API Keys.")
    click.echo(f"Start with: dropbox-agent run --home {home}")


def _write_settings(path: Path) -> bool:
    """Write a new ``agent.env`` that only its owner can read; False if there is one."""
    try:
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(settings_template())
    return True
