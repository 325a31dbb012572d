"""Examines what may keep arrivals from being seen, or from being told complete."""

from collections.abc import Iterator
from pathlib import Path

from dropbox_agent.adapters.examination import ownership, try_probe, watch_limits
from dropbox_agent.adapters.mounts import mount_of
from dropbox_agent.adapters.writer_probe import probe
from dropbox_agent.core.diagnosis.arrival import (
    Ownership,
    of_inbox_mount,
    of_others,
    of_probe,
    of_state_mount,
    of_sticky,
    of_watching,
)
from dropbox_agent.core.diagnosis.finding import Finding, in_short, ok
from dropbox_agent.inspection.doctor.folders import (
    inbox_folders,
    is_folder,
    user,
    working_folder,
)
from dropbox_agent.settings import Settings


def examine_arrival(settings: Settings, *, is_watching: bool) -> Iterator[Finding]:
    """Look at mounts, limits, and whose the inboxes and the files in them are.

    Args:
        settings: Where everything lies.
        is_watching: Whether an agent watches already.
    """
    yield from _of_mounts(settings)
    if not is_folder(settings.inbox):
        return
    yield of_probe(try_probe(working_folder(settings), probe))
    owned = [found for each in inbox_folders(settings) if (found := ownership(each, probe))]
    yield from _of_sticky(owned)
    yield from in_short(
        [of_others(each, user()) for each in owned], _readable(sum(x.looked_at for x in owned))
    )
    yield from of_watching(watch_limits(settings.inbox), is_watching=is_watching)


def glance_at_arrival(settings: Settings) -> Iterator[Finding]:
    """Look at the same without looking at each file, or at other processes."""
    yield from _of_mounts(settings)
    yield of_probe(try_probe(working_folder(settings), probe))
    yield from _of_sticky([found for each in inbox_folders(settings) if (found := ownership(each))])


def _of_mounts(settings: Settings) -> Iterator[Finding]:
    inbox, state = _nearest(settings.inbox), _nearest(settings.state)
    yield of_inbox_mount(str(inbox), mount_of(inbox), settings.rescan_seconds)
    yield of_state_mount(str(state), mount_of(state))


def _nearest(folder: Path) -> Path:
    """Return a folder, or the one above it that is there: it will be made on the same mount."""
    return next((each for each in (folder, *folder.parents) if is_folder(each)), folder)


def _of_sticky(owned: list[Ownership]) -> Iterator[Finding]:
    if owned:
        findings = [of_sticky(each, user()) for each in owned]
        all_well = ok("sticky bit", f"None keeps {user()} from moving files of other users.")
        yield from in_short(findings, all_well)


def _readable(looked_at: int) -> Finding:
    return ok(
        "files of other users",
        f"Of {looked_at:,} waiting, none is closed to {user()}."
        if looked_at
        else "No file waits in the inboxes.",
    )
