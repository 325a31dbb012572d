"""Says what something in the inboxes is: a drop, a marker, left alone, or a mistake."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from dropbox_agent.core import explaining
from dropbox_agent.core.dropnames import COLUMNS_NAME, ignored_by
from dropbox_agent.core.explaining import AgentWord, Bystander, Told, WaitingDrop
from dropbox_agent.core.job import Job
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.sighting import Listing, Sighting
from dropbox_agent.errors import AgentError
from dropbox_agent.inspection.home import HomeState

Thing = WaitingDrop | Bystander


class InboxesSeen:
    """The inboxes of one home, as somebody sees them who only looks. Paths are below the inbox."""

    def __init__(self, home: HomeState, under_way: Sequence[Job]) -> None:
        """Take what was read already."""
        self._home = home
        self._root = home.settings.inbox
        self._under_way = under_way

    def names(self) -> Iterator[str]:
        """List the paths of all drops and mistakes."""
        for kind in Kind:
            if isinstance(listing := self._home.listing(kind), Listing):
                yield from (drop.path for drop in listing.drops)
                yield from (mistake.path for mistake in listing.mistakes)

    def folders(self) -> list[str]:
        """List the folders that drops may lie in; no link is one, wherever it leads."""
        try:
            with os.scandir(self._root / Kind.VOUCHERS) as entries:
                names = [each.name for each in entries if each.is_dir(follow_symlinks=False)]
        except OSError:
            names = []
        sets = (str(Path(Kind.VOUCHERS, name)) for name in names if ignored_by(name) is None)
        return [*Kind, *sets]

    def is_closed(self, path: Path) -> bool:
        """Whether a path leads into the folder of a set that cannot be listed."""
        listing = self._home.listing(Kind.VOUCHERS)
        return isinstance(listing, Listing) and self._closed_above(path, listing) is not None

    def explain(self, path: Path) -> Thing | None:
        """Say what lies at a path; None if it is gone by now."""
        kind = next((each for each in Kind if path.parts[:1] == (each.value,)), next(iter(Kind)))
        listing = self._home.listing(kind)
        if isinstance(listing, AgentError):
            return explaining.out_of_reach(str(path), listing.message, listing.hint)
        return (
            self._drop_or_marker(path, listing)
            or self._mistake_or_ignored(path, listing)
            or self._closed(path, listing)
            or self._folder(path, kind, listing)
        )

    def _drop_or_marker(self, path: Path, listing: Listing) -> Thing | None:
        for seen in listing.drops:
            if seen.path == str(path):
                return self._drop(seen)
            if seen.marker and Path(seen.path).with_name(seen.marker.name) == path:
                return explaining.marker(str(path), seen.name)
        return None

    def _mistake_or_ignored(self, path: Path, listing: Listing) -> Thing | None:
        """Judge by its own name, or by that of a folder above it."""
        mistakes = {each.path: each.why for each in listing.mistakes}
        if why := mistakes.get(str(path)):
            return explaining.mistaken(str(path), why)
        for above in (path, *path.parents[:-1]):
            if pattern := ignored_by(above.name, self._home.settings.ignore):
                return explaining.ignored(str(path), pattern)
            if why := mistakes.get(str(above)):
                return explaining.within(str(path), str(above), why)
        return None

    def _closed(self, path: Path, listing: Listing) -> Thing | None:
        if above := self._closed_above(path, listing):
            return explaining.closed(str(path), str(above))
        return None

    def _closed_above(self, path: Path, listing: Listing) -> Path | None:
        """Find the folder above something that cannot be listed: that is shown as a drop itself."""
        drops = {seen.path for seen in listing.drops if not seen.regular}
        folders = {each for each in self.folders() if each in drops}
        return next((above for above in path.parents if str(above) in folders), None)

    def _folder(self, path: Path, kind: Kind, listing: Listing) -> Thing | None:
        if path.name == COLUMNS_NAME:
            return explaining.columns_file(str(path))
        if str(path) not in self.folders():
            return None
        waiting = sum(Path(seen.path).parent == path for seen in listing.drops)
        return explaining.folder(str(path), kind, waiting)

    def _drop(self, seen: Sighting) -> WaitingDrop:
        home, told = self._home, self._home.told or {}
        drop = home.told_of_drop(seen)
        under_way = sum(job.under_way and job.kind is seen.kind for job in self._under_way)
        glance = home.glance(seen, read_it=True, under_way=under_way)
        word = AgentWord(
            is_running=home.holder is not None,
            is_sick=home.sick is not None,
            told=Told.read(drop) if drop else None,
            in_sight=told.get("drops_in_sight", 0),
            told_of=len(told.get("drops", ())),
            pause=home.pause_of(f"looking into {seen.kind}"),
            jobs_ahead=home.settings.jobs_ahead,
        )
        return explaining.explain_drop(glance, home.settings.settle_rules, word)


def base_name(path: str) -> str:
    """Return the last element of a path below the inbox, on one line."""
    return shown(Path(path).name)
