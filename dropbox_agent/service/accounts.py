"""The account that a service runs as: whether it is there, and may use the home."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from dropbox_agent.errors import BadConfiguration

if sys.platform != "win32":
    import grp
    import pwd

    def need_account(user: str, group: str | None) -> None:
        """See that the user and the group are there.

        Raises:
            BadConfiguration: One of them is not; says how to make it.
        """
        try:
            pwd.getpwnam(user)
        except KeyError:
            raise _missing(f"user {user}", f"useradd --system --no-create-home {user}") from None
        if group is None:
            return
        try:
            grp.getgrnam(group)
        except KeyError:
            raise _missing(f"group {group}", f"groupadd --system {group}") from None

    def need_owner(user: str, home: Path, paths: Sequence[Path]) -> None:
        """See that the user owns what only the agent itself uses in a home.

        Raises:
            BadConfiguration: Something belongs to another user.
        """
        owner = pwd.getpwnam(user).pw_uid
        others = [path for path in paths if path.exists() and path.stat().st_uid != owner]
        if others:
            raise BadConfiguration(
                f"These do not belong to the user {user} that the agent is to run as: "
                f"{', '.join(map(str, others))}.",
                hint=f"Give it the home: chown -R {user} {shlex.quote(str(home))}",
                code="service-owner",
            )

    def _missing(what: str, command: str) -> BadConfiguration:
        return BadConfiguration(
            f"There is no {what} on this machine.",
            hint=f"Make one with: {command}",
            code="service-account",
        )

else:

    def need_account(user: str, group: str | None) -> None:
        """Leave it to Windows, which says so itself."""

    def need_owner(user: str, home: Path, paths: Sequence[Path]) -> None:
        """Leave it to the rights that the installation gives."""
