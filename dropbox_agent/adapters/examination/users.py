"""Does something as another user, in a process of its own; tells who is who."""

import codecs
import json
import os
import sys
from collections.abc import Callable
from getpass import getuser
from pathlib import Path
from typing import Any, Final

from dropbox_agent.errors import AgentError, BadConfiguration, NoPermission

Json = dict[str, Any]

LOADED_LATE: Final = (
    "ascii",
    "idna",
    "latin-1",
    "punycode",
    "unicode-escape",
    "utf-16",
    "utf-8-sig",
)
"""Encodings that Python loads from its folder when they are first used."""


def closed_program() -> Path | None:
    """Return a folder of the program that this process's user may not read; None if there is none.

    Programs that root has installed in its own home run for nobody else.
    """
    folders = (Path(sys.executable).parent, Path(os.__file__).parent, Path(__file__).parent)
    return next((each for each in folders if not os.access(each, os.R_OK | os.X_OK)), None)


def user_name() -> str:
    """Return the name of this process's user, as well as it is known."""
    if sys.platform != "win32":
        return _name_of(os.geteuid())
    return getuser()


if sys.platform == "win32":

    def as_user(name: str, work: Callable[[], list[Json]]) -> list[Json]:  # noqa: ARG001 - the same signature on every system
        """Say that Windows wants a password for that.

        Raises:
            NoPermission: Always.
        """
        raise _not_possible(name)

    def owner_of_process(pid: int) -> str | None:  # noqa: ARG001 - the same signature on every system
        """Say that it is not known."""
        return None

else:
    import pwd

    def owner_of_process(pid: int) -> str | None:
        """Say whose a process is; None if that cannot be told."""
        try:
            return _name_of(Path(f"/proc/{pid}").stat().st_uid)
        except OSError:
            return None

    def as_user(name: str, work: Callable[[], list[Json]]) -> list[Json]:
        """Do something in a child process that has given up all rights but those of a user.

        To be called while there are no threads. All that the work needs is loaded before: the
        user may have no right to the folder of the program.

        Args:
            name: The user's name, or number.
            work: What to do; its result has to fit into JSON.

        Raises:
            NoPermission: We are not root.
            BadConfiguration: There is no such user.
            AgentError: The child did not come to an end.
        """
        user = _entry_of(name)
        if os.geteuid() == user.pw_uid:
            return work()
        if os.geteuid() != 0:
            raise _not_possible(name)
        for encoding in LOADED_LATE:
            codecs.lookup(encoding)
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _work_as(user, work, writing)
        os.close(writing)
        with open(reading, "rb") as answer:  # noqa: PTH123 - a descriptor, not a path
            told = answer.read()
        os.waitpid(child, 0)
        return _result(told, name)

    def _work_as(user: pwd.struct_passwd, work: Callable[[], list[Json]], writing: int) -> None:
        """Give up all rights, do the work, tell the result, and end without ado."""
        code = 1
        try:
            os.setgroups(os.getgrouplist(user.pw_name, user.pw_gid))
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            os.environ["HOME"] = user.pw_dir
            try:
                answer: Json = {"done": work()}
            except AgentError as error:
                answer = {"error": [error.message, error.hint, error.code]}
            with open(writing, "wb") as pipe:
                pipe.write(json.dumps(answer).encode())
            code = 0
        except Exception:  # noqa: BLE001 - nothing of the parent's may run in the child
            sys.excepthook(*sys.exc_info())
        finally:
            sys.stderr.flush()
            os._exit(code)

    def _result(told: bytes, name: str) -> list[Json]:
        answer = json.loads(told) if told else {}
        if "done" in answer:
            done: list[Json] = answer["done"]
            return done
        message, hint, code = answer.get(
            "error",
            (f"The checks as user {name} broke off.", "See what is printed above.", "broke-off"),
        )
        raise AgentError(message, hint=hint, code=code)

    def _entry_of(name: str) -> pwd.struct_passwd:
        try:
            return pwd.getpwuid(int(name)) if name.isdecimal() else pwd.getpwnam(name)
        except KeyError:
            raise BadConfiguration(
                f"There is no user {name}.",
                hint="Name the user that the agent runs as; 'getent passwd' lists all.",
                code="no-such-user",
            ) from None

    def _name_of(number: int) -> str:
        try:
            return pwd.getpwuid(number).pw_name
        except KeyError:
            return str(number)


def _not_possible(name: str) -> NoPermission:
    return NoPermission(
        f"Only root can try things as the user {name}.",
        hint="Run this as root, or as that user without --user.",
        code="user-not-ours",
    )
