"""A disk whose power can be cut: only what was synced is there afterwards.

The strictest reading of POSIX: a file's content survives if the file was synced, a name in a
folder if the folder was. Both halves of a rename are names in folders, each on its own.
"""

import os
import shutil
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import NamedTuple

from tests.crashes import Fuse, FusedDisk


class Entry(NamedTuple):
    """One name in a folder.

    Attributes:
        inode: What it names.
        is_folder: Whether that is a folder.
    """

    inode: int
    is_folder: bool


class LossyDisk(FusedDisk):
    """Remembers what would survive.

    Attributes:
        synced_folders: Whether folders are synced when asked to; without it names get lost.
        hasty_removals: Whether a removal is safe at once, before what was asked for earlier.
    """

    synced_folders = True
    hasty_removals = False

    def __init__(self, fuse: Fuse, roots: Iterable[Path], graveyard: Path) -> None:
        super().__init__(fuse)
        self._graveyard = graveyard
        self._graves = count()
        self._roots = tuple(roots)
        self._names: dict[Path, dict[str, Entry]] = {}
        self._contents: dict[int, tuple[bytes, int]] = {}

    def assume_synced(self) -> None:
        """Take all that is there now for safe: it came from others, long ago."""
        for root in self._roots:
            for folder, _, files in os.walk(root):
                self._keep_names(Path(folder))
                for name in files:
                    self._keep_content(Path(folder) / name)

    def assume_safe(self, path: Path) -> None:
        """Take one file for safe, its content and its name; its sender has seen to that."""
        self._keep_content(path)
        found = path.stat()
        self._names[path.parent][path.name] = Entry(found.st_ino, is_folder=False)

    def write(self, path: Path, chunks: Iterable[bytes], mode: int = 0o644) -> None:
        """Write a file and sync its content."""
        super().write(path, chunks, mode)
        self._keep_content(path)

    def copy(self, source: Path, target: Path) -> None:
        """Copy a file and sync the copy's content."""
        super().copy(source, target)
        self._keep_content(target)

    def remove(self, path: Path) -> None:
        """Remove a file; until the name is safely gone, nothing else may get its inode."""
        if path.exists():
            os.link(path, self._graveyard / f"removed-{next(self._graves)}")
        try:
            super().remove(path)
        finally:
            if self.hasty_removals and not path.exists():
                self._names[path.parent].pop(path.name, None)

    def sync_folder(self, path: Path) -> None:
        """Make a folder's names safe."""
        super().sync_folder(path)
        if self.synced_folders:
            self._keep_names(path)

    def cut_power(self) -> None:
        """Leave of the folders only what is safe."""
        kept: dict[int, Path] = {}
        for root in self._roots:
            shutil.rmtree(root)
            self._restore(root, kept)
        # Only now, as the restored files may have got the inodes of others.
        self._names.clear()
        self._contents.clear()
        self.assume_synced()

    def _keep_names(self, folder: Path) -> None:
        with os.scandir(folder) as entries:
            self._names[folder] = {
                each.name: Entry(each.inode(), each.is_dir(follow_symlinks=False))
                for each in entries
            }

    def _keep_content(self, path: Path) -> None:
        found = path.stat()
        self._contents[found.st_ino] = (path.read_bytes(), found.st_mtime_ns)

    def _restore(self, folder: Path, kept: dict[int, Path]) -> None:
        folder.mkdir()
        for name, entry in self._names.get(folder, {}).items():
            path = folder / name
            if entry.is_folder:
                self._restore(path, kept)
            elif entry.inode in kept:
                os.link(kept[entry.inode], path)
            else:
                content, mtime_ns = self._contents.get(entry.inode, (b"", 0))
                path.write_bytes(content)
                os.utime(path, ns=(mtime_ns, mtime_ns))
                kept[entry.inode] = path
