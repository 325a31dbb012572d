"""Finds what somebody means by a file, a name or a job, and collects what is known of it."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.spool import CLAIMED
from dropbox_agent.core import explaining
from dropbox_agent.core.explaining import Explanation, WaitingDrop
from dropbox_agent.core.job import Job
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import job_in, shown
from dropbox_agent.inspection.home import HomeState
from dropbox_agent.inspection.inboxes import InboxesSeen, Thing, base_name
from dropbox_agent.inspection.stories import Stories
from dropbox_agent.settings import Settings

MOST_JOBS = 10
"""How many jobs for files of one name are told."""

MOST_NAMES = 2_000
"""How many names from the inboxes, and from the journal, are compared with an unknown one."""


def explain(settings: Settings, asked: str, here: Path) -> Explanation:
    """Say where a file stands.

    Args:
        settings: Where everything lies.
        asked: A path, absolute or below ``here``, the home or the inbox; a name; or a job's id.
        here: The current folder.

    Raises:
        AgentError: The state folder or the journal cannot be read.
    """
    home = HomeState.of(settings)
    with home.journal() as journal:
        return _Search(home, journal).answer(asked, here)


class _Search:
    """Searches one home."""

    def __init__(self, home: HomeState, journal: SqliteJournal | None) -> None:
        self._home = home
        self._settings = home.settings
        self._journal = journal
        self._under_way = journal.under_way() if journal else []
        self._inboxes = InboxesSeen(home, self._under_way)
        self._inbox = home.settings.inbox.resolve()
        self._in_folder = {
            (self._inbox / each).resolve(): Path(each) for each in self._inboxes.folders()
        }

    def answer(self, asked: str, here: Path) -> Explanation:
        """Say all there is to say about it."""
        found = [self._at(place) for place in self._places(asked, here)]
        things = tuple(each for each in found if isinstance(each, Thing))
        jobs = [each for each in found if isinstance(each, Job)] or self._jobs(asked, things)
        stories = Stories(self._home, self._journal, self._under_way)
        return Explanation(
            asked=asked,
            is_running=self._home.holder is not None,
            things=things,
            jobs=tuple(stories.tell(job) for job in jobs),
            looked_into=tuple(self._looked_into()),
            nearest=() if things or jobs else self._nearest(asked),
            sick=self._home.sick,
        )

    # What is there

    def _places(self, asked: str, here: Path) -> list[Path]:
        """List what is there that may be meant; what lies in the home's folders comes before all.

        Somebody who has a file of that name elsewhere too means the one that was dropped.
        """
        typed = [here / asked, self._settings.home / asked, self._inbox / asked]
        paths = list(typed)
        if Path(asked).name == asked:
            paths += [folder / asked for folder in self._in_folder]
        # Not every name can be typed as it is: what was copied from the screen is found as well.
        paths += [
            self._inbox / each
            for each in self._inboxes.names()
            if asked in {shown(each), base_name(each)}
        ]
        there = dict.fromkeys(_real(path) for path in paths if os.path.lexists(path))
        ours = [place for place in there if self._is_ours(place)] or self._closed(typed)
        return ours or list(there)[:1]

    def _closed(self, paths: list[Path]) -> list[Path]:
        """Find a place in a folder that cannot be looked into; there may be something or not."""
        places = ((_real(path), self._below_inbox(_real(path))) for path in paths if path.name)
        return [place for place, below in places if below and self._inboxes.is_closed(below)][:1]

    def _is_ours(self, place: Path) -> bool:
        archives = (self._settings.processed.resolve(), self._settings.failed.resolve())
        is_archived = any(place.is_relative_to(root) for root in archives)
        return is_archived or self._below_inbox(place) is not None

    def _below_inbox(self, place: Path) -> Path | None:
        """Return a place as a path below the inbox; the folders there may be links themselves."""
        for above in place.parents:
            if folder := self._in_folder.get(above):
                return folder / place.relative_to(above)
        return place.relative_to(self._inbox) if place.is_relative_to(self._inbox) else None

    def _at(self, place: Path) -> Thing | Job | None:
        """Say what lies at a place; None if it is gone by now."""
        if path := self._below_inbox(place):
            if path.parts[:1] == (CLAIMED,) and len(path.parts) > 1:
                return self._find(path.parts[1]) or explaining.beside(str(path))
            return self._inboxes.explain(path)
        if self._is_ours(place):
            job_id = job_in(place.name)
            return (job_id and self._find(job_id)) or explaining.archived(str(place))
        return explaining.elsewhere(str(place), str(self._settings.inbox))

    # What there was

    def _jobs(self, asked: str, things: tuple[Thing, ...]) -> list[Job]:
        """List the jobs that may be meant: by id, by a name in the archive, by the file's name."""
        name = Path(asked).name
        for job_id in (asked, job_in(name)):
            if job_id and not things and (job := self._find(job_id)):
                return [job]
        drops = {base_name(each.seen.path) for each in things if isinstance(each, WaitingDrop)}
        jobs = [job for each in drops or {shown(name)} for job in self._named(each)]
        jobs.sort(key=lambda job: job.sequence, reverse=True)
        return jobs[:MOST_JOBS]

    def _find(self, job_id: str) -> Job | None:
        return self._journal.find(shown(job_id)) if self._journal else None

    def _named(self, name: str) -> list[Job]:
        return self._journal.named(name, MOST_JOBS) if self._journal else []

    # Where to look otherwise

    def _nearest(self, asked: str) -> tuple[str, ...]:
        names = [base_name(each) for each in islice(self._inboxes.names(), MOST_NAMES)]
        names += self._journal.names(MOST_NAMES) if self._journal else []
        return explaining.nearest(Path(asked).name, names)

    def _looked_into(self) -> Iterator[str]:
        settings = self._settings
        yield from (str(settings.inbox / kind) for kind in Kind)
        yield from (str(settings.processed), str(settings.failed))


def _real(path: Path) -> Path:
    """Resolve the folders of a path, but not what it leads to itself: that may be a link."""
    return path.parent.resolve() / path.name if path.name not in {"", ".."} else path.resolve()
