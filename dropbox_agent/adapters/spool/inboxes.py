"""The inboxes: what senders have put there."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from dropbox_agent.core.kind import Kind
from dropbox_agent.core.settling import Sighting, is_wanted


class Inboxes:
    """One folder for each kind, and in that of vouchers one for each coupon set."""

    def __init__(self, root: Path, ignore: tuple[str, ...]) -> None:
        """Take the folder they lie in, and the user's own patterns to ignore."""
        self._root = root
        self._ignore = ignore

    def sightings(self, kind: Kind) -> list[Sighting]:
        """List the drops in the inbox of one kind.

        Raises:
            OSError: The folder cannot be listed.
        """
        return list(self._list(self._root / kind, kind, None))

    def path(self, seen: Sighting) -> Path:
        """Say where a drop lies."""
        return self._root / seen.path

    def folders(self, kind: Kind) -> list[Path]:
        """List the folders that drops of a kind come from."""
        inbox = self._root / kind
        return [inbox, *(each for each in inbox.iterdir() if each.is_dir())]

    def twin_of(self, payload: Path, kind: Kind) -> Path | None:
        """Find the name that a claimed payload still has in its inbox, if it has one there too."""
        for folder in self.folders(kind):
            twin = folder / payload.name
            if os.path.lexists(twin) and twin.samefile(payload):
                return twin
        return None

    def _list(self, folder: Path, kind: Kind, coupon_set: str | None) -> Iterator[Sighting]:
        with os.scandir(folder) as entries:
            for entry in entries:
                if is_wanted(entry.name, self._ignore):
                    if seen := self._see(entry, kind, coupon_set):
                        yield seen
                elif kind is Kind.VOUCHERS and coupon_set is None and _is_set_folder(entry):
                    yield from self._list_set(entry)

    def _list_set(self, entry: os.DirEntry[str]) -> Iterator[Sighting]:
        """List the folder of one coupon set; one that cannot be listed is shown as a whole."""
        try:
            yield from self._list(Path(entry.path), Kind.VOUCHERS, entry.name)
        except OSError:
            if seen := self._see(entry, Kind.VOUCHERS, None):
                yield seen

    def _see(self, entry: os.DirEntry[str], kind: Kind, coupon_set: str | None) -> Sighting | None:
        try:
            # Not entry.stat: on Windows it has no inode and a stale size. Not Path.stat: it
            # would double the cost of listing many thousand names.
            seen = os.stat(entry.path, follow_symlinks=False)  # noqa: PTH116
        except FileNotFoundError:
            return None  # moved away since the listing began
        return Sighting(
            path=os.path.relpath(entry.path, self._root),
            kind=kind,
            folder=coupon_set,
            name=entry.name,
            regular=stat.S_ISREG(seen.st_mode),
            size=seen.st_size,
            inode=seen.st_ino,
            mtime_ns=seen.st_mtime_ns,
            ctime_ns=seen.st_ctime_ns,
        )


def _is_set_folder(entry: os.DirEntry[str]) -> bool:
    return not entry.name.startswith((".", "@", "#", "$")) and entry.is_dir(follow_symlinks=False)
