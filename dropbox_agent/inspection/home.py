"""One home as it can be seen from outside: agent, status file, journal and inboxes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.lock import Holder, who_runs
from dropbox_agent.adapters.spool import DiskSpool
from dropbox_agent.adapters.status_file import read_status
from dropbox_agent.core.explaining import Glance
from dropbox_agent.core.health import health
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.report import Json
from dropbox_agent.core.sighting import Examined, Listing, Sighting, Writer
from dropbox_agent.core.trouble import as_trouble
from dropbox_agent.errors import AgentError
from dropbox_agent.folders import JOURNAL_NAME, spool_of
from dropbox_agent.settings import Settings


@dataclass(frozen=True)
class HomeState:
    """What there is to see of a home.

    Attributes:
        settings: Where everything lies.
        holder: The agent that runs; None when none does.
        heartbeat: What it has in hand, as it wrote it last; None if it has written nothing.
    """

    settings: Settings
    holder: Holder | None
    heartbeat: Json | None
    _listings: dict[Kind, Listing | AgentError] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> "HomeState":
        """See whether an agent runs, and what it has told.

        Raises:
            NoPermission: Only the agent's own user can find out.
            BadConfiguration: The lock cannot be tried.
        """
        holder = who_runs(settings.state)
        return cls(settings, holder, read_status(settings.state) if holder else None)

    @cached_property
    def sick(self) -> str | None:
        """Say in a line why a running agent is not to be trusted; None if it is, or none runs."""
        if self.holder is None:
            return None
        now = datetime.now(UTC)
        found = health(self.heartbeat, self.holder.pid, now, running=True)
        return None if found.alive else found.line

    @property
    def told(self) -> Json | None:
        """What the agent tells of all it has in hand; None if that is nothing, or out of date."""
        return None if self.sick else self.heartbeat

    @contextmanager
    def journal(self) -> Iterator[SqliteJournal | None]:
        """Open the journal to read; None where no agent has made one yet.

        Raises:
            AgentError: It cannot be read.
        """
        path = self.settings.state / JOURNAL_NAME
        if not path.exists():
            yield None
            return
        with SqliteJournal(path, read_only=True) as journal:
            yield journal if journal.has_tables else None

    @cached_property
    def spool(self) -> DiskSpool:
        """The folders."""
        return spool_of(self.settings)

    def listing(self, kind: Kind) -> Listing | AgentError:
        """List an inbox, once; or say why it cannot be listed."""
        if kind not in self._listings:
            self._listings[kind] = self._list(kind)
        return self._listings[kind]

    def _list(self, kind: Kind) -> Listing | AgentError:
        try:
            if self.settings.inbox.is_dir() and not (self.settings.inbox / kind).exists():
                return Listing([], [])  # the agent would make the folder; who only looks does not
            return self.spool.listing(kind)
        except (AgentError, OSError) as error:
            return as_trouble(error)

    def glance(self, seen: Sighting, *, read_it: bool, under_way: int = 0) -> Glance:
        """Look at one drop.

        Args:
            seen: As a listing shows it.
            read_it: Whether to read it through, as the agent does before it takes one.
            under_way: How many files of its kind are under way.
        """
        if not seen.regular:
            return Glance(seen, Writer.FREE)
        writer = self.spool.writer(seen)
        examined, unreadable = None, None
        if read_it and writer is not Writer.BUSY:
            examined, unreadable = self._examine(seen)
        no_room = self._lacks_room(seen) if read_it else None
        return Glance(seen, writer, examined, unreadable, no_room, under_way)

    def _examine(self, seen: Sighting) -> tuple[Examined | None, str | None]:
        if not self.spool.is_readable(seen):
            return None, "the user of this command may not read it"
        try:
            return self.spool.examine(seen), None
        except OSError as error:
            return None, error.strerror or str(error)

    def _lacks_room(self, seen: Sighting) -> str | None:
        try:
            return self.spool.lacks_room(seen)
        except OSError:
            return None  # a folder that is away is told of by the listing

    def told_of_drop(self, seen: Sighting) -> Json | None:
        """Find what the agent has told of a drop."""
        drops = (self.told or {}).get("drops", [])
        return next((each for each in drops if each["path"] == shown(seen.path)), None)

    def told_of_job(self, job_id: str) -> Json | None:
        """Find what the agent has told of a job."""
        return next(
            (each for each in (self.told or {}).get("jobs", []) if each["job"] == job_id), None
        )

    def pause_of(self, what: str) -> Json | None:
        """Find what holds up one of the agent's lanes."""
        pauses = (self.told or {}).get("pauses", [])
        return next((each for each in pauses if each["what"] == what), None)
