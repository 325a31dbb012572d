"""The text of the systemd unit.

Every setting is explained in systemd.unit(5), systemd.service(5), systemd.exec(5) and
systemd.resource-control(5); comments in the unit give the reason where it is ours.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import PurePath, PurePosixPath
from typing import Final

from dropbox_agent.errors import BadConfiguration
from dropbox_agent.service.plan import Plan

USER: Final = "dropbox-agent"
CREDENTIAL: Final = "connectif_api_key"
WATCHDOG_SECONDS: Final = 120
START_SECONDS: Final = 900
"""After a crash with much in hand, files may have to be read again before it is ready."""

CONFIGURATION_CODES: Final = "77 78 79"
"""Exit codes after which a new start would only fail again: rights, settings, another agent."""

HOMES: Final = tuple(map(PurePosixPath, ("/home", "/root", "/run/user")))

HARDENING: Final = """\
NoNewPrivileges=yes
PrivateDevices=yes
PrivateIPC=yes
PrivateTmp=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
RemoveIPC=yes
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
UMask=0027
MemoryMax=1G
LimitCORE=0
"""


def unit_text(plan: Plan) -> str:
    """Write the unit, or with instances the template that all of them are made from.

    Raises:
        BadConfiguration: A path cannot stand in a unit.
    """
    _need_writable_paths(plan)
    home = _home(plan)
    writable = [home, *map(quoted, map(str, plan.other_folders))]
    which = "%i" if plan.instances else _plain(str(plan.home))
    return f"""\
# Written by: dropbox-agent service install
# Changes of yours belong into a drop-in, which is kept: systemctl edit {unit_name(plan)}

[Unit]
Description=dropbox-agent: imports CSV files into Connectif ({which})
Wants=network-online.target
After=network-online.target time-sync.target
# Without it the agent could start on the empty folder below a mount.
RequiresMountsFor={" ".join(writable)}
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
User={_plain(plan.user or USER)}
{_group(plan)}WorkingDirectory=/
ExecStart={_command(plan, home)}
# The key lies in a file that only root reads; without it the one in agent.env counts.
LoadCredential={CREDENTIAL}:{_key(plan)}
# A loop that stands still is ended with SIGABRT, and then the log shows where it stood.
Environment=PYTHONFAULTHANDLER=1
WatchdogSec={WATCHDOG_SECONDS}
TimeoutStartSec={START_SECONDS}
Restart=on-failure
RestartSec=5
# What a person has to mend is not tried again: rights, settings, another agent on this home.
RestartPreventExitStatus={CONFIGURATION_CODES}
KillMode=mixed
TimeoutStopSec={plan.stop_seconds}

ProtectSystem=strict
{_writable(writable)}{_homes(plan, writable)}{_capabilities(plan)}{HARDENING}
[Install]
WantedBy=multi-user.target
"""


def quoted(text: str) -> str:
    r"""Quote a word, as systemd reads words; ``%`` and ``$`` lose their meaning."""
    plain = _plain(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"' if plain != text or " " in plain or "'" in plain else plain


def _plain(text: str) -> str:
    return text.replace("%", "%%")


def unit_name(plan: Plan) -> str:
    """Name the file of the unit."""
    return f"{plan.name}@.service" if plan.instances else f"{plan.name}.service"


def _home(plan: Plan) -> str:
    return quoted(str(plan.home)) if not plan.instances else _instance_home(plan)


def _instance_home(plan: Plan) -> str:
    root = quoted(str(plan.home))
    return f'{root[:-1]}/%i"' if root.endswith('"') else f"{root.rstrip('/')}/%i"


def _command(plan: Plan, home: str) -> str:
    words = [quoted(word).replace("$", "$$") for word in plan.program]
    return " ".join([*words, "run", "--home", home.replace("$", "$$")])


def _group(plan: Plan) -> str:
    return f"Group={_plain(plan.group)}\n" if plan.group else ""


def _key(plan: Plan) -> str:
    if plan.key_file:
        return _plain(str(plan.key_file))
    which = f"{plan.name}-%i" if plan.instances else plan.name
    return f"{which}.{CREDENTIAL}"


def _writable(writable: Sequence[str]) -> str:
    home, *others = writable
    lines = ["# One root for all folders: files cannot be renamed from one such root to another."]
    lines.append(f"ReadWritePaths={home}")
    if others:
        lines.append("# Files are copied to these, not renamed.")
        lines.append(f"ReadWritePaths={' '.join(others)}")
    return "\n".join(lines) + "\n"


def _homes(plan: Plan, writable: Sequence[str]) -> str:
    """Hide people's homes, but for what the agent needs there."""
    in_homes = [
        each
        for each, path in zip(writable, [plan.home, *plan.other_folders], strict=True)
        if _is_in_homes(path)
    ]
    read_only = [quoted(str(path)) for path in plan.program_folders if _is_in_homes(path)]
    if not in_homes and not read_only:
        return "ProtectHome=yes\n"
    lines = ["ProtectHome=tmpfs"]
    lines += [f"BindReadOnlyPaths={each}" for each in read_only]
    lines += [f"BindPaths={each}" for each in in_homes]
    return "\n".join(lines) + "\n"


def _need_writable_paths(plan: Plan) -> None:
    """Refuse paths for which units have no way of writing."""
    paths = [plan.home, *plan.other_folders, *plan.program_folders]
    for path in [*paths, *([plan.key_file] if plan.key_file else [])]:
        if any(unicodedata.category(each) == "Cc" for each in str(path)):
            raise _unwritable(path, "a line end or another control character")
    for path in filter(_is_in_homes, paths):
        if ":" in str(path):  # BindPaths= takes what follows for another path
            raise _unwritable(path, "a colon, and lies among the homes of people")


def _unwritable(path: PurePath, what: str) -> BadConfiguration:
    return BadConfiguration(
        f"The path {str(path)!a} cannot stand in a systemd unit: it has {what}.",
        hint="Rename the folder, or move it, such as to /srv.",
        code="service-path",
    )


def _is_in_homes(path: PurePath) -> bool:
    return any(path.is_relative_to(each) for each in HOMES)


def _capabilities(plan: Plan) -> str:
    if not plan.leases:
        return "CapabilityBoundingSet=\n"
    return (
        "# Lets it ask the kernel whether files of other users are still being written.\n"
        "CapabilityBoundingSet=CAP_LEASE\nAmbientCapabilities=CAP_LEASE\n"
    )


def running_units(plan: Plan) -> list[str]:
    """List the units that run: one, or one for each instance."""
    return [f"{plan.name}@{each}.service" for each in plan.instances] or [unit_name(plan)]
