"""What is told of the work besides the log: to monitors, people and programs of others.

Each outlet is a witness, wants to see each heartbeat, or both. None of them can hold up the work.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.agent.heartbeat import StatusFile
from dropbox_agent.agent.witnesses import Witnesses
from dropbox_agent.core.clock import Clock
from dropbox_agent.core.ports import Witness
from dropbox_agent.settings import Settings


@dataclass(slots=True)
class Outlets:
    """Those who are told.

    Attributes:
        witnesses: Told what happens, in this order.
        readers: Told each heartbeat.
    """

    witnesses: list[Witness]
    readers: list[StatusFile] = field(default_factory=list)

    @property
    def witness(self) -> Witness:
        """All witnesses as one."""
        return Witnesses(*self.witnesses)


@contextmanager
def outlets_of(
    settings: Settings, witness: Witness, journal: SqliteJournal, clock: Clock
) -> Iterator[Outlets]:
    """Open the outlets that the settings ask for, and close them when the block ends.

    Args:
        settings: Say which.
        witness: Told first, and of what goes wrong in an outlet.
        journal: What has been done so far.
        clock: The time.

    Raises:
        BadConfiguration: An outlet cannot be opened as the settings say.
    """
    with ExitStack() as stack:
        outlets = Outlets([witness])
        yield outlets
