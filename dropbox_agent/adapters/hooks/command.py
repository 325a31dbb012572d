"""Which program a hook is, and what it finds in its environment."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from dropbox_agent.errors import BadConfiguration

PASSED_ON: Final = frozenset({
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP",
    "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "USERNAME", "USERPROFILE",
    "HOMEDRIVE", "HOMEPATH", "APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES",
})  # fmt: skip
"""Names in the environment that a hook finds as the agent found them; ``LC_*`` too.

What programs need to find files, people and words; nothing in which anybody keeps secrets.
"""


def plain_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return what a hook finds in its environment whatever the file: no key, no setting."""
    kept = {
        name: text
        for name, text in environ.items()
        if name.upper() in PASSED_ON or name.startswith("LC_")
    }
    return {"PATH": os.defpath} | kept


def find_program(words: tuple[str, ...], home: Path, environ: Mapping[str, str]) -> Path:
    """Find the program that a hook's first word names.

    Args:
        words: The program and its arguments.
        home: Where a path starts that is not absolute; a name without a folder is looked for on
            the ``PATH`` only.
        environ: Has that.

    Raises:
        BadConfiguration: There is no such program, or this user may not run it.
    """
    name = os.path.expanduser(words[0])  # noqa: PTH111 - "~nobody" may stay
    if name == Path(name).name:
        found = shutil.which(name, path=environ.get("PATH", os.defpath))
        if found:
            return Path(found).absolute()
        raise _unusable(name, "is not on the PATH", _hint_for_name(name, home))
    path = home / name
    if not path.is_file():
        raise _unusable(str(path), "is not there", "Write its whole path into AGENT_HOOK.")
    if not os.access(path, os.X_OK):
        hint = f"Give the agent's user the right to: chmod a+rx '{path}'"
        raise _unusable(str(path), "may not be run by this user", hint)
    return path


def _hint_for_name(name: str, home: Path) -> str:
    if (home / name).is_file():
        return f"For the one in the home folder write AGENT_HOOK=./{name}"
    return "Write its whole path into AGENT_HOOK."


def _unusable(program: str, what: str, hint: str) -> BadConfiguration:
    return BadConfiguration(
        f"The program {program} of AGENT_HOOK {what}.", hint=hint, code="hook-not-found"
    )
