"""The inboxes: what senders have put there."""

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.core.dropnames import COLUMNS_NAME, ignored_by, is_wanted, mistake
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.pairing import marked_by, pair
from dropbox_agent.core.sighting import Listing, MarkerSighting, Mistake, Sighting

NO_KIND = "in no kind's folder: put it into contacts, products or vouchers"
NO_FOLDERS = "a folder: put the files themselves into the folder of their kind"
NO_MARKER = "called like a marker, but not a plain file"


@dataclass(frozen=True, slots=True)
class _Place:
    """One folder that drops lie in, and what of it has to be put together in the end.

    Attributes:
        kind: The kind of the drops.
        coupon_set: The set whose folder it is; None directly below the kind.
        below: Its path below the inbox.
        known: Plain files that the last listing has shown, by their paths below the inbox.
        closely: Whether to look for changes of those.
        drops: Those found in it, without their markers.
        markers: Those found in it, by their names without the suffix.
    """

    kind: Kind
    coupon_set: str | None
    below: str
    known: Mapping[str, Sighting]
    closely: bool = True
    drops: list[Sighting] = field(default_factory=list)
    markers: dict[str, MarkerSighting] = field(default_factory=dict)

    def path(self, name: str) -> str:
        """Give the path of something in it, below the inbox."""
        return f"{self.below}{os.sep}{name}"  # a Path would take half the time of a listing

    def see(self, name: str, found: os.stat_result) -> Sighting:
        """Take down a drop.

        In a long listing nearly all are as they were: those are the same values as before.
        """
        path = self.path(name)
        before = self.known.get(path)
        if before and _is_unchanged(before, found):
            return before
        return Sighting(
            path=path,
            kind=self.kind,
            folder=self.coupon_set,
            name=name,
            regular=stat.S_ISREG(found.st_mode),
            size=found.st_size,
            inode=found.st_ino,
            mtime_ns=found.st_mtime_ns,
            ctime_ns=found.st_ctime_ns,
        )


