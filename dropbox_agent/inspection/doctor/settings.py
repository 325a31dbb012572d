"""Examines the settings, and the file that most of them are in."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dropbox_agent.core.diagnosis.agent import of_trouble
from dropbox_agent.core.diagnosis.finding import Finding, unclear
from dropbox_agent.core.diagnosis.settings import (
    EnvFileRights,
    SettingsFacts,
    WrittenPath,
    of_paths,
    of_rights,
    of_settings,
)
from dropbox_agent.errors import AgentError
from dropbox_agent.settings import BadSettings, SettingFault, Settings, read_with_faults
from dropbox_agent.settings.envfile import Entry, read_env_file
from dropbox_agent.settings.faults import ENV_FILE

MARK: Final = b"\xef\xbb\xbf"
KEY: Final = "CONNECTIF_API_KEY"

PATHS: Final = {
    "AGENT_INBOX": "inbox",
    "AGENT_PROCESSED": "processed",
    "AGENT_FAILED": "failed",
    "AGENT_STATE": "state",
    "AGENT_LOG_FILE": "log_file",
    "CONNECTIF_CA_BUNDLE": "ca_bundle",
}
"""The settings that are paths, and what they are called in ``Settings``."""


@dataclass(frozen=True, slots=True)
class SettingsRead:
    """The settings as far as they can be used.

    Attributes:
        settings: With defaults for those that are wrong; None if they may not be read.
        faulty: The names of those that are wrong.
        findings: What was found out about them.
    """

    settings: Settings | None
    faulty: frozenset[str]
    findings: tuple[Finding, ...]


def examine_settings(home: Path, environ: Mapping[str, str]) -> SettingsRead:
    """Read all settings, and look at what people get wrong about them."""
    try:
        settings, faults = read_with_faults(home, environ)
        written = read_env_file(home / ENV_FILE).entries
    except AgentError as error:
        rest = unclear("folders", "Not examined: the settings say where they are.")
        return SettingsRead(None, frozenset(), (of_trouble("settings", error), rest))
    faulty = frozenset(fault.name for fault in faults)
    given = {name: entry.text for name, entry in written.items()} | {
        name: environ[name] for name in PATHS if environ.get(name)
    }
    paths = [
        WrittenPath(name, given[name], str(getattr(settings, attribute)))
        for name, attribute in PATHS.items()
        if name in given and name not in faulty
    ]
    findings = [
        *of_settings(_facts(settings, faults, written, environ)),
        *of_paths(paths, on_windows=sys.platform == "win32"),
        *of_env_file(home),
    ]
    return SettingsRead(settings, faulty, tuple(findings))


def of_env_file(home: Path) -> Iterator[Finding]:
    """Judge who may read ``agent.env``; nothing to judge where there is none."""
    path = home / ENV_FILE
    try:
        mode = path.stat().st_mode & 0o7777
        has_key = KEY in read_env_file(path).entries
    except (AgentError, OSError):
        return
    is_posix = sys.platform != "win32"
    yield of_rights(EnvFileRights(str(path), mode if is_posix else None, has_key))


def _facts(
    settings: Settings,
    faults: list[SettingFault],
    written: Mapping[str, Entry],
    environ: Mapping[str, str],
) -> SettingsFacts:
    path = settings.home / ENV_FILE
    return SettingsFacts(
        str(path),
        path.exists(),
        has_mark=_begins_with_mark(path),
        written=len(written),
        overruled=tuple(
            name
            for name, entry in written.items()
            if environ.get(name, "").strip() not in {"", entry.text}
        ),
        doubts=settings.doubts,
        mistakes=tuple((fault.told, fault.write) for fault in BadSettings(faults).faults),
    )


def _begins_with_mark(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(MARK)) == MARK
    except OSError:
        return False
