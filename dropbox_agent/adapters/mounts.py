"""Finds out on what kind of file system a folder lies.

That decides how far wake-ups can be relied on: trying it out with a file of our own would prove
nothing, because our own writes are announced on a network share too.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from dropbox_agent.core.mount import UNKNOWN, Mount, Reach

ESCAPE: Final = re.compile(r"\\([0-7]{3})")
"""How Linux writes blanks, tabs, newlines and backslashes in the list of mounts."""

REMOTE_DRIVE: Final = 4
OWN_DRIVES: Final = {2: "removable", 3: "fixed", 5: "optical", 6: "memory"}
"""What Windows' ``GetDriveTypeW`` answers (documented); 0 and 1 mean that it cannot tell."""


def mount_in(table: str, place: str, device: str) -> Mount:
    """Find the mount that a folder lies on in Linux's ``/proc/self/mountinfo``.

    Of mounts one upon the other the last counts. One that was hidden later, by a mount over a
    folder above it, is still listed; the device tells it from the one that is in use.

    Args:
        table: The content of that file: ``id parent major:minor root point … - type source …``.
        place: The folder, absolute and without links.
        device: Its device as ``major:minor``; some file systems give others than in the list.
    """
    above = [(of, mount) for of, mount in _mounts(table) if _is_below(place, mount.point)]
    fitting = [mount for of, mount in above if of == device] or [mount for _, mount in above]
    return max(reversed(fitting), key=lambda mount: len(mount.point), default=UNKNOWN)


def _mounts(table: str) -> Iterator[tuple[str, Mount]]:
    for line in table.split("\n"):  # not splitlines: a mount point may hold odd line ends
        place, _, kind = line.partition(" - ")
        fields, types = place.split(" "), kind.split(" ")
        if len(fields) > 4 and types[0]:  # noqa: PLR2004 - the fifth field is the mount point
            point = ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[4])
            yield fields[2], Mount.of_type(types[0], point)


def _is_below(place: str, point: str) -> bool:
    return place == point or place.startswith(point.rstrip("/") + "/")


def drive_of(place: str) -> str | None:
    r"""Give the root of the drive of an absolute Windows path, such as ``C:\``.

    None for a path to another machine: ``\\server\share\…``, also as ``\\?\UNC\server\share\…``.
    """
    place = place.replace("/", "\\")
    if place[:4] in {"\\\\?\\", "\\\\.\\"}:
        place = "\\\\" if place[4:8].upper() == "UNC\\" else place[4:]
    return None if place.startswith("\\\\") else place[:2] + "\\"


def drive_mount(drive: str | None, kind: int) -> Mount:
    """Classify a Windows drive by what ``GetDriveTypeW`` says of it."""
    if drive is None or kind == REMOTE_DRIVE:
        return Mount("", Reach.NETWORK, drive or "")
    if kind in OWN_DRIVES:
        return Mount(f"{OWN_DRIVES[kind]} drive", Reach.LOCAL, drive)
    return Mount(point=drive)


if sys.platform == "linux":
    MOUNTS: Final = Path("/proc/self/mountinfo")

    def mount_of(folder: Path) -> Mount:
        """Say what a folder lies on; never raises. Waits as long as a share that hangs."""
        try:
            place = folder.resolve()
            device = place.stat().st_dev  # also has a share mounted that is mounted on demand
            table = os.fsdecode(MOUNTS.read_bytes())
        except (OSError, RuntimeError):  # the latter for links that lead to each other
            return UNKNOWN
        return mount_in(table, str(place), f"{os.major(device)}:{os.minor(device)}")

elif sys.platform == "win32":
    import ctypes

    def mount_of(folder: Path) -> Mount:
        """Say what a folder lies on; never raises. Waits as long as a share that hangs."""
        try:
            drive = drive_of(str(folder.resolve()))
        except (OSError, RuntimeError):  # the latter for links that lead to each other
            return UNKNOWN
        return drive_mount(drive, ctypes.windll.kernel32.GetDriveTypeW(drive) if drive else 0)

else:

    def mount_of(folder: Path) -> Mount:  # noqa: ARG001 - the same signature on every system
        """Say that this system gives no way to tell."""
        return UNKNOWN
