"""``demo``: everything once, without an account."""

import shutil
from pathlib import Path

import click

from dropbox_agent.errors import BadConfiguration

DEMO_HOME = "dropbox-agent-demo"
MARK = ".dropbox-agent-demo"
"""Lies in homes that a demo has made, so that the next one may remove them."""


@click.command(short_help="See the whole journey once, without an account.")
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEMO_HOME,
    show_default=True,
    help="Folder to make for the demo. The one of an earlier demo is replaced.",
)
def demo(home: Path) -> int:
    """Drop sample files of all kinds, import them into a sandbox, and show the outcomes.

    Takes well under a minute. Nothing leaves this machine. The folder stays for you to look at.
    """
    from dropbox_agent.cli.once import work_off
    from dropbox_agent.cli.samples import samples
    from dropbox_agent.cli.trial import sandbox_account
    from dropbox_agent.settings import read_settings
    from dropbox_agent.wiring import make_folders

    _fresh(home)
    settings = read_settings(home, {"AGENT_SETTLE_SECONDS": "1", "AGENT_POLL_CEILING_SECONDS": "1"})
    make_folders(settings)
    click.echo(f"Home folder of this demo: {settings.home}\n")
    for sample in samples():
        path = sample.write(settings.inbox)
        click.echo(f"  dropped {path.relative_to(settings.home).as_posix()}: {sample.about}")
    click.echo()
    with sandbox_account(settings) as trial:
        work_off(trial)
    click.echo("\nThe files lie beside their reports. To drop files of your own:")
    click.echo(f"  dropbox-agent run --sandbox --home {home}")
    return 0


def _fresh(home: Path) -> None:
    """Make an empty home, replacing the one of an earlier demo and nothing else."""
    if home.exists() and any(home.iterdir()):
        if not (home / MARK).exists():
            raise BadConfiguration(
                f"The folder {home.absolute()} is not empty and not from an earlier demo.",
                hint="Name another folder with --home.",
                code="demo-folder-taken",
            )
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).touch()
