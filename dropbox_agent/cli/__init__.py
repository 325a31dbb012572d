"""The command line: one module a command, and the one place where errors become exit codes."""

import os
import sys
import traceback
from collections.abc import Sequence
from importlib import import_module

import click

from dropbox_agent import __version__
from dropbox_agent.errors import AgentError, NoPermission, TryLater

INTERRUPTED = 130
"""What shells return for a program that Ctrl-C has ended."""

SURPRISE = 70
"""A fault of ours (EX_SOFTWARE)."""

HELP = """\
Import CSV files into Connectif by dropping them into a folder.

A file dropped into inbox/contacts, inbox/products or inbox/vouchers is checked, imported
once, and moved to processed/ or failed/ with a report of what happened to its rows.

\b
New here?        dropbox-agent demo           everything once, without an account
For real:        dropbox-agent init           make the folders and agent.env
                 dropbox-agent run            watch the folders until stopped
From a cron job: dropbox-agent once           work off what is there, then end
Before sending:  dropbox-agent check a.csv    say what is wrong with a file
Where is it?     dropbox-agent explain a.csv  say where a file stands, and why
What was there?  dropbox-agent history        what became of the files lately
Send it again:   dropbox-agent retry JOB      put a failed file back into its inbox
Is it set up?    dropbox-agent doctor         try everything; say how to mend each fault
"""

EPILOG = """\b
Exit codes:
  0   all is well
  1   some files were rejected, failed or are held; doctor found a fault;
      a channel did not take a test message
  2   the command was not understood, or names a job that is not there
  70  a fault of the program itself
  75  it could not be done now: try again later
  77  the operating system refuses a file or folder
  78  the settings or folders have to be mended
  79  another agent works on this home already
"""


COMMANDS = (
    "init",
    "run",
    "once",
    "check",
    "status",
    "history",
    "explain",
    "retry",
    "release",
    "doctor",
    "notify",
    "service",
    "demo",
    "sandbox",
)
"""All commands, in the order that the help lists them; each is a module here that holds it."""


class Commands(click.Group):
    """Imports the module of a command when it is wanted.

    A service keeps what is imported in memory for years, and a cron job pays for it every time.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - named by click
        """Tell the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - named by click
        """Give the command of a name, or none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"{__name__}.{cmd_name}"), cmd_name)
        return command


@click.group(
    cls=Commands,
    help=HELP,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="dropbox-agent")
def group() -> None:
    """Hold the commands together."""


def exit_code(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; tells people what went wrong."""
    try:
        result = group.main(
            list(arguments) if arguments is not None else None,
            prog_name="dropbox-agent",
            standalone_mode=False,
        )
    except AgentError as error:
        _say(error.message, error.hint, error.code)
        return error.exit_code
    except OSError as error:
        return _refused_by_system(error)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted.", err=True)
        return INTERRUPTED
    except Exception:  # noqa: BLE001 - the last boundary: a surprise must not look like success
        click.echo(traceback.format_exc(), err=True)
        _say(
            "This is a fault of dropbox-agent itself.",
            "Please report it with the lines above. No file is lost: the next start goes on.",
            "unforeseen",
        )
        return SURPRISE
    return result if isinstance(result, int) else 0


def _refused_by_system(error: OSError) -> int:
    """Tell of a file or folder that cannot be used, and return the exit code."""
    where = error.filename2 or error.filename or "a file"
    _say(
        f"The operating system says of {where}: {error.strerror or error}.",
        "See to rights, room, mounts and names of the agent's folders, and start again.",
        "disk-trouble",
    )
    return NoPermission.exit_code if isinstance(error, PermissionError) else TryLater.exit_code


def _say(message: str, hint: str, code: str) -> None:
    from dropbox_agent.adapters.logs import leads_to_journal

    told = f"{message}\n  What to do: {hint}\n  ({code})"
    if leads_to_journal(sys.stderr, os.environ):
        click.echo(
            "".join(f"<3>{line}\n" for line in f"Error: {told}".split("\n")), err=True, nl=False
        )
        return
    click.secho("Error: ", fg="red", bold=True, err=True, nl=False)
    click.echo(told, err=True)
