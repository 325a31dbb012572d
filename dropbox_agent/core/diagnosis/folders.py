"""What can be wrong with a folder, and with moving files from one to another."""

from dataclasses import dataclass
from enum import StrEnum

from dropbox_agent.core.diagnosis.finding import Finding, fault, ok, warning

INIT = "dropbox-agent init"


class Cause(StrEnum):
    """Why the operating system refused something, as far as the mend depends on it."""

    RIGHTS = "rights"
    READ_ONLY = "read-only"
    FULL = "full"
    OTHER_MOUNT = "other mount"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that was tried and did not work.

    Attributes:
        step: What was tried, as in "make a file".
        cause: Why it was refused, roughly.
        why: What the operating system says.
    """

    step: str
    cause: Cause
    why: str


class Shape(StrEnum):
    """What there is at the place of a folder."""

    FOLDER = "folder"
    MISSING = "missing"
    NO_FOLDER = "no folder"


@dataclass(frozen=True, slots=True)
class FolderFacts:
    """What was seen of a folder when it was tried.

    Attributes:
        path: The folder.
        shape: What there is.
        refused: The first thing that did not work; None if everything did.
        left_behind: A file of ours that could not be removed again.
    """

    path: str
    shape: Shape
    refused: Refusal | None = None
    left_behind: str | None = None


def of_folder(check: str, facts: FolderFacts, user: str) -> Finding:
    """Judge whether the agent can work in a folder.

    Args:
        check: The name of the check.
        facts: What was seen.
        user: Who tried, as in "the user shop".
    """
    if facts.shape is Shape.NO_FOLDER:
        return fault(
            check,
            f"{facts.path} is not a folder.",
            f"Move away what is there, then run: {INIT}",
        )
    if facts.refused:
        found = f"In {facts.path} {user} cannot {facts.refused.step}: {facts.refused.why}."
        return fault(check, found, _mend(facts.refused, facts.path, user))
    if facts.shape is Shape.MISSING:
        return warning(check, f"There is no folder {facts.path} yet.", f"Make it: {INIT}")
    if facts.left_behind:
        found = f"In {facts.path} {user} can make files, but not remove them again."
        return fault(check, found, f"Remove {facts.left_behind} by hand, and allow removing.")
    return ok(check, f"In {facts.path} {user} can make, list, rename and remove files.")


def of_home(facts: FolderFacts, user: str) -> Finding:
    """Judge a home that is not to be found."""
    if facts.shape is not Shape.MISSING:
        return of_folder("home", facts, user)
    mend = f"Name the home with --home, or make one: {INIT} --home {facts.path}"
    return fault("home", f"There is no folder {facts.path}.", mend)


def of_inbox(check: str, facts: FolderFacts, user: str) -> Finding:
    """Judge the folder of the inboxes, without which no agent starts."""
    if facts.shape is not Shape.MISSING:
        return of_folder(check, facts, user)
    return fault(
        check,
        f"There is no inbox folder {facts.path}.",
        f"If it is on a share, see that the share is mounted. Otherwise run: {INIT}",
    )


def of_claim(folder: str, target: str, refused: Refusal | None, user: str) -> Finding:
    """Judge whether a file can be claimed: moved from an inbox folder to the claims folder."""
    check = "claiming"
    if refused is None:
        return ok(check, f"From {folder} {user} can rename files to {target}.")
    if refused.cause is Cause.OTHER_MOUNT:
        return fault(
            check,
            f"Files cannot be renamed from {folder} to {target}: the two are separate mounts, even "
            "if of one disk.",
            "Mount the folder of the inboxes as one: in a unit one ReadWritePaths= for all, in a "
            "container one volume.",
        )
    found = f"From {folder} {user} cannot rename files to {target}: {refused.why}."
    return fault(check, found, _mend_of_claim(refused, folder, target, user))


def _mend_of_claim(refused: Refusal, folder: str, target: str, user: str) -> str:
    """Say what to do in the two folders: the fault may lie in either."""
    match refused.cause:
        case Cause.RIGHTS:
            return (
                f"Renaming takes rights in both folders: give {user} those to read, write and "
                f"enter {folder} and {target}; where senders are other users, put both into one "
                "group and make the folders 2770."
            )
        case Cause.READ_ONLY:
            return (
                f"Mount {folder} and {target} for writing. In a systemd unit name the folder of "
                "the inboxes in ReadWritePaths=."
            )
        case _:
            return _mend(refused, f"{folder} and {target}", user)


def of_archive(check: str, source: str, target: str, refused: Refusal | None) -> Finding:
    """Say whether files are moved or copied to an archive folder; both are right."""
    if refused is None:
        return ok(check, f"Files are renamed from {source} to {target}: one mount.")
    if refused.cause is Cause.OTHER_MOUNT:
        found = f"{target} is another mount than {source}: files are copied there, and compared."
        return ok(check, found)
    found = f"Files cannot be renamed from {source} to {target}: {refused.why}."
    return fault(check, found, f"See to the rights of {target}.")


def of_syncing(path: str, refused: Refusal | None) -> Finding:
    """Judge whether what is written survives a power cut."""
    if refused is None:
        return ok("fsync", f"{path} takes fsync.")
    return fault(
        "fsync",
        f"What is written to {path} cannot be made durable ({refused.step}): {refused.why}.",
        "Use a file system that supports fsync; see to the disk if it reports errors.",
    )


def _mend(refused: Refusal, path: str, user: str) -> str:
    match refused.cause:
        case Cause.RIGHTS:
            return (
                f"Give {user} the rights to read, write and enter {path}; where senders are other "
                "users, put both into one group and make the folder 2770."
            )
        case Cause.READ_ONLY:
            return (
                f"{path} is mounted read-only: mount it for writing. In a systemd unit name it in "
                "ReadWritePaths=."
            )
        case Cause.FULL:
            return f"Make room on the disk of {path}."
        case _:
            return f"See to the disk, the mount and the rights of {path}."
