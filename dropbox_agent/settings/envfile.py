"""Reads ``agent.env``: which names have which text, on which line, and what cannot be read.

The syntax is python-dotenv's. Nothing is substituted inside values.
"""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dotenv.parser import Binding, parse_stream

from dropbox_agent.errors import NoPermission
from dropbox_agent.settings.faults import ENV_FILE, ENVIRONMENT, SettingFault
from dropbox_agent.settings.values import CONTROL

UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
QUOTED: Final = re.compile(r"=[^\S\r\n]*(['\"])(.*)\1", re.DOTALL)
REMOVE: Final = "nothing; put # in front of the line"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was written for one name.

    Attributes:
        text: The value.
        line: The line in ``agent.env``, from 1; None when it comes from elsewhere.
        place: Where that is.
    """

    text: str
    line: int | None = None
    place: str = ENVIRONMENT


@dataclass(frozen=True, slots=True)
class EnvFile:
    """What ``agent.env`` says.

    Attributes:
        entries: By name, in the order of the lines; names without a value are left out.
        faults: What is wrong with the way it is written.
    """

    entries: dict[str, Entry]
    faults: tuple[SettingFault, ...]


def read_env_file(path: Path) -> EnvFile:
    """Read the file; one that is not there says nothing.

    Raises:
        NoPermission: It may not be read.
    """
    try:
        text = _decoded(path.read_bytes())
    except FileNotFoundError:
        text = ""
    except PermissionError as error:
        if path.is_dir():  # so Windows says it
            return EnvFile({}, (_folder(),))
        raise NoPermission(
            f"{path} may not be read by this user.",
            hint="Give the user that the agent runs as the right to read it.",
            code="settings-no-permission",
        ) from error
    except IsADirectoryError:
        text = _folder()
    except OSError as error:
        text = _no_text(1, f"the file cannot be read: {error.strerror or error}.")
    return EnvFile({}, (text,)) if isinstance(text, SettingFault) else parse(text)


def parse(text: str) -> EnvFile:
    """Read the text of an ``agent.env``."""
    entries: dict[str, Entry] = {}
    faults: list[SettingFault] = []
    for line, binding in _numbered(parse_stream(io.StringIO(text))):
        fault = _fault(line, binding, entries)
        if fault is not None:
            faults.append(fault)
        elif binding.key and binding.value:
            entries[binding.key] = Entry(binding.value, line)
    return EnvFile(entries, tuple(faults))


def _decoded(data: bytes) -> str | SettingFault:
    if data.startswith(UTF16_MARKS) or b"\x00" in data[:200]:
        return _no_text(1, "the file is saved as UTF-16, not as UTF-8.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _no_text(line, "there is a character here that is not UTF-8.")


def _folder() -> SettingFault:
    what = (
        "this is a folder, not a file. Docker makes one where the file that it should show is "
        "not there: remove the folder, and write the settings into a file of this name."
    )
    write = f"a file {ENV_FILE} with one NAME=value on each line"
    return SettingFault(ENV_FILE, None, what, write, place="settings")


def _no_text(line: int, what: str) -> SettingFault:
    return SettingFault(ENV_FILE, line, what, "the same text, saved in the encoding UTF-8")


def _numbered(bindings: Iterable[Binding]) -> Iterator[tuple[int, Binding]]:
    """Pair each binding with its own line; the parser counts blank lines before it as its own."""
    for binding in bindings:
        written = binding.original.string
        blank = written[: len(written) - len(written.lstrip())]
        yield binding.original.line + len(re.findall(r"\r\n|\r|\n", blank)), binding


def _fault(line: int, binding: Binding, before: dict[str, Entry]) -> SettingFault | None:
    """Say what is wrong with how one setting is written. Unreadable lines are never quoted."""
    name = binding.key
    if binding.error:
        what = "this line is not of the form NAME=value, or its quotation marks do not match."
        return SettingFault(ENV_FILE, line, what, "NAME=value")
    if name is None:
        return None
    if binding.value is None:
        return SettingFault(name, line, "there is no = behind the name.", f"{name}=value")
    if name in before:
        what = f"it is set on line {before[name].line} already."
        return SettingFault(name, line, what, REMOVE)
    return _escape_fault(name, line, binding)


def _escape_fault(name: str, line: int, binding: Binding) -> SettingFault | None:
    """Notice paths whose backslashes mean something else inside quotation marks."""
    value = binding.value or ""
    quoted = QUOTED.search(binding.original.string)
    meant = quoted[2] if quoted else value
    if CONTROL.search(meant):
        what = "the value holds a line end or another control character."
        return SettingFault(name, line, what, f"{name}=value, on one line")
    halved = meant.startswith("\\\\") and not value.startswith("\\\\")
    if halved or CONTROL.search(value):
        what = "inside quotation marks a backslash changes the character behind it."
        return SettingFault(name, line, what, f"{name}={meant}")
    return None
