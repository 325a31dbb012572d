"""``once``: works off what is there, then ends."""

from contextlib import ExitStack
from pathlib import Path

import click

from dropbox_agent.cli.home import home_option, settings_at
from dropbox_agent.cli.start import check_at_start
from dropbox_agent.core.pausing import KEY_TROUBLE
from dropbox_agent.core.ports import Witness
from dropbox_agent.errors import AgentError, BadConfiguration, TryLater
from dropbox_agent.settings import Settings


@click.command(short_help="Work off what is there, then end.")
@home_option
def once(home: Path) -> int:
    """Import what lies in the inboxes now, and end when it is done.

    Made for cron and the task scheduler. Files that are still being written are left for the
    next time. Ends with 0 if all went well, 1 if files were rejected, failed or are held, 75 if
    the server could not be reached, 78 if it refuses the key; then the next run goes on where
    this one stopped.
    """
    settings = settings_at(home)
    return work_off(settings)


def work_off(settings: Settings) -> int:
    """Import what lies in the inboxes, show how it goes, and return the exit code."""
    from rich.console import Console

    from dropbox_agent.adapters.log_witness import LogWitness
    from dropbox_agent.adapters.signals import stop_on_signals
    from dropbox_agent.agent import Witnesses, WorkedOff
    from dropbox_agent.cli.logging import log_to_stderr
    from dropbox_agent.cli.screen import Screen
    from dropbox_agent.cli.tally import Tally, show_outcomes, show_reasons, show_reports, summary
    from dropbox_agent.wiring import agent_at_home

    console = Console(highlight=False)
    tally = Tally()
    secrets = log_to_stderr(settings, quietly=console.is_terminal)
    with ExitStack() as stack:
        witnesses: list[Witness] = [tally, LogWitness()]
        if console.is_terminal:
            witnesses.append(stack.enter_context(Screen(console)))
        everybody = Witnesses(*witnesses)
        agent = stack.enter_context(agent_at_home(settings, everybody, secrets.add, patiently=True))
        check_at_start(settings)
        stack.enter_context(stop_on_signals(agent.stop))
        worked_off = WorkedOff(agent)
        agent.run(worked_off)
    if tally.ended:
        show_outcomes(tally.ended, console)
        show_reasons(tally.ended, console)
        click.echo("\nReports:")
        show_reports(tally.ended, settings)
    if worked_off.interrupted:
        raise _stopped()
    if tally.ended or not worked_off.stuck:
        click.echo(f"{summary(tally.ended).capitalize()}.")
    for path, why in worked_off.left_behind:
        click.echo(f"Left in the inbox: {path} ({why})")
    if worked_off.stuck:
        raise _as_ending(worked_off.stuck.why)
    return 1 if tally.some_failed else 0


def _as_ending(why: AgentError) -> AgentError:
    """Say what ends a run: trouble with the key does not pass by trying later."""
    if not why.code.startswith(KEY_TROUBLE):
        return why
    return BadConfiguration(why.message, hint=why.hint, code=why.code)


def _stopped() -> TryLater:
    return TryLater(
        "Stopped before all was done.",
        hint="Nothing to do: the next run goes on where this one stopped.",
        code="stopped",
    )
