"""What can keep arrivals from being seen, told complete, or taken."""

from collections.abc import Iterator
from dataclasses import dataclass

from dropbox_agent.core.diagnosis.finding import Finding, fault, ok, unclear, warning
from dropbox_agent.core.diagnosis.folders import Refusal
from dropbox_agent.core.mount import Mount, Reach
from dropbox_agent.core.sighting import Writer
from dropbox_agent.core.telling import count

STICKY = "sticky bit"
WRITERS = "telling writers"
OTHERS = "files of other users"
LEASE = (
    "As a service on Linux give it AmbientCapabilities=CAP_LEASE; without it files wait twice "
    "AGENT_SETTLE_SECONDS."
)


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who owns an inbox folder and what lies in it.

    Attributes:
        path: The folder.
        is_sticky: Whether only owners may rename files in it.
        may_rename: Whether we may all the same: the folder is ours, or we are root.
        looked_at: How many files were looked at.
        foreign: How many of them belong to other users.
        unreadable: How many we may not read.
        unknown: Of how many nobody can tell us whether they are being written.
        example: The path of one that is unreadable, or else unknown.
    """

    path: str
    is_sticky: bool
    may_rename: bool
    looked_at: int = 0
    foreign: int = 0
    unreadable: int = 0
    unknown: int = 0
    example: str = ""


@dataclass(frozen=True, slots=True)
class Probed:
    """What the probe for writers said of a file of our own.

    Attributes:
        closed: While nobody had it open.
        opened: While we had it open for writing.
        refused: What kept us from trying; None if nothing did.
    """

    closed: Writer = Writer.UNKNOWN
    opened: Writer = Writer.UNKNOWN
    refused: Refusal | None = None


def of_inbox_mount(path: str, mount: Mount, rescan_seconds: float) -> Finding:
    """Judge whether arrivals are announced where the inbox lies."""
    check = "mount of inbox"
    found = f"{path} is on {mount.place}"
    if mount.is_remote:
        return warning(
            check,
            f"{found}: arrivals are not announced, and writers on other machines not seen.",
            f"Nothing need be done: it is listed every {rescan_seconds:g} seconds at most, and "
            "files wait twice AGENT_SETTLE_SECONDS. Safest are senders that rename when done, or "
            "AGENT_DONE_SUFFIX.",
        )
    if mount.reach is Reach.UNKNOWN:
        return unclear(check, f"{found}; the agent finds out whether arrivals are announced.")
    return ok(check, f"{found}: arrivals are announced.")


def of_state_mount(path: str, mount: Mount) -> Finding:
    """Judge whether locks hold where the journal lies."""
    check = "mount of state"
    found = f"{path} is on {mount.place}"
    mend = "Name a folder on a disk of this machine in AGENT_STATE."
    if mount.reach is Reach.NETWORK:
        return fault(check, f"{found}: the locks of journal and agent do not hold there.", mend)
    if mount.reach is Reach.FOREIGN:
        return warning(check, f"{found}: locks may not hold there.", mend)
    if mount.reach is Reach.UNKNOWN:
        return unclear(check, f"{found}.", "It must be a disk of this machine.")
    return ok(check, f"{found}.")


def of_sticky(owned: Ownership, user: str) -> Finding:
    """Judge whether the agent may move away what others have put into a folder."""
    if not owned.is_sticky:
        return ok(STICKY, f"{owned.path} has no sticky bit.")
    if owned.may_rename:
        return ok(STICKY, f"{owned.path} has the sticky bit, which does not bind {user}.")
    return fault(
        STICKY,
        f"{owned.path} has the sticky bit: {user} may not move files of other users out of it.",
        f"chmod -t {owned.path}",
    )


def of_others(owned: Ownership, user: str) -> Finding:
    """Judge the files that lie in an inbox folder by whose they are."""
    if owned.unreadable:
        return fault(
            OTHERS,
            f"In {owned.path} {user} may not read {count(owned.unreadable, 'files')}, such as "
            f"{owned.example}.",
            "Have senders give the agent's group the right to read: umask 027, and the folder "
            "2770.",
        )
    if owned.foreign and owned.unknown:
        return warning(
            OTHERS,
            f"{count(owned.foreign, 'files')} of other users in {owned.path}: the operating system "
            f"does not tell {user} whether somebody still writes there.",
            LEASE,
        )
    return ok(OTHERS, f"In {owned.path} {user} may read all of {count(owned.looked_at, 'files')}.")


def of_probe(probed: Probed) -> Finding:
    """Judge whether the operating system tells who writes."""
    if probed.refused:
        return unclear(WRITERS, f"It could not be tried: {probed.refused.why}.")
    if (probed.closed, probed.opened) == (Writer.FREE, Writer.BUSY):
        return ok(WRITERS, "A file that is being written is told from one that is not.")
    if probed.opened is Writer.FREE:
        return warning(
            WRITERS,
            "A file that is being written is not told from one that is complete.",
            "Have senders rename files when they are done, or set AGENT_DONE_SUFFIX.",
        )
    return warning(
        WRITERS,
        "The operating system does not tell here whether a file is being written: the quiet time "
        "counts double.",
        "Nothing need be done. Safest are senders that rename when done, or AGENT_DONE_SUFFIX. "
        f"{LEASE}",
    )


@dataclass(frozen=True, slots=True)
class WatchLimits:
    """What Linux allows a user to watch, and how much of it is used.

    Attributes:
        instances: Most instances of inotify.
        watches: Most watched folders.
        instances_used: By processes that we can see; None if it cannot be told.
        watches_used: Likewise.
        refused: Why no further instance is to be had; None if one is.
        folders: How many folders the agent watches.
    """

    instances: int
    watches: int
    instances_used: int
    watches_used: int
    refused: str | None
    folders: int


def of_watching(limits: WatchLimits | None, *, is_watching: bool) -> Iterator[Finding]:
    """Judge whether the operating system lets the agent watch its inbox.

    Args:
        limits: None where there are none to speak of.
        is_watching: Whether an agent runs already, and so has what it needs.
    """
    check = "inotify limits"
    if limits is None:
        return
    used = f"{limits.instances_used:,} of {limits.instances:,} instances"
    seen = f"{limits.watches_used:,} of {limits.watches:,} watches"
    told = f"As far as can be seen, this user has {used} and {seen} in use."
    without = "Until then files are found by listing only, a little later."
    if limits.refused and not is_watching:
        yield warning(
            check,
            f"The operating system gives no further watch: {limits.refused}. {told}",
            f"sysctl fs.inotify.max_user_instances={max(512, 2 * limits.instances)}, and the same "
            f"in /etc/sysctl.d/. {without}",
        )
    elif limits.watches - limits.watches_used < limits.folders and not is_watching:
        yield warning(
            check,
            f"The inbox has {count(limits.folders, 'folders')} to watch. {told}",
            f"sysctl fs.inotify.max_user_watches={max(65_536, 2 * limits.watches)}, and the same "
            f"in /etc/sysctl.d/. {without}",
        )
    else:
        yield ok(check, told)
