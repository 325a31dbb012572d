"""Reads all settings at once, and reports every mistake in one go."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from dropbox_agent.settings.clashes import clashes
from dropbox_agent.settings.credential import read_credential
from dropbox_agent.settings.envfile import REMOVE, Entry, EnvFile, read_env_file
from dropbox_agent.settings.faults import ENV_FILE, BadSettings, SettingFault, Unusable
from dropbox_agent.settings.model import DEFAULTS, Settings

OUR_PREFIXES: Final = ("AGENT_", "CONNECTIF_", "CONTACTS_", "PRODUCTS_", "VOUCHERS_")
HOOK_VARIABLES: Final = frozenset(
    f"AGENT_{each}" for each in ("JOB", "KIND", "OUTCOME", "NAME", "REPORT", "PAYLOAD")
)
"""What a hook finds in its environment: one may run this program itself."""

SIMILAR: Final = 0.8
"""How alike two names must be, of 1, for one to be taken for the other misspelt."""


def read_settings(home: Path, environ: Mapping[str, str]) -> Settings:
    """Read the environment, then the key as a credential, then ``agent.env``; nothing else.

    An empty value is the same as none: the other source or the default counts.

    Args:
        home: The folder that holds ``agent.env`` and that relative paths start from.
        environ: The environment.

    Raises:
        BadSettings: Something is wrong; lists all of it.
        NoPermission: ``agent.env`` or the credential may not be read.
    """
    settings, faults = read_with_faults(home, environ)
    if faults:
        raise BadSettings(faults)
    return settings


def read_with_faults(home: Path, environ: Mapping[str, str]) -> tuple[Settings, list[SettingFault]]:
    """Read the settings as far as they can be used, with the defaults for those that cannot.

    Args:
        home: The folder that holds ``agent.env``.
        environ: The environment.

    Returns:
        The settings, and all that is wrong with what was written.

    Raises:
        NoPermission: ``agent.env`` or the credential may not be read.
    """
    home = home.absolute()
    file = read_env_file(home / ENV_FILE)
    credential = read_credential(environ)
    given = {name: entry for name, entry in file.entries.items() if name in DEFAULTS}
    given |= credential if isinstance(credential, dict) else {}
    given |= {name: Entry(text) for name in DEFAULTS if (text := environ.get(name, "").strip())}
    faults = [*file.faults, *_unknown(file)]
    faults += [credential] if isinstance(credential, SettingFault) else []
    settings, unusable = _build(home, given, tuple(_doubts(environ)))
    faults += unusable
    faults += _impossible(settings, given, {fault.name for fault in faults})
    return settings, faults


def _build(
    home: Path, given: dict[str, Entry], doubts: tuple[str, ...]
) -> tuple[Settings, list[SettingFault]]:
    """Build the settings; those that cannot be used get their defaults and a fault each."""
    texts = {name: entry.text for name, entry in given.items()}
    try:
        return Settings(home=home, doubts=doubts, **texts), []
    except ValidationError as error:
        faults = list(_unusable(error, given))
    wrong = {fault.name for fault in faults}
    rest = {name: entry for name, entry in given.items() if name not in wrong}
    return _build(home, rest, doubts)[0], faults


def _unusable(error: ValidationError, given: Mapping[str, Entry]) -> Iterator[SettingFault]:
    for detail in error.errors(include_url=False, include_input=False):
        name, why = str(detail["loc"][0]), detail.get("ctx", {}).get("error")
        if not isinstance(why, Unusable):
            raise error  # a fault of ours: every type of value has its own words
        entry = given[name]
        yield SettingFault(
            name, entry.line, why.what, _written(name, why.instead), place=entry.place
        )


def _written(name: str, value: str = "") -> str:
    return f"{name}={value or DEFAULTS[name]}"


def _unknown(file: EnvFile) -> Iterator[SettingFault]:
    for name, entry in file.entries.items():
        if name in DEFAULTS:
            continue
        near = _nearest(name)
        what = f"there is no such setting; {near} perhaps?" if near else "there is no such setting."
        yield SettingFault(name, entry.line, what, f"{near}=..." if near else REMOVE)


def _nearest(name: str) -> str | None:
    return next(iter(get_close_matches(name.upper(), DEFAULTS, n=1, cutoff=SIMILAR)), None)


def _doubts(environ: Mapping[str, str]) -> Iterator[str]:
    """Other programs may use names like ours, so a name in the environment is only doubted."""
    for name in sorted(environ):
        near = _nearest(name)
        is_known = name in DEFAULTS or name in HOOK_VARIABLES
        if name.startswith(OUR_PREFIXES) and not is_known and near:
            yield f"{name} in the environment is not a setting; {near} perhaps?"


def _impossible(
    settings: Settings, given: Mapping[str, Entry], wrong: Iterable[str]
) -> Iterator[SettingFault]:
    """Report each clash once, at the setting that was written."""
    for clash in clashes(settings):
        if set(clash.names) & set(wrong):
            continue  # what is mended there may mend this as well
        name = next((name for name in clash.names if name in given), clash.names[0])
        line = given[name].line if name in given else None
        yield SettingFault(name, line, clash.what, _written(name))