class Inboxes:
    """One folder for each kind, and in that of vouchers one for each coupon set."""

    def __init__(
        self,
        root: Path,
        disk: Disk,
        *,
        ignore: tuple[str, ...] = (),
        done_suffix: str | None = None,
    ) -> None:
        """Take the folder they lie in.

        Args:
            root: That folder.
            disk: Makes every change.
            ignore: The user's own patterns of names to leave alone.
            done_suffix: What the names of markers end in, in any case; None where there are none.
        """
        self._root = root
        self._disk = disk
        self._ignore = ignore
        self._done_suffix = done_suffix
        self._known: dict[Kind, dict[str, Sighting]] = {}

    def listing(self, kind: Kind, *, closely: bool = True) -> Listing:
        """List what is in the inbox of one kind; one that somebody has removed is made again.

        Args:
            kind: Of what.
            closely: Whether to look for changes of the files that the last listing has shown. To
                ask for each is what takes the time; only empty ones are asked for in any case.

        Raises:
            OSError: The folder cannot be listed.
        """
        listing = Listing([], [])
        folder = self._root / kind
        if not folder.exists():
            self._disk.make_folder(folder)
        known = self._known.get(kind, {})
        self._list(_Place(kind, None, kind, known, closely=closely), listing)
        if kind is next(iter(Kind)):  # once is enough
            listing.mistakes.extend(self._astray())
        # Only plain files: the folder of a set is shown as a drop while it cannot be listed.
        self._known[kind] = {seen.path: seen for seen in listing.drops if seen.regular}
        return listing

    def look_again(self, seen: Sighting) -> Sighting | None:
        """Look at one drop, and at its marker if it had one; None if it is gone."""
        found = _stat(str(self.path(seen)))
        known = self._known.get(seen.kind, {})
        if found is None:
            known.pop(seen.path, None)
            return None
        below = seen.path.removesuffix(f"{os.sep}{seen.name}")
        again = _Place(seen.kind, seen.folder, below, {seen.path: seen}).see(seen.name, found)
        again = replace(again, marker=self._marker_again(seen))
        if again == seen:
            return seen
        known[seen.path] = again  # else the next glance would show it as it was
        return again

    def _marker_again(self, seen: Sighting) -> MarkerSighting | None:
        if (marker := self.marker(seen)) is None or (found := _stat(str(marker))) is None:
            return None
        return MarkerSighting(marker.name, found.st_size, found.st_mtime_ns)

    def path(self, seen: Sighting) -> Path:
        """Say where a drop lies."""
        return self._root / seen.path

    def marker(self, seen: Sighting) -> Path | None:
        """Say where the marker of a drop lies; None if it has none."""
        return self.path(seen).with_name(seen.marker.name) if seen.marker else None

    def folders(self, kind: Kind) -> list[Path]:
        """List the folders that drops of a kind come from; that of the kind itself first."""
        inbox = self._root / kind
        with os.scandir(inbox) as entries:
            sets = [Path(each.path) for each in entries if each.is_dir(follow_symlinks=False)]
        return [inbox, *sets]

    def origin(self, kind: Kind, coupon_set: str | None) -> Path | None:
        """Find the folder that a drop came from; None if it is gone.

        Args:
            kind: Of the drop.
            coupon_set: Name of its set's folder, as it is shown; None directly below the kind.
        """
        if coupon_set is None:
            return self._root / kind
        _, *sets = self.folders(kind)
        return next((each for each in sets if shown(each.name) == coupon_set), None)

    def twin_of(self, payload: Path, folder: Path) -> Path | None:
        """Find the name that a claimed payload still has where it came from, if it has one."""
        twin, ours = folder / payload.name, payload.lstat()
        with suppress(FileNotFoundError, PermissionError):
            if os.path.samestat(twin.lstat(), ours):  # not that to which a link leads
                return twin
        return None

    def markers_left_by(self, payload: Path, folder: Path) -> Iterator[Path]:
        """Find the markers that a claimed payload has left behind, where no other file has come."""
        suffix = self._done_suffix
        if suffix is None or os.path.lexists(folder / payload.name):
            return
        for name in marked_by(payload.name):
            for ending in {suffix, suffix.lower(), suffix.upper()}:
                marker = folder / f"{name}{ending}"
                if os.path.isfile(marker):  # noqa: PTH113 - Path's own fails for names too long
                    yield marker

    def _list(self, place: _Place, into: Listing) -> None:
        with os.scandir(self._root / place.below) as entries:
            for entry in entries:
                if (marked := self._marked_by(entry.name)) is not None:
                    _take_marker(entry, marked, place, into)
                elif before := place.known.get(place.path(entry.name)):
                    _see_again(entry, before, place)
                elif is_wanted(entry.name, self._ignore):
                    if found := _stat(entry.path):
                        place.drops.append(place.see(entry.name, found))
                elif place.coupon_set is None and self._is_set(entry, place.kind):
                    self._list_set(entry, place, into)
                elif entry.name != COLUMNS_NAME and ignored_by(entry.name, self._ignore) is None:
                    into.mistakes.append(_mistake(entry, place))
        self._put_together(place, into)

    def _list_set(self, entry: os.DirEntry[str], place: _Place, into: Listing) -> None:
        """List the folder of one coupon set; one that cannot be listed is shown as a whole."""
        try:
            below = place.path(entry.name)
            self._list(
                _Place(place.kind, entry.name, below, place.known, closely=place.closely), into
            )
        except OSError:
            if found := _stat(entry.path):
                into.drops.append(place.see(entry.name, found))

    def _is_set(self, entry: os.DirEntry[str], kind: Kind) -> bool:
        if kind is not Kind.VOUCHERS or ignored_by(entry.name, self._ignore):
            return False
        return entry.is_dir(follow_symlinks=False)

    def _marked_by(self, name: str) -> str | None:
        """Return a marker's name without the suffix; None if it is not called like a marker."""
        suffix = self._done_suffix
        if suffix is None or not name.lower().endswith(suffix.lower()):
            return None
        return name[: -len(suffix)]

    def _put_together(self, place: _Place, into: Listing) -> None:
        """Give each drop its marker."""
        if self._done_suffix is None:
            into.drops.extend(place.drops)
            return
        pairing = pair([each.name for each in place.drops], place.markers)
        for drop in place.drops:
            marked = pairing.markers.get(drop.name)
            marker = place.markers[marked] if marked else None
            into.drops.append(drop if drop.marker == marker else replace(drop, marker=marker))
        for marked, why in pairing.left_over.items():
            name = place.markers[marked].name
            if ignored_by(name, self._ignore) is None:
                into.mistakes.append(Mistake(place.path(name), why))

    def _astray(self) -> Iterator[Mistake]:
        """List what lies beside the folders of the kinds."""
        with os.scandir(self._root) as entries:
            for entry in entries:
                if entry.name not in set(Kind) and ignored_by(entry.name, self._ignore) is None:
                    yield Mistake(entry.name, NO_KIND)


def _see_again(entry: os.DirEntry[str], before: Sighting, place: _Place) -> None:
    if before.size and not place.closely:
        place.drops.append(before)
    elif found := _stat(entry.path):
        place.drops.append(place.see(entry.name, found))


def _take_marker(entry: os.DirEntry[str], marked: str, place: _Place, into: Listing) -> None:
    found = _stat(entry.path)
    if found is None:
        return
    if stat.S_ISREG(found.st_mode):
        place.markers[marked] = MarkerSighting(entry.name, found.st_size, found.st_mtime_ns)
    else:
        into.mistakes.append(Mistake(place.path(entry.name), NO_MARKER))


def _mistake(entry: os.DirEntry[str], place: _Place) -> Mistake:
    is_folder = entry.is_dir(follow_symlinks=False)
    return Mistake(place.path(entry.name), NO_FOLDERS if is_folder else mistake(entry.name))


def _is_unchanged(seen: Sighting, found: os.stat_result) -> bool:
    """Whether a plain file is what it was."""
    return (
        seen.ctime_ns == found.st_ctime_ns
        and seen.mtime_ns == found.st_mtime_ns
        and seen.size == found.st_size
        and seen.inode == found.st_ino
        and stat.S_ISREG(found.st_mode)
    )


def _stat(path: str) -> os.stat_result | None:
    try:
        # Not entry.stat: on Windows it has no inode and a stale size. Not Path.stat: it would
        # double the cost of listing many thousand names.
        return os.stat(path, follow_symlinks=False)  # noqa: PTH116
    except FileNotFoundError:
        return None  # moved away since the listing began
