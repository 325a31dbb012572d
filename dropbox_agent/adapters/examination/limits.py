"""Sees the limits that the operating system sets, and how far they are used up."""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from dropbox_agent.core.diagnosis.arrival import WatchLimits

if sys.platform == "linux":
    import ctypes

    LIMITS: Final = Path("/proc/sys/fs/inotify")
    PROCESSES: Final = Path("/proc")

    def watch_limits(inbox: Path) -> WatchLimits | None:
        """Say how much may be watched, and try whether more is to be had; None if unknown."""
        try:
            instances = int((LIMITS / "max_user_instances").read_text())
            watches = int((LIMITS / "max_user_watches").read_text())
        except (OSError, ValueError):
            return None
        used = list(_instances_of(os.geteuid()))
        folders = 1 + sum(len(folders) for _, folders, _ in os.walk(inbox))
        return WatchLimits(instances, watches, len(used), sum(used), _refusal(), folders)

    def _instances_of(user: int) -> Iterator[int]:
        """List the instances of inotify that we can see, each by its number of watches."""
        for process in PROCESSES.glob("[0-9]*"):
            with suppress(OSError):  # gone meanwhile, or somebody else's
                if process.stat().st_uid == user:
                    yield from _instances_in(process)

    def _instances_in(process: Path) -> Iterator[int]:
        for opened in (process / "fd").iterdir():
            with suppress(OSError):
                if opened.readlink().name == "anon_inode:inotify":
                    yield (process / "fdinfo" / opened.name).read_text().count("inotify ")

    def _refusal() -> str | None:
        """Ask for one more instance, and give it back at once."""
        kernel = ctypes.CDLL(None, use_errno=True)
        instance = kernel.inotify_init1(os.O_CLOEXEC)
        if instance < 0:
            number = ctypes.get_errno()
            return os.strerror(number or errno.EMFILE)
        os.close(instance)
        return None

else:

    def watch_limits(inbox: Path) -> WatchLimits | None:  # noqa: ARG001 - the same signature on every system
        """Say that there are no such limits here."""
        return None


if sys.platform == "win32":

    def open_files() -> int | None:
        """Say that there is no limit to speak of."""
        return None

else:
    import resource

    def open_files() -> int | None:
        """Say how many files this process may have open; None for no limit."""
        limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return None if limit == resource.RLIM_INFINITY else limit
