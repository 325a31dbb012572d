"""``service``: the agent as a service of the operating system."""

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PureWindowsPath
from typing import Any, Final

import click

from dropbox_agent.adapters.lock import who_runs
from dropbox_agent.adapters.mounts import mount_of
from dropbox_agent.adapters.stop_file import ask_to_stop
from dropbox_agent.cli.home import home_option, settings_at
from dropbox_agent.cli.service_plan import WINDOWS, homes_of, plan_service, stop_seconds
from dropbox_agent.core.mount import Reach
from dropbox_agent.errors import TryLater
from dropbox_agent.service import Plan, Service, SystemdService, TaskService, WrapperService
from dropbox_agent.service.accounts import need_account, need_owner
from dropbox_agent.service.unit import USER
from dropbox_agent.service.windows import mapped_drive_warning

NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
LOOK_SECONDS: Final = 0.2

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _names(_context: click.Context, _option: click.Parameter, value: Any) -> Any:  # noqa: ANN401 - click hands in one or several
    for name in (value,) if isinstance(value, str) else value:
        if not NAME.fullmatch(name):
            raise click.BadParameter(f"'{name}' may have letters, digits, - and _ only.")
    return value


name_option: Decorator = click.option(
    "--name",
    default="dropbox-agent",
    show_default=True,
    callback=_names,
    help="What the service is called.",
)
instance_option: Decorator = click.option(
    "--instance",
    "instances",
    multiple=True,
    callback=_names,
    help="Run several agents from one template: one for each name given. The home of each is the "
    "folder of that name in the home folder. (systemd)",
)
task_option: Decorator = click.option(
    "--task", is_flag=True, help="A task of the Task Scheduler instead of a service. (Windows)"
)
unit_folder_option: Decorator = click.option(
    "--unit-folder",
    type=click.Path(file_okay=False, path_type=Path),
    default="/etc/systemd/system",
    show_default=True,
    help="Where units lie. (systemd)",
)


@click.group(short_help="Run the agent as a service: install, uninstall, show, stop.")
def service() -> None:
    """Run the agent as a service of systemd or of Windows."""


@service.command(short_help="Install the service and start it.")
@home_option
@name_option
@instance_option
@task_option
@unit_folder_option
@click.option("--user", help=f"Who it runs as.  [default: {USER}; on Windows a new account]")
@click.option("--group", help="Its group, which senders share. (systemd)")
@click.option(
    "--key-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file with nothing but the API key, which only root need be able to read. (systemd)  "
    "[default: /etc/credstore/<name>.connectif_api_key, if it is there]",
)
@click.option(
    "--also-write",
    multiple=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder outside the home that it may write to as well. (systemd)",
)
@click.option(
    "--lease",
    is_flag=True,
    help="Let it ask the kernel whether files of other users are still being written: it gets "
    "the capability CAP_LEASE. (systemd)",
)
@click.option("--print", "only_print", is_flag=True, help="Show it; install nothing.")
def install(home: Path, *, task: bool, unit_folder: Path, only_print: bool, **wishes: Any) -> None:  # noqa: ANN401 - one for each option
    """Install the agent as a service and start it; again after a change of these options.

    On Linux this writes a systemd unit and needs root. On Windows it writes the configuration of
    the service wrapper WinSW, or with --task a task, and needs a terminal of an administrator.
    """
    plan = plan_service(home.absolute(), **wishes)
    _warn_of_mapped_drive(plan)
    made = _service(plan, unit_folder, task=task)
    if only_print:
        click.echo(made.text(), nl=False)
        return
    if not WINDOWS:
        user = plan.user or USER
        need_account(user, plan.group)
        for each in homes_of(plan):
            need_owner(user, each, [each / "agent.env", settings_at(each).state])
    _tell(made.install())


@service.command(short_help="Stop the service and remove it; folders and files stay.")
@home_option
@name_option
@instance_option
@task_option
@unit_folder_option
def uninstall(
    home: Path, name: str, instances: tuple[str, ...], *, task: bool, unit_folder: Path
) -> None:
    """Stop the service and remove it.

    Settings, inboxes, archives and state are left as they are. With --instance only these
    instances are stopped.
    """
    plan = Plan(name, home.absolute(), (), 0, instances=instances)
    _tell(_service(plan, unit_folder, task=task).uninstall())
    click.echo("Left as they are: the home folder and all that is in it.")


@service.command(short_help="Show what is installed, and how it is.")
@home_option
@name_option
@task_option
@unit_folder_option
def show(home: Path, name: str, *, task: bool, unit_folder: Path) -> None:
    """Show what is installed, and what the operating system says of it."""
    _tell(_service(Plan(name, home.absolute(), (), 0), unit_folder, task=task).show())


@service.command(short_help="Ask the agent of a home to stop, and wait until it has.")
@home_option
def stop(home: Path) -> None:
    """Ask the agent of a home to stop, by a file in its state folder, and wait until it has.

    Works on every system, whoever started the agent. A service manager that keeps it running may
    start it again.
    """
    settings = settings_at(home)
    if who_runs(settings.state) is None:
        click.echo("No agent runs on this home.")
        return
    ask_to_stop(settings.state)
    deadline = time.monotonic() + stop_seconds(settings)
    while who_runs(settings.state) is not None:
        if time.monotonic() > deadline:
            raise TryLater(
                "The agent was asked to stop, and has not stopped yet.",
                hint="Look at its log; if need be, end its process. Nothing is lost by that.",
                code="does-not-stop",
            )
        time.sleep(LOOK_SECONDS)
    click.echo("The agent has stopped.")


def _tell(lines: Iterator[str]) -> None:
    for line in lines:
        click.echo(line)


def _service(plan: Plan, unit_folder: Path, *, task: bool) -> Service:
    if not WINDOWS:
        return SystemdService(plan, unit_folder)
    return (TaskService if task else WrapperService)(plan, Path(plan.home))


def _warn_of_mapped_drive(plan: Plan) -> None:
    is_remote = mount_of(Path(plan.home)).reach is Reach.NETWORK
    home = PureWindowsPath(plan.home)
    if WINDOWS and (warning := mapped_drive_warning(home, is_remote=is_remote)):
        click.secho(f"Warning: {warning}", fg="yellow", err=True)
