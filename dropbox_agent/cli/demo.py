"""``demo``: everything once, without an account."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import click

from dropbox_agent.errors import BadConfiguration

DEMO_HOME = "dropbox-agent-demo"
"""An older demo's folder is left alone: the next ones are called -2, -3 and so on."""


@click.command(short_help="See the whole journey once, without an account.")
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    show_default=DEMO_HOME,
    help="New folder to make for the demo.",
)
def demo(home: Path | None) -> int:
    """Drop sample files of all kinds, import them into a sandbox, and show the outcomes.

    Takes well under a minute. Nothing leaves this machine. The folder stays for you to look at.
    """
    from dropbox_agent.cli.once import work_off
    from dropbox_agent.cli.samples import samples
    from dropbox_agent.cli.trial import sandbox_account
    from dropbox_agent.folders import make_folders
    from dropbox_agent.settings import read_settings

    home = _new_home(home)
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


def _new_home(wanted: Path | None) -> Path:
    """Make a folder for the demo. What is in an older one may be the user's: it is left alone."""
    homes = [wanted] if wanted else (Path(f"{DEMO_HOME}{end}") for end in _endings())
    for home in homes:
        if not home.exists() or (home.is_dir() and not any(home.iterdir())):
            home.mkdir(parents=True, exist_ok=True)
            return home
    raise BadConfiguration(
        f"{wanted and wanted.absolute()} is there already, and is not empty.",
        hint="Name a new folder with --home.",
        code="demo-folder-taken",
    )


def _endings() -> Iterator[str]:
    """Count up: nothing, -2, -3 and so on."""
    yield ""
    yield from (f"-{number}" for number in count(2))
