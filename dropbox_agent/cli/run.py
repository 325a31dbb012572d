"""``run``: watches until told to stop."""

import os
from contextlib import ExitStack
from pathlib import Path

import click

from dropbox_agent.cli.home import home_option, settings_at
from dropbox_agent.cli.start import check_at_start


@click.command(short_help="Watch the inboxes until stopped.")
@home_option
@click.option(
    "--sandbox",
    is_flag=True,
    help="Import into a local double of Connectif that lives as long as this command. No account "
    "needed.",
)
def run(home: Path, *, sandbox: bool) -> None:
    """Watch the inboxes and import what is dropped there, until stopped.

    Ctrl-C, SIGTERM or a file state/stop.request stops it within seconds. Whatever is under way
    then is taken up by the next start; an import that has begun is never sent again.
    """
    from loguru import logger

    from dropbox_agent.adapters.log_witness import LogWitness
    from dropbox_agent.adapters.notify import Notifier
    from dropbox_agent.adapters.signals import stop_on_signals
    from dropbox_agent.adapters.stop_file import StopFile
    from dropbox_agent.cli.logging import log_to_stderr
    from dropbox_agent.wiring import agent_at_home

    with ExitStack() as stack:
        settings = settings_at(home)
        if sandbox:
            from dropbox_agent.cli.trial import sandbox_account

            settings = stack.enter_context(sandbox_account(settings))
        secrets = log_to_stderr(settings)
        stop_file = StopFile(settings.state)
        Notifier(os.environ).say("Taking up what an earlier run left")
        agent = stack.enter_context(agent_at_home(settings, LogWitness(), secrets.add))
        check_at_start(settings)
        stack.enter_context(stop_on_signals(agent.stop))
        stack.enter_context(stop_file.watched(agent.stop))
        where = f"a sandbox at {settings.api_url}" if sandbox else settings.api_url
        logger.info("watching {}; importing into {}", settings.inbox, where)
        if sandbox:
            logger.info("drop CSV files into contacts, products or vouchers there; Ctrl-C ends it")
        agent.run()
        logger.info("stopping")
    logger.info("stopped")
