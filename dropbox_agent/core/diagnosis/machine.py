"""What can be wrong with the machine: room on its disks, limits, names of paths on Windows."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from dropbox_agent.core.diagnosis.finding import Finding, fault, ok, unclear, warning
from dropbox_agent.core.mount import Mount
from dropbox_agent.core.naming import MAX_NAME_BYTES
from dropbox_agent.core.telling import size

OPEN_FILES_NEEDED = 256
"""Ample for sending, checking and filing at once; a session uses about fifty."""

LONGEST_WINDOWS_PATH = 259
"""Characters of a path where long ones are not enabled (documented by Microsoft: 260 with the
final zero)."""

SYNCED = re.compile(r"OneDrive( - .+)?|Dropbox|Google Drive|My Drive|iCloudDrive|Nextcloud|pCloud")
"""How programs that keep folders in step with the cloud call theirs."""


@dataclass(frozen=True, slots=True)
class Room:
    """The space on the disk of some folders.

    Attributes:
        folders: They lie on one disk.
        free: Bytes that we may use.
        has_places: Whether there are inodes left for new files.
    """

    folders: tuple[str, ...]
    free: int
    has_places: bool = True


def of_room(room: Room, min_free: int, largest: int) -> Finding:
    """Judge whether there is room for what comes.

    Args:
        room: What there is.
        min_free: Bytes that have to stay free.
        largest: Bytes of the largest drop that waits.
    """
    check = "free space"
    where = ", ".join(room.folders)
    told = f"{size(room.free)} free for {where}"
    mend = "Make room on that disk, or lower AGENT_MIN_FREE."
    if not room.has_places:
        return fault(
            check,
            f"The disk of {where} has no place for another file (no inodes).",
            "Remove small files that nobody needs from that disk.",
        )
    if room.free < min_free:
        found = f"{told}: less than AGENT_MIN_FREE ({size(min_free)}), so no file is taken."
        return fault(check, found, mend)
    if room.free < min_free + largest:
        found = f"{told}: too little for the largest file that waits ({size(largest)})."
        return warning(check, found, mend)
    return ok(check, f"{told}; {size(min_free)} have to stay free.")


def of_open_files(limit: int | None) -> Iterator[Finding]:
    """Judge how many files the agent may have open; None where there is no limit to be asked."""
    if limit is None:
        return
    if limit < OPEN_FILES_NEEDED:
        yield warning(
            "open files",
            f"A process may have {limit:,} files open.",
            f"Allow {OPEN_FILES_NEEDED} or more: LimitNOFILE= in the unit, or ulimit -n.",
        )
    else:
        yield ok("open files", f"A process may have {limit:,} files open.")


def of_drives(mounts: Mapping[str, Mount]) -> Iterator[Finding]:
    """Judge drive letters: those of shares exist only for the user who has mapped them.

    Args:
        mounts: What each path lies on.
    """
    for path, mount in mounts.items():
        if mount.is_remote and mount.point and path.upper().startswith(mount.point[:2].upper()):
            yield fault(
                "drive letters",
                f"{path} is on a share mapped to the letter {mount.point[:2]}, which services do "
                "not have.",
                r"Write the path of the share itself: \\server\share\folder",
            )


def of_long_paths(folders: Iterable[str], *, are_enabled: bool | None) -> Iterator[Finding]:
    """Judge whether names in the archive may become too long for Windows.

    Args:
        folders: Where the longest names are made.
        are_enabled: Whether Windows allows long paths; None on other systems.
    """
    if are_enabled is None:
        return
    check = "long paths"
    longest = max(folders, key=len)
    room = LONGEST_WINDOWS_PATH - len(longest) - 1
    if are_enabled:
        yield ok(check, "Windows allows long paths.")
    elif room < MAX_NAME_BYTES:
        yield warning(
            check,
            f"Windows allows {LONGEST_WINDOWS_PATH} characters in a path, which leaves {room} for "
            f"a name in {longest}.",
            "Use a home with a short path, or enable long paths: set LongPathsEnabled to 1 in "
            r"HKLM\SYSTEM\CurrentControlSet\Control\FileSystem.",
        )
    else:
        yield ok(check, f"{longest} leaves {room} characters for a name.")


def of_sync(folders: Iterable[str]) -> Iterator[Finding]:
    """Judge folders that some other program keeps in step with the cloud."""
    for folder in folders:
        parts = re.split(r"[\\/]", folder)
        if by := next((part for part in parts if SYNCED.fullmatch(part)), None):
            yield warning(
                "synced folders",
                f"{folder} lies in a folder of {by.partition(' - ')[0]}, which locks and moves "
                "files by itself.",
                "Use a folder that no such program looks after, and leave it out of virus scans.",
            )


def of_program(closed: str | None, user: str) -> Iterator[Finding]:
    """Judge whether a user may run the program at all.

    Args:
        closed: A folder of the program that the user may not read; None if there is none.
        user: The name of who tried.
    """
    if closed:
        yield fault(
            "program",
            f"The user {user} may not read {closed}, and so cannot run the program.",
            "Install it where everybody may read it: python3 -m venv /opt/dropbox-agent, with a "
            "Python that is not in somebody's home.",
        )


def of_user(user: str, *, is_root: bool, runs_as: str | None) -> Finding:
    """Say for whom all this was found out.

    Args:
        user: The name of who tried.
        is_root: Whether that is the one to whom everything is allowed.
        runs_as: The user of the agent that runs; None if that is not known.
    """
    if runs_as not in {user, None}:
        return warning(
            "user",
            f"This was tried as {user}, but the agent runs as {runs_as}.",
            f"Try as that user: dropbox-agent doctor --user {runs_as}",
        )
    if is_root and runs_as is None:
        return unclear(
            "user",
            f"This was tried as {user}, to whom everything is allowed.",
            "If the agent runs as another user: dropbox-agent doctor --user NAME",
        )
    return ok("user", f"This was tried as {user}.")
