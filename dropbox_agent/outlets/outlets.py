"""Those who are told of the work, as one.

Each outlet is a witness, wants to see each heartbeat, or both. None of them can hold up the work.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from dropbox_agent.agent.heartbeat import StatusFile
from dropbox_agent.agent.witnesses import Witnesses
from dropbox_agent.core.exchange import Observer, unobserved
from dropbox_agent.core.ports import Witness


@dataclass(slots=True)
class Outlets:
    """Those who are told.

    Attributes:
        witnesses: Told what happens, in this order.
        readers: Told each heartbeat.
        observe: Told of each request to the import API.
        at_work: Asked whether there is something to wait for before a run may end.
    """

    witnesses: list[Witness]
    readers: list[StatusFile] = field(default_factory=list)
    observe: Observer = unobserved
    at_work: list[Callable[[], bool]] = field(default_factory=list)

    @property
    def witness(self) -> Witness:
        """All witnesses as one."""
        return Witnesses(*self.witnesses)

    @property
    def is_at_work(self) -> bool:
        """Whether something of what was told has not ended yet."""
        return any(each() for each in self.at_work)
