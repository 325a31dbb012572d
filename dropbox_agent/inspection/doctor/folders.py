"""Examines the folders of a home: whether files can be made in them and moved between them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dropbox_agent.adapters.examination import try_folder, try_move, try_sync, user_name
from dropbox_agent.adapters.spool import CLAIMED
from dropbox_agent.core.diagnosis.finding import Finding, in_short, ok
from dropbox_agent.core.diagnosis.folders import (
    Cause,
    Refusal,
    of_archive,
    of_claim,
    of_folder,
    of_inbox,
    of_syncing,
)
from dropbox_agent.core.dropnames import ignored_by
from dropbox_agent.core.kind import Kind
from dropbox_agent.settings import Settings

MOST_SETS = 50
"""Folders of coupon sets that are tried: they are alike."""


def user() -> str:
    """Say who tries."""
    return f"the user {user_name()}"


def is_folder(path: Path) -> bool:
    """Whether there is such a folder, as far as we may know."""
    try:
        return path.is_dir()
    except OSError:
        return False


def inbox_folders(settings: Settings) -> Iterator[Path]:
    """List the folders that files are dropped into, as far as they are there."""
    for kind in Kind:
        folder = settings.inbox / kind
        if is_folder(folder):
            yield folder
    yield from _sets(settings)[:MOST_SETS]


def working_folder(settings: Settings) -> Path:
    """Say where the agent makes files of its own on the mount of the inboxes.

    The inbox itself need not be writable: servers for SFTP want it to be root's where senders are
    shut into it. Before the first start the claims folder has yet to be made in it.
    """
    claims = settings.inbox / CLAIMED
    return claims if is_folder(claims) else settings.inbox


@dataclass(frozen=True, slots=True)
class Claims:
    """Whether files can be claimed.

    Attributes:
        refusals: For each inbox folder what keeps files from being claimed.
        findings: About each of them.
    """

    refusals: tuple[Refusal | None, ...]
    findings: tuple[Finding, ...]

    @classmethod
    def tried(cls, settings: Settings) -> "Claims":
        """Rename a file of ours out of each inbox folder, to where claimed ones go."""
        target = working_folder(settings)
        folders = list(inbox_folders(settings))
        refusals = tuple(try_move(folder, target) for folder in folders)
        findings = (
            of_claim(str(folder), str(target), refused, user())
            for folder, refused in zip(folders, refusals, strict=True)
        )
        all_well = f"Files can be renamed by {user()} from each inbox folder to {target}."
        return cls(refusals, tuple(in_short(list(findings), ok("claiming", all_well))))


def examine_folders(settings: Settings) -> Iterator[Finding]:
    """Try every folder of a home."""
    yield from _of_inboxes(settings)
    if is_folder(settings.inbox):
        yield from Claims.tried(settings).findings
    for root in (settings.processed, settings.failed):
        yield from _of_archive(settings, root)
    state = try_folder(settings.state)
    yield of_folder("state", state, user())
    if state.refused is None and is_folder(settings.state):
        yield of_syncing(str(settings.state), try_sync(settings.state))


def glance_at_archive(settings: Settings) -> Iterator[Finding]:
    """Try to make files where filed ones go: without that each file stays under way."""
    for root in (settings.processed, settings.failed):
        yield from _of_archive_folders(root, _archive_name(settings, root))


def _archive_name(settings: Settings, root: Path) -> str:
    return "processed" if root == settings.processed else "failed"


def _of_archive_folders(root: Path, name: str) -> list[Finding]:
    folders = [root, *(root / kind for kind in Kind)] if is_folder(root) else [root]
    findings = [of_folder(name, try_folder(folder), user()) for folder in folders]
    return list(in_short(findings, _all_well(name, root)))


def _of_inboxes(settings: Settings) -> Iterator[Finding]:
    tried = settings.inbox
    if all(is_folder(settings.inbox / kind) for kind in Kind) and os.access(tried, os.R_OK):
        tried = working_folder(settings)  # nothing has to be made in the inbox itself any more
    root = of_inbox("inbox", try_folder(tried), user())
    if not is_folder(settings.inbox):
        yield root
        return
    folders = [settings.inbox / kind for kind in Kind] + _sets(settings)[:MOST_SETS]
    findings = [root] + [of_folder("inbox", try_folder(folder), user()) for folder in folders]
    yield from in_short(findings, _all_well("inbox", settings.inbox))


def _of_archive(settings: Settings, root: Path) -> Iterator[Finding]:
    name = _archive_name(settings, root)
    yield from _of_archive_folders(root, name)
    if is_folder(root) and is_folder(settings.inbox):
        source = working_folder(settings)
        refused = try_move(source, root)
        if refused is None or refused.cause in {Cause.OTHER_MOUNT, Cause.OTHER}:  # others are told
            yield of_archive(f"filing in {name}", str(source), str(root), refused)


def _all_well(check: str, root: Path) -> Finding:
    return ok(check, f"In {root} and its folders {user()} can make, list, rename, remove files.")


def _sets(settings: Settings) -> list[Path]:
    """List the folders of coupon sets."""
    try:
        found = sorted((settings.inbox / Kind.VOUCHERS).iterdir())
        folders = [each for each in found if each.is_dir() and not each.is_symlink()]
    except OSError:
        return []
    return [each for each in folders if ignored_by(each.name, settings.ignore) is None]
