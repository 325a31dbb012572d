"""What the service of a home is to be like: from the options, the settings and where we run."""

import sys
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from dropbox_agent.cli.home import settings_at
from dropbox_agent.errors import BadConfiguration
from dropbox_agent.service import Plan
from dropbox_agent.settings import Settings

WINDOWS: Final = sys.platform == "win32"
SPARE_SECONDS: Final = 30
"""How much longer than its own limits the agent may take to stop before it is killed."""


def plan_service(home: Path, **wishes: Any) -> Plan:  # noqa: ANN401 - one for each option
    """Plan the service.

    Args:
        home: The home; with instances the folder that holds their homes.
        wishes: The options of ``service install``.

    Raises:
        BadConfiguration: There is no such home, or the service could not write to its folders.
    """
    program, python_path = _program()
    plan = Plan(
        name=wishes["name"],
        home=home,
        program=program,
        stop_seconds=0,
        user=wishes["user"],
        group=wishes["group"],
        instances=wishes["instances"],
        other_folders=tuple(each.absolute() for each in wishes["also_write"]),
        program_folders=_program_folders(),
        python_path=python_path,
        key_file=wishes["key_file"] and wishes["key_file"].absolute(),
        leases=wishes["lease"],
    )
    found = [settings_at(each) for each in homes_of(plan)]
    if not WINDOWS:
        _need_one_root(plan, found)
    return replace(plan, stop_seconds=max(map(stop_seconds, found)))


def homes_of(plan: Plan) -> list[Path]:
    """List the homes: one, or one for each instance."""
    home = Path(plan.home)
    return [home / each for each in plan.instances] or [home]


def stop_seconds(settings: Settings) -> int:
    """Say how long a stop may take: more than one silence of the server."""
    stopping = settings.stop_seconds * (2 if settings.hook else 1)  # a hook is waited for as well
    return round(settings.read_timeout_seconds + stopping) + SPARE_SECONDS


def _program() -> tuple[tuple[str, ...], Path | None]:
    """Find the command that is this program, and where it has its packages if that is elsewhere."""
    python = Path(sys.executable)
    script = python.with_name("dropbox-agent")
    if not WINDOWS and script.is_file():
        return (str(script),), None
    module = ("-m", "dropbox_agent")
    if not WINDOWS or sys.prefix == sys.base_prefix:
        return (str(python), *module), None
    # The launcher of a virtual environment, once ended, would leave the agent behind it running.
    base = Path(sys.base_prefix) / "python.exe"
    return (str(base), *module), Path(sysconfig.get_path("purelib"))


def _program_folders() -> tuple[Path, ...]:
    package = Path(__file__).parents[2]
    return tuple(dict.fromkeys((Path(sys.prefix), Path(sys.base_prefix), package)))


def _need_one_root(plan: Plan, found: Sequence[Settings]) -> None:
    """Refuse folders that the service could not write to, and say what to add."""
    outside = {
        f"{name} of {settings.home} is {folder}": folder
        for settings in found
        for name, folder in _written(settings)
        if not any(
            folder.resolve().is_relative_to(Path(root).resolve())
            for root in (settings.home, *plan.other_folders)
        )
    }
    if outside:
        wishes = " ".join(f"--also-write {each}" for each in dict.fromkeys(outside.values()))
        raise BadConfiguration(
            "The service may write to its home only, and not all folders are below it: "
            f"{'; '.join(outside)}.",
            hint="Move them below the home: then files are renamed, in one step. Or add "
            f"{wishes}: then they are copied there.",
            code="service-folders-outside",
        )


def _written(settings: Settings) -> Iterator[tuple[str, Path]]:
    yield "AGENT_INBOX", settings.inbox
    yield "AGENT_PROCESSED", settings.processed
    yield "AGENT_FAILED", settings.failed
    yield "AGENT_STATE", settings.state
    if settings.log_file:
        yield "AGENT_LOG_FILE", settings.log_file.parent
    if settings.metrics_file:
        yield "AGENT_METRICS_FILE", settings.metrics_file.parent
