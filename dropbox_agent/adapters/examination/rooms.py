"""Sees how much room there is on the disks of some folders."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from dropbox_agent.core.diagnosis.machine import Room


def rooms(folders: Mapping[str, Path]) -> list[Room]:
    """Say what is free on each disk; folders that are not there are left out.

    Args:
        folders: By the names they go by.
    """
    disks: dict[tuple[int, int], list[str]] = {}
    places: dict[tuple[int, int], Path] = {}
    for name, folder in folders.items():
        try:
            key = (folder.stat().st_dev, shutil.disk_usage(folder).total)
        except OSError:
            continue
        disks.setdefault(key, []).append(name)
        places[key] = folder
    return [_room(tuple(names), places[key]) for key, names in disks.items()]


def _room(names: tuple[str, ...], folder: Path) -> Room:
    free = shutil.disk_usage(folder).free
    if not hasattr(os, "statvfs"):
        return Room(names, free)
    found = os.statvfs(folder)
    # Some file systems count no inodes at all, and have room for any number of files.
    return Room(names, free, has_places=found.f_favail > 0 or found.f_files == 0)
