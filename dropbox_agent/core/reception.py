"""Receives drops of one kind: lists the inbox, waits until a drop has settled, and claims it."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from math import inf
from typing import NamedTuple

from dropbox_agent.core.clock import Clock
from dropbox_agent.core.job import Job, JobId
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.ports import Journal, Spool, Witness
from dropbox_agent.core.settling import Settling, Standing
from dropbox_agent.core.sighting import Mistake, Sighting
from dropbox_agent.core.telling import size
from dropbox_agent.errors import TryLater

CLAIM_RETRY_SECONDS = 10.0
"""How long to wait before trying again to claim a drop that would not move."""

CHANGED_RETRY_SECONDS = 1.0
"""How long to wait before looking again at a drop that was not what it had been."""

NO_ROOM = "disk-full"
"""The code of the trouble with a disk that cannot take on a drop."""

UNREADABLE = "the agent's user may not read it"

MOST_TOLD = 200
"""How many waiting drops, and how many mistakes, are told one by one; the rest are counted."""


@dataclass(frozen=True, slots=True)
class View:
    """What is in sight in one inbox.

    Attributes:
        drops: Where they stand, at most ``MOST_TOLD`` of them, those that open first at the front.
        drops_in_sight: How many there are in all.
        stalled: How many of all have been on their way for longer than they should be.
        oldest_found_at: When the one that has been in sight for longest was found, on the
            monotonic clock; None without drops.
        mistakes: Things that will never be drops as they are, at most ``MOST_TOLD``.
        opens_at: When the next drop will have settled, on the monotonic clock; in the past when
            one has and was not claimed, infinity when there is none to come.
    """

    drops: tuple[Standing, ...] = ()
    drops_in_sight: int = 0
    stalled: int = 0
    oldest_found_at: float | None = None
    mistakes: tuple[Mistake, ...] = ()
    opens_at: float = inf


@dataclass(frozen=True, slots=True)
class Look:
    """What came of one look at an inbox.

    Attributes:
        claimed: New jobs, in the order of claiming.
        found: Paths of drops that no look has shown before.
        view: What is in sight now.
        trouble: What kept it from being done to the end.
        seconds: How long looking took, without the claims.
    """

    claimed: tuple[Job, ...]
    found: tuple[str, ...]
    view: View
    trouble: Exception | None = None
    seconds: float = 0.0


class _Unclear(NamedTuple):
    """A claim that failed, perhaps after the file had been moved."""

    seen: Sighting
    job: Job
    error: OSError


class Reception:
    """Turns settled drops of one kind into jobs."""

    def __init__(
        self,
        kind: Kind,
        *,
        spool: Spool,
        journal: Journal,
        settling: Settling,
        clock: Clock,
        witness: Witness,
        new_id: Callable[[Kind], JobId],
    ) -> None:
        """Take the outside world and what is remembered of the drops in sight."""
        self.kind = kind
        self._spool = spool
        self._journal = journal
        self._settling = settling
        self._clock = clock
        self._witness = witness
        self._new_id = new_id
        self._ripe: deque[Sighting] = deque()
        self._unclear: _Unclear | None = None
        self._mistakes: list[Mistake] = []
        self._stalled: set[str] = set()

    def look(self, room: int, *, closely: bool = True) -> Look:
        """List the inbox and claim what has settled, at most ``room`` drops.

        Trouble with a later drop leaves the earlier ones claimed.

        Args:
            room: How many may be claimed.
            closely: Whether to look for changes of the drops in sight too, and not only for which
                there are. What is claimed is looked at in any case.
        """
        return self._work(partial(self._list, closely=closely), room)

    def claim(self, room: int) -> Look:
        """Claim what has settled of the drops in sight, at most ``room``, without a listing.

        So where many thousand wait, the inbox need not be listed for each few there is room for.
        """
        return self._work(list, room)  # it finds nothing new

    def _work(self, prepare: Callable[[], list[str]], room: int) -> Look:
        found: list[str] = []
        claimed: list[Job] = []
        trouble = None
        begun = looked = self._clock.monotonic()
        try:
            found = prepare()
            looked = self._clock.monotonic()
            for job in self._receive(room):
                claimed.append(job)  # noqa: PERF402 - what came before an error must be kept
        except Exception as error:  # noqa: BLE001 - the caller tells of it
            self._ripe.clear()  # some may have been passed over: they are put in order again
            trouble = error
        now = self._clock.monotonic()
        self._tell_stalled(now)
        view = self._view(now)
        seconds = looked - begun + self._clock.monotonic() - now
        return Look(tuple(claimed), tuple(found), view, trouble, seconds)

    def _list(self, *, closely: bool) -> list[str]:
        """Take in a listing; return the paths that none has shown before."""
        listing = self._spool.listing(self.kind) if closely else self._spool.glance(self.kind)
        # The time after it: a long one shows some drops later than it began.
        now = self._clock.monotonic()
        self._mistakes = listing.mistakes
        self._ripe.clear()
        return self._settling.look(listing.drops, now)

    def _receive(self, room: int) -> Iterator[Job]:
        if unclear := self._clear_up(self._clock.monotonic()):
            yield unclear
        if room > 0 and not self._ripe:
            self._ripe.extend(self._settling.ripe(self._clock.monotonic()))
        while self._ripe and room > 0:
            seen = self._ripe.popleft()
            now = self._clock.monotonic()
            if not self._has_settled(seen, now):
                continue
            if full := self._spool.lacks_room(seen):
                # Smaller ones behind it wait too: of two files on the same thing the later counts.
                raise _no_room(full, seen)
            if job := self._claim(seen, now):
                room -= 1
                yield job

    def _has_settled(self, seen: Sighting, now: float) -> bool:
        """Look again, and ask what no listing shows: who writes it, whether we may, how it ends."""
        if not self._settling.looked_again(seen, self._spool.look_again(seen), now):
            return False
        if not self._settling.probed(seen, self._spool.writer(seen), now):
            return False
        if not self._spool.is_readable(seen):
            self._settling.blocked(seen, UNREADABLE, now, CLAIM_RETRY_SECONDS)
            return False
        if not self._settling.needs_examining(seen):
            return True
        try:
            examined = self._spool.examine(seen)
        except Exception as error:  # noqa: BLE001 - no file can hold up the others, whatever is in it
            self._settling.blocked(seen, _why(error), now, CLAIM_RETRY_SECONDS)
            return False
        return self._settling.examined(seen, examined, now)

    def _view(self, now: float) -> View:
        return View(
            drops=tuple(self._settling.standings(now, MOST_TOLD)),
            drops_in_sight=len(self._settling),
            stalled=len(self._stalled),
            oldest_found_at=self._settling.oldest_found_at(),
            mistakes=tuple(self._mistakes[:MOST_TOLD]),
            opens_at=self._settling.opens_at(),
        )

    def _tell_stalled(self, now: float) -> None:
        """Tell once of each drop that takes longer to settle than it should."""
        stalled = self._settling.stalled(now)
        for each in stalled:
            if each.seen.path not in self._stalled:
                self._witness.noticed(
                    f"'{shown(each.seen.path)}' has been waiting in the inbox for long: {each.why}."
                )
        self._stalled = {each.seen.path for each in stalled}

    def _claim(self, seen: Sighting, now: float) -> Job | None:
        """Record a job, then move the file; the other way round a crash would lose its kind."""
        job = self._journal.add(
            Job.claimed(
                self._new_id(seen.kind),
                seen.kind,
                shown(seen.name),
                folder=shown(seen.folder) if seen.folder else None,
                size=seen.size,
                at=self._clock.now(),
            )
        )
        try:
            self._spool.claim(seen, job.id)
        except OSError as error:
            self._unclear = _Unclear(seen, job, error)
            return self._clear_up(now)
        return self._begin(seen, job)

    def _begin(self, seen: Sighting, job: Job) -> Job:
        self._settling.taken(seen)
        self._witness.stepped(job)
        return job

    def _clear_up(self, now: float) -> Job | None:
        """After a claim that failed: begin the job if the file was moved all the same.

        Raises:
            OSError: Not even that can be told now; it is asked again in the next look.
        """
        if self._unclear is None:
            return None
        seen, job, error = self._unclear
        was_moved = job.id in self._spool.claimed()
        if was_moved:
            self._spool.finish_claims([job])
        self._unclear = None
        if was_moved:
            return self._begin(seen, job)
        self._leave(seen, job, error, now)
        return None

    def _leave(self, seen: Sighting, job: Job, error: OSError, now: float) -> None:
        """Leave a drop in the inbox that could not be moved."""
        self._journal.forget(job.id)
        self._spool.clear(job.id)
        if isinstance(error, FileNotFoundError):
            # Taken away or replaced in this instant: the next listing shows what is there now.
            self._settling.blocked(seen, "it changed just now", now, CHANGED_RETRY_SECONDS)
            return
        why = _why(error)
        self._settling.blocked(seen, why, now, CLAIM_RETRY_SECONDS)
        self._witness.troubled(
            TryLater(
                f"'{job.name}' cannot be moved out of inbox/{seen.kind}: {why}.",
                hint="Let the agent's user write to the inbox folders, and leave out the sticky "
                "bit; on Windows close the program that has the file open. It is tried again.",
                code="claim-failed",
            )
        )


def _why(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _no_room(folder: str, seen: Sighting) -> TryLater:
    return TryLater(
        f"There is too little free space in {folder} to take on '{shown(seen.path)}' "
        f"({size(seen.size)}); it waits in the inbox, as do those behind it.",
        hint="Make room there, lower AGENT_MIN_FREE, or take that file out of the inbox if others "
        "should go first. It goes on by itself.",
        code=NO_ROOM,
    )
