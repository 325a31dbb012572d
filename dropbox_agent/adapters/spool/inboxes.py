"""The inboxes: what senders have put there."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from dropbox_agent.adapters.spool.disk import Disk
from dropbox_agent.core.dropnames import ignored_by, is_wanted, mistake
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import payload_ending
from dropbox_agent.core.sighting import Listing, MarkerSighting, Mistake, Sighting

NO_KIND = "in no kind's folder: put it into contacts, products or vouchers"
NO_FOLDERS = "a folder: put the files themselves into the folder of their kind"


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
            done_suffix: What the names of markers end in; None where there are none.
        """
        self._root = root
        self._disk = disk
        self._ignore = ignore
        self._done_suffix = done_suffix

    def listing(self, kind: Kind) -> Listing:
        """List what is in the inbox of one kind; one that somebody has removed is made again.

        Raises:
            OSError: The folder cannot be listed.
        """
        listing = Listing([], [])
        folder = self._root / kind
        if not folder.exists():
            self._disk.make_folder(folder)
        self._list(folder, kind, None, listing)
        if kind is next(iter(Kind)):  # once is enough
            listing.mistakes.extend(self._astray())
        return listing

    def path(self, seen: Sighting) -> Path:
        """Say where a drop lies."""
        return self._root / seen.path

    def marker(self, seen: Sighting) -> Path | None:
        """Say where the marker of a drop lies; None if it has none."""
        return self.path(seen).with_name(seen.marker.name) if seen.marker else None

    def folders(self, kind: Kind) -> list[Path]:
        """List the folders that drops of a kind come from."""
        inbox = self._root / kind
        return [inbox, *(each for each in inbox.iterdir() if each.is_dir())]

    def twin_of(self, payload: Path, kind: Kind) -> Path | None:
        """Find the name that a claimed payload still has in its inbox, if it has one there too."""
        ours = payload.lstat()
        for folder in self.folders(kind):
            twin = folder / payload.name
            with suppress(FileNotFoundError, PermissionError):
                if os.path.samestat(twin.lstat(), ours):  # not that to which a link leads
                    return twin
        return None

    def markers_left_by(self, payload: Path, kind: Kind) -> Iterator[Path]:
        """Find the markers that a claimed payload has left behind, where no other file has come."""
        for folder in self.folders(kind):
            if self._done_suffix and not os.path.lexists(folder / payload.name):
                names = marker_names(payload.name, self._done_suffix)
                yield from (folder / name for name in names if (folder / name).is_file())

    def _list(self, folder: Path, kind: Kind, coupon_set: str | None, into: Listing) -> None:
        markers: dict[str, MarkerSighting] = {}
        wanted: list[tuple[os.DirEntry[str], os.stat_result]] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if self._done_suffix and entry.name.endswith(self._done_suffix):
                    if found := _stat(entry):
                        facts = MarkerSighting(entry.name, found.st_size, found.st_mtime_ns)
                        markers[entry.name] = facts
                elif is_wanted(entry.name, self._ignore):
                    if found := _stat(entry):
                        wanted.append((entry, found))
                elif kind is Kind.VOUCHERS and coupon_set is None and _is_set_folder(entry):
                    self._list_set(entry, into)
                elif ignored_by(entry.name, self._ignore) is None:
                    into.mistakes.append(self._mistake(entry))
        for entry, found in wanted:
            seen = self._see(entry, found, kind, coupon_set)
            into.drops.append(self._with_marker(seen, markers) if self._done_suffix else seen)
        into.mistakes.extend(self._lonely(folder, markers))

    def _list_set(self, entry: os.DirEntry[str], into: Listing) -> None:
        """List the folder of one coupon set; one that cannot be listed is shown as a whole."""
        try:
            self._list(Path(entry.path), Kind.VOUCHERS, entry.name, into)
        except OSError:
            if found := _stat(entry):
                into.drops.append(self._see(entry, found, Kind.VOUCHERS, None))

    def _see(
        self, entry: os.DirEntry[str], found: os.stat_result, kind: Kind, coupon_set: str | None
    ) -> Sighting:
        return Sighting(
            path=os.path.relpath(entry.path, self._root),
            kind=kind,
            folder=coupon_set,
            name=entry.name,
            regular=stat.S_ISREG(found.st_mode),
            size=found.st_size,
            inode=found.st_ino,
            mtime_ns=found.st_mtime_ns,
            ctime_ns=found.st_ctime_ns,
        )

    def _with_marker(self, seen: Sighting, markers: dict[str, MarkerSighting]) -> Sighting:
        names = marker_names(seen.name, self._done_suffix or "")
        marker = next((markers.pop(name) for name in names if name in markers), None)
        return replace(seen, marker=marker)

    def _mistake(self, entry: os.DirEntry[str]) -> Mistake:
        is_folder = entry.is_dir(follow_symlinks=False)
        return Mistake(self._below(entry), NO_FOLDERS if is_folder else mistake(entry.name))

    def _lonely(self, folder: Path, markers: dict[str, MarkerSighting]) -> Iterator[Mistake]:
        for name in markers:
            path = os.path.relpath(folder / name, self._root)
            yield Mistake(path, "a marker whose file is not there")

    def _astray(self) -> Iterator[Mistake]:
        """List what lies beside the folders of the kinds."""
        with os.scandir(self._root) as entries:
            for entry in entries:
                if entry.name not in set(Kind) and ignored_by(entry.name, self._ignore) is None:
                    yield Mistake(self._below(entry), NO_KIND)

    def _below(self, entry: os.DirEntry[str]) -> str:
        return os.path.relpath(entry.path, self._root)


def marker_names(name: str, suffix: str) -> tuple[str, str]:
    """Name the markers that a drop may have: ``x.csv.done`` and ``x.done``."""
    return name + suffix, name[: -len(payload_ending(name))] + suffix


def _stat(entry: os.DirEntry[str]) -> os.stat_result | None:
    try:
        # Not entry.stat: on Windows it has no inode and a stale size. Not Path.stat: it would
        # double the cost of listing many thousand names.
        return os.stat(entry.path, follow_symlinks=False)  # noqa: PTH116
    except FileNotFoundError:
        return None  # moved away since the listing began


def _is_set_folder(entry: os.DirEntry[str]) -> bool:
    return ignored_by(entry.name) is None and entry.is_dir(follow_symlinks=False)
