"""Stopping when the operating system or the keyboard asks for it."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

STOP_SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, name)
)
"""Ctrl-C, the polite end of service managers, and Ctrl-Break, which only Windows has."""


@contextmanager
def stop_on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` on each stop signal, until the block ends and the old handlers return.

    A second Ctrl-C does not wait for the end of what is being done: it raises
    ``KeyboardInterrupt``. Outside the main thread, where Python cannot handle signals, nothing
    is installed.

    Args:
        stop: Called in the middle of whatever the main thread does, so it may only do what is
            safe there: set a flag, ring the bell. It must not log.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    interrupted = False

    def on_signal(number: int, _frame: FrameType | None) -> None:
        nonlocal interrupted
        if number == signal.SIGINT:
            if interrupted:
                raise KeyboardInterrupt
            interrupted = True
        stop()

    before = {number: signal.signal(number, on_signal) for number in STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            # None stands for a handler that was not installed from Python and cannot come back.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
