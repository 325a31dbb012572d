"""Examines the machine: who this is, room on the disks, limits, and what Windows is peculiar in."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from dropbox_agent.adapters.examination import (
    closed_program,
    long_paths_enabled,
    open_files,
    rooms,
    user_name,
)
from dropbox_agent.adapters.mounts import mount_of
from dropbox_agent.core.diagnosis.finding import Finding
from dropbox_agent.core.diagnosis.machine import (
    of_drives,
    of_long_paths,
    of_open_files,
    of_program,
    of_room,
    of_sync,
    of_user,
)
from dropbox_agent.core.kind import Kind
from dropbox_agent.settings import Settings


def examine_machine(settings: Settings, largest: int, runs_as: str | None) -> Iterator[Finding]:
    """Look at user, room, limits and paths.

    Args:
        settings: Where everything lies.
        largest: Bytes of the largest drop that waits.
        runs_as: The user of the agent that runs; None if that is not known.
    """
    is_root = getattr(os, "geteuid", lambda: None)() == 0
    yield of_user(user_name(), is_root=is_root, runs_as=runs_as)
    closed = closed_program()
    yield from of_program(str(closed) if closed else None, user_name())
    yield from _of_rooms(settings, largest)
    yield from of_open_files(open_files())
    yield from _of_paths(settings)


def glance_at_machine(settings: Settings) -> Iterator[Finding]:
    """Look at the same without looking at what waits."""
    yield from _of_rooms(settings, 0)
    yield from _of_paths(settings)


def _of_rooms(settings: Settings, largest: int) -> Iterator[Finding]:
    for room in rooms(_folders(settings)):
        yield of_room(room, settings.min_free, largest)


def _of_paths(settings: Settings) -> Iterator[Finding]:
    folders = [str(each) for each in _folders(settings).values()]
    yield from of_sync(folders)
    if sys.platform == "win32":
        yield from of_drives({each: mount_of(Path(each)) for each in folders})
    yield from of_long_paths(
        [os.path.join(each, max(Kind, key=len)) for each in folders],  # noqa: PTH118 - only text
        are_enabled=long_paths_enabled(),
    )


def _folders(settings: Settings) -> dict[str, Path]:
    return {
        "inbox": settings.inbox,
        "processed": settings.processed,
        "failed": settings.failed,
        "state": settings.state,
    }
