"""Keeps the watch on the inbox going, and finds out whether it hears what arrives.

What it misses, the listing finds, only later. So where arrivals are not announced, be it for the
kind of file system or because the watch has gone deaf, the inbox is listed more often.
"""

from collections.abc import Callable, Iterable
from functools import partial
from queue import Empty, SimpleQueue
from typing import Protocol

from dropbox_agent.core.backoff import Backoff
from dropbox_agent.core.hearing import Hearing
from dropbox_agent.core.mount import UNKNOWN, Mount
from dropbox_agent.core.ports import Witness
from dropbox_agent.core.trouble import as_trouble

UNHEARD_RESCAN_SECONDS = 5.0
"""How often the inbox is listed at least where arrivals are not announced."""

CHECK_SECONDS = 1.0
"""How often to ask at most whether the watch still goes on."""

RENEWAL_SECONDS = 6 * 3600.0
"""After how long a watch is replaced, so that whatever it gathers in memory goes back."""

DEAF_RENEWAL_SECONDS = 600.0
"""After how long one is replaced that hears nothing: perhaps a new one does."""

REFUSED = Backoff(floor_seconds=1.0, ceiling_seconds=60.0)
"""How long to wait before trying again to begin a watch."""


class Watcher(Protocol):
    """Rings the bell when something arrives. On a share that hangs, most of it hangs too."""

    def trouble(self) -> str | None:
        """Say why arrivals are not reported; None while they are."""
        ...

    def restart(self) -> None:
        """Watch anew, and ring: what came meanwhile is to be listed.

        Raises:
            AgentError: The operating system does not allow it.
        """
        ...

    def announced(self) -> set[str] | None:
        """Give the paths below the inbox that were announced since the last call, at once.

        None when there were too many to remember.
        """
        ...


def _here(task: Callable[[], None]) -> None:
    task()


class Watch:
    """Looks after the watcher, and tells of its troubles once."""

    def __init__(
        self,
        watcher: Watcher,
        witness: Witness,
        *,
        rescan_seconds: float = 10.0,
        mount: Mount = UNKNOWN,
        run: Callable[[Callable[[], None]], None] = _here,
    ) -> None:
        """Take the watcher, started or not.

        Args:
            watcher: Rings when something arrives.
            witness: Is told what people should know.
            rescan_seconds: How often to list the inbox while arrivals are announced.
            mount: What the inbox lies on.
            run: Runs a task that never raises beside the loop: it may wait for a share.
        """
        self._watcher = watcher
        self._witness = witness
        self._rescan_seconds = rescan_seconds
        self._mount = mount
        self._run = run
        self._hearing = Hearing()
        self._results: SimpleQueue[bool | Exception] = SimpleQueue()
        self._is_being_seen_to = False
        self._check_at = 0.0
        self._renew_at: float | None = None
        self._refusals = 0
        self._told_refusal = ""
        self._was_renewed_for_misses = False
        self._is_deaf = False

    @property
    def missed(self) -> int:
        """How many files were found that nothing had announced."""
        return self._hearing.missed

    @property
    def is_relied_on(self) -> bool:
        """Whether arrivals are announced, for all we know."""
        return not (self._mount.is_remote or self._is_deaf or self._refusals)

    @property
    def rescan_seconds(self) -> float:
        """How often the inbox is to be listed without an event."""
        if self.is_relied_on:
            return self._rescan_seconds
        return min(self._rescan_seconds, UNHEARD_RESCAN_SECONDS)

    @property
    def mode(self) -> str:
        """How arrivals are found, and why so, in one line for people."""
        listed = f"listed every {self.rescan_seconds:g} s"
        if self._mount.is_remote:
            return (
                f"The inbox is on {self._mount.place}: what others put there is not announced, "
                f"so it is {listed}."
            )
        if self._refusals:
            return f"The inbox cannot be watched, so it is {listed}."
        if self._is_deaf:
            return (
                "Files arrive in the inbox without the operating system telling, so it is "
                f"{listed}."
            )
        return f"The inbox is watched by events, and {listed}."

    def keep(self, now: float) -> None:
        """Have a new watch begun if the one there is has ended, or is old. Never waits.

        Args:
            now: On the monotonic clock.
        """
        if self._renew_at is None:
            self._renew_at = now + RENEWAL_SECONDS
            self._hearing.begin(now)
            if self._mount.is_remote:
                self._witness.noticed(self.mode)
        self._take_in(now)
        if now >= self._check_at and not self._is_being_seen_to:
            self._is_being_seen_to = True
            self._run(partial(self._see_to, renew=now >= self._renew_at))
            self._take_in(now)

    def _see_to(self, *, renew: bool) -> None:
        """Begin a new watch if need be, and say whether that was done. Beside the loop."""
        try:
            if needed := renew or self._watcher.trouble() is not None:
                self._watcher.restart()
            self._results.put(needed)
        except Exception as error:  # noqa: BLE001 - told in the loop
            self._results.put(error)

    def _take_in(self, now: float) -> None:
        try:
            result = self._results.get_nowait()
        except Empty:
            return
        self._is_being_seen_to = False
        self._check_at = now + CHECK_SECONDS
        if isinstance(result, Exception):
            self._refused(result, now)
            return
        self._refusals, self._told_refusal = 0, ""
        if result:
            self._renew_at = now + (DEAF_RENEWAL_SECONDS if self._is_deaf else RENEWAL_SECONDS)
            self._hearing.begin(now)

    def _refused(self, error: Exception, now: float) -> None:
        self._refusals += 1
        self._check_at = now + REFUSED.wait_seconds(self._refusals)
        why = as_trouble(error)
        refusal = f"{why.message} {why.hint}"
        if refusal != self._told_refusal:
            self._told_refusal = refusal
            self._witness.noticed(refusal)

    def found(self, paths: Iterable[str], now: float) -> None:
        """Learn from a listing whether arrivals are announced. Call it after each listing.

        Args:
            paths: Paths below the inbox of the drops that are new in this listing.
            now: On the monotonic clock.
        """
        if self._refusals:
            return  # without a watch there is nothing to learn
        self._hearing.listed(paths, self._watcher.announced(), now)
        if self._mount.is_remote:
            return  # it was to be expected
        if self._hearing.is_good:
            self._hear_again()
        elif self._hearing.is_bad and not self._is_deaf:
            self._doubt(now)

    def _hear_again(self) -> None:
        self._was_renewed_for_misses = False
        if self._is_deaf:
            self._is_deaf = False
            self._witness.noticed(f"Arrivals are announced again. {self.mode}")

    def _doubt(self, now: float) -> None:
        """Try a new watch first; if it is no better, do without."""
        self._hearing.forget()
        if self._was_renewed_for_misses:
            self._is_deaf = True
            self._renew_at = now + DEAF_RENEWAL_SECONDS
            self._witness.noticed(f"{self.mode} A new watch did not help.")
            return
        self._was_renewed_for_misses = True
        self._renew_at = now
        self._witness.noticed(
            "Files arrived in the inbox without the operating system telling; the watch on it is "
            "begun anew."
        )
