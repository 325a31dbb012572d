"""What a service is to be like, and what can be done with one, on every operating system."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Plan:
    """A service that keeps one agent running, or one for each instance.

    Attributes:
        name: What the service is called.
        home: The agent's home; with instances the folder that holds their homes.
        program: The command that is ``dropbox-agent``.
        stop_seconds: How long the agent may take to stop.
        user: Who it runs as; None for what the operating system has for such services.
        group: Its group, which senders share; None for the user's own.
        instances: Names of the instances, each with a home of that name; empty for one agent.
        other_folders: Folders outside the home that it writes to as well.
        program_folders: Folders that the program is read from.
        python_path: Where it finds its packages, if not by itself.
        key_file: A file with the API key; None for the place where services look by themselves.
        leases: Whether it may ask who has the files of other users open.
    """

    name: str
    home: PurePath
    program: tuple[str, ...]
    stop_seconds: int
    user: str | None = None
    group: str | None = None
    instances: tuple[str, ...] = ()
    other_folders: tuple[PurePath, ...] = ()
    program_folders: tuple[PurePath, ...] = ()
    python_path: PurePath | None = None
    key_file: PurePath | None = None
    leases: bool = False


class Service(Protocol):
    """A service as one kind of service manager has it. Each step is told in a line."""

    def text(self) -> str:
        """Write what would be installed."""
        ...

    def install(self) -> Iterator[str]:
        """Install it and start it.

        Raises:
            AgentError: It cannot be installed.
        """
        ...

    def uninstall(self) -> Iterator[str]:
        """Stop it and remove it; folders and files of the agent are left as they are.

        Raises:
            AgentError: It cannot be removed.
        """
        ...

    def show(self) -> Iterator[str]:
        """Tell what is installed and how it is.

        Raises:
            AgentError: Nothing is.
        """
        ...
