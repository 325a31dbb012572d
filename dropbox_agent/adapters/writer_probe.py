"""Asks the operating system whether a program has a file open for writing.

"Cannot tell" is an answer of its own: another owner's file, a network mount, an unknown file
system. It must never be taken for "free".
"""

import errno
import os
import stat
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from dropbox_agent.core.mount import Mount
from dropbox_agent.core.sighting import Writer

if sys.platform == "linux":
    import fcntl
    import signal

    OPEN_FLAGS: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    MOUNTS: Final = Path("/proc/self/mountinfo")

    def probe(path: Path) -> Writer:
        """Say whether some program has the file open for writing.

        A read lease is granted only while nobody has the file open, or mapped, for writing;
        other readers do no harm. It is given back at once, because a writer that comes while we
        hold it has to wait.
        """
        try:
            descriptor = os.open(path, OPEN_FLAGS)
        except BlockingIOError:
            return Writer.BUSY  # somebody else's lease, such as a Samba client's, is on the file
        except OSError:
            return Writer.UNKNOWN
        try:
            return _lease(descriptor)
        finally:
            os.close(descriptor)

    def _lease(descriptor: int) -> Writer:
        facts = os.fstat(descriptor)
        # A lease knows of the writers on this machine only; on some mounts it is always refused.
        if not stat.S_ISREG(facts.st_mode) or _is_remote(facts.st_dev):
            return Writer.UNKNOWN
        try:
            # A writer that breaks our lease has the kernel send us SIGIO, which ends a process
            # that does not handle it. SIGURG means nothing unless somebody handles it.
            fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        except OSError as error:
            return Writer.BUSY if error.errno == errno.EAGAIN else Writer.UNKNOWN
        with suppress(OSError):  # closing the descriptor gives the lease back as well
            fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return Writer.FREE

    def _is_remote(device: int) -> bool:
        """Look a device up in the list of mounts: ``id parent major:minor … - type source …``."""
        wanted = f"{os.major(device)}:{os.minor(device)}"
        try:
            mounts = MOUNTS.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            return False
        for mount in mounts:
            place, _, kind = mount.partition(" - ")
            if place.split()[2] == wanted:
                return Mount.of_type(kind.split()[0], "").is_remote
        return False

elif sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    GENERIC_READ: Final = 0x80000000
    SHARE_WITH_NOBODY: Final = 0
    OPEN_EXISTING: Final = 3
    OPEN_REPARSE_POINT: Final = 0x00200000
    INVALID_HANDLE: Final = ctypes.c_void_p(-1).value
    SHARING_VIOLATION: Final = 32

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = wintypes.HANDLE
    _kernel.CreateFileW.argtypes = (
        wintypes.LPCWSTR, wintypes.DWORD, wintypes.DWORD, wintypes.LPVOID,
        wintypes.DWORD, wintypes.DWORD, wintypes.HANDLE,
    )  # fmt: skip
    _kernel.CloseHandle.argtypes = (wintypes.HANDLE,)

    def probe(path: Path) -> Writer:
        """Say whether some program has the file open, by opening it without sharing.

        Other readers count as well: while they have it open, it cannot be moved either. The
        handle is closed at once, because a sender that opens the file meanwhile would fail.
        """
        sharing = SHARE_WITH_NOBODY
        handle = _kernel.CreateFileW(
            str(path), GENERIC_READ, sharing, None, OPEN_EXISTING, OPEN_REPARSE_POINT, None
        )
        if handle != INVALID_HANDLE:
            _kernel.CloseHandle(handle)
            return Writer.FREE
        return Writer.BUSY if ctypes.get_last_error() == SHARING_VIOLATION else Writer.UNKNOWN

else:

    def probe(path: Path) -> Writer:  # noqa: ARG001 - the same signature on every system
        """Say that this system gives no way to tell."""
        return Writer.UNKNOWN
