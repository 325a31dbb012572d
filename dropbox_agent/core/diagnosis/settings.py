"""What can be wrong with the settings and their file."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dropbox_agent.core.diagnosis.finding import Finding, fault, ok, unclear, warning
from dropbox_agent.core.telling import count

SETTINGS = "settings"
RIGHTS = "rights of agent.env"

READ_BY_ALL = 0o004
WRITTEN_BY_ALL = 0o002
WRITTEN_BY_GROUP = 0o020

_A_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\")
_HALF_A_WINDOWS_PATH = re.compile(r"[A-Za-z]:(?![\\/])|[\\/](?![\\/])")


@dataclass(frozen=True, slots=True)
class SettingsFacts:
    """What was seen of the settings.

    Attributes:
        file: Path of ``agent.env``.
        is_there: Whether there is such a file.
        has_mark: Whether it begins with a byte-order mark.
        written: How many settings are written in it.
        overruled: Names of which the environment says something else than the file.
        doubts: Sentences about names in the environment that look misspelt.
        mistakes: For each mistake what is wrong, and what to write instead.
    """

    file: str
    is_there: bool
    has_mark: bool = False
    written: int = 0
    overruled: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    mistakes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class EnvFileRights:
    """Who may do what with ``agent.env``.

    Attributes:
        path: The file.
        mode: Its permissions; None where the operating system keeps rights in another way.
        has_key: Whether the API key is in it.
    """

    path: str
    mode: int | None
    has_key: bool


@dataclass(frozen=True, slots=True)
class WrittenPath:
    """A folder or file as somebody has written it into the settings.

    Attributes:
        name: The setting.
        written: What is written there.
        becomes: The path that it stands for.
    """

    name: str
    written: str
    becomes: str


def of_settings(facts: SettingsFacts) -> Iterator[Finding]:
    """Judge the settings as a whole."""
    for what, instead in facts.mistakes:
        yield fault(SETTINGS, what, f"Write: {instead}")
    for doubt in facts.doubts:
        yield warning(SETTINGS, doubt, "Correct the name, or remove it from the environment.")
    for name in facts.overruled:
        yield warning(
            SETTINGS,
            f"{name} in the environment says something else than agent.env, and wins.",
            "Write it in one of the two places only.",
        )
    if facts.mistakes or facts.doubts or facts.overruled:
        return
    if not facts.is_there:
        yield ok(SETTINGS, f"There is no {facts.file}: environment and defaults count.")
        return
    mark = " It begins with a byte-order mark, which is read past." if facts.has_mark else ""
    yield ok(SETTINGS, f"{facts.file} is right: {count(facts.written, 'settings')} in it.{mark}")


def of_rights(rights: EnvFileRights) -> Finding:
    """Judge who may read the key, or change what the agent does."""
    if rights.mode is None:
        return unclear(
            RIGHTS,
            "Rights are kept in lists here, which this check does not read.",
            f'See that only the agent\'s user may read it: icacls "{rights.path}"',
        )
    told = f"{rights.path} has mode {rights.mode:04o}:"
    if rights.mode & WRITTEN_BY_ALL:
        found = f"{told} every user of this machine may change it."
        return fault(RIGHTS, found, f"chmod 600 {rights.path}")
    if rights.has_key and rights.mode & READ_BY_ALL:
        found = f"{told} every user of this machine may read the API key in it."
        mend = f"chmod 600 {rights.path}, or 640 where the agent reads it through its group."
        return fault(RIGHTS, found, mend)
    if rights.mode & WRITTEN_BY_GROUP:
        found = f"{told} everybody in its group may change it."
        return warning(RIGHTS, found, f"chmod g-w {rights.path}")
    if not rights.has_key:
        return ok(RIGHTS, f"{told} there is no key in it to be read by others.")
    return ok(RIGHTS, f"{told} other users may not read the key.")


def of_paths(paths: Sequence[WrittenPath], *, on_windows: bool) -> Iterator[Finding]:
    """Judge what is written for folders and files: not every path means the same to everybody."""
    check = "paths in settings"
    for path in paths:
        if path.written.startswith("~"):
            yield warning(
                check,
                f"{path.name}={path.written} is another folder for each user; here it is "
                f"{path.becomes}.",
                f"Write the whole path: {path.name}={path.becomes}",
            )
        elif on_windows and _HALF_A_WINDOWS_PATH.match(path.written):
            yield warning(
                check,
                f"{path.name}={path.written} depends on the drive or folder that the agent is "
                f"started in; here it is {path.becomes}.",
                f"Write the whole path: {path.name}={path.becomes}",
            )
        elif not on_windows and _A_WINDOWS_PATH.match(path.written):
            yield warning(
                check,
                f"{path.name}={path.written} is a path of Windows; on this system it starts from "
                f"the home and is {path.becomes}.",
                f"Write where the other drive or share is mounted here: {path.name}=/mnt/...",
            )
        elif path.written != path.becomes:
            found = f"{path.name}={path.written} starts from the home: it is {path.becomes}."
            yield ok(check, found)
