"""Receives drops: looks at the inboxes, waits until a drop has settled, and claims it."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from dropbox_agent.core.clock import Clock
from dropbox_agent.core.job import Job, JobId, kind_of
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.ports import Journal, Spool, Witness
from dropbox_agent.core.settling import Settling, Sighting, Standing
from dropbox_agent.errors import TryLater

CLAIM_RETRY_SECONDS = 10.0
"""How long to wait before trying again to claim a drop that would not move."""

CHANGED_RETRY_SECONDS = 1.0
"""How long to wait before looking again at a drop that was not what it had been."""


UNREADABLE = "the agent's user may not read it"


class _Unclear(NamedTuple):
    """A claim that failed, perhaps after the file had been moved."""

    seen: Sighting
    job: Job
    error: OSError


class Reception:
    """Turns settled drops into jobs."""

    def __init__(
        self,
        *,
        spool: Spool,
        journal: Journal,
        settling: Settling,
        clock: Clock,
        witness: Witness,
        new_id: Callable[[Kind], JobId],
    ) -> None:
        """Take the outside world and what is remembered of the drops in sight."""
        self._spool = spool
        self._journal = journal
        self._settling = settling
        self._clock = clock
        self._witness = witness
        self._new_id = new_id
        self._unclear: _Unclear | None = None

    def look(self, room: int) -> Iterator[Job]:
        """List the inboxes and claim what has settled, at most ``room`` drops.

        Yields each job as soon as it is claimed, so that trouble with a later drop leaves the
        earlier ones to be worked on.

        Raises:
            OSError: An inbox cannot be listed; the others have been looked at all the same.
            TryLater: There is too little free space to take on anything.
        """
        now = self._clock.monotonic()
        if unclear := self._clear_up(now):
            yield unclear
        trouble = self._list(now)
        for seen in self._settling.ripe(now):
            if room <= 0:
                return
            settled = self._settling.probed(seen, self._spool.writer(seen), now)
            if settled and not self._spool.is_readable(seen):
                self._settling.blocked(seen, UNREADABLE, now, CLAIM_RETRY_SECONDS)
                continue
            if settled and (full := self._spool.lacks_room(seen)):
                raise _no_room(full)
            if settled and (job := self._claim(seen, now)):
                room -= 1
                yield job
        if trouble:
            raise trouble

    def _list(self, now: float) -> OSError | None:
        """Take in what is in the inboxes; one that cannot be listed does not hide the others."""
        found: list[Sighting] = []
        unseen: dict[Kind, OSError] = {}
        for kind in Kind:
            try:
                found += self._spool.sightings(kind)
            except OSError as error:
                unseen[kind] = error
        self._settling.look(found, now, unseen)
        return next(iter(unseen.values()), None)

    def adopt(self, strays: Sequence[JobId]) -> list[Job]:
        """Begin anew with claimed payloads that the journal does not know.

        There are such only when the journal was lost. Contacts and products end up the same when
        they are imported once more; vouchers do not, so they are left for a person to decide.

        Raises:
            OSError: A payload is gone.
        """
        adopted = []
        left = []
        for stray in strays:
            kind = kind_of(stray)
            if kind is None or kind is Kind.VOUCHERS or self._journal.find(stray):
                left.append(stray)
                continue
            job = Job.claimed(
                stray,
                kind,
                shown(self._spool.claimed_name(stray)),
                folder=None,
                size=self._spool.fingerprint(stray).size,
                at=self._clock.now(),
            )
            adopted.append(self._journal.add(job))
            self._witness.stepped(adopted[-1])
        if left:
            self._witness.noticed(
                f"In inbox/.claimed are files that the journal does not know: {', '.join(left)}. "
                "Look in Connectif whether they have been imported; if not, move them back into "
                "their inbox."
            )
        return adopted

    def standings(self) -> Iterator[Standing]:
        """Tell where every drop in sight stands."""
        return self._settling.standings(self._clock.monotonic())

    def opens_at(self) -> float | None:
        """Tell when the next drop will have settled; None when there is none to come."""
        return self._settling.opens_at()

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
        why = error.strerror or str(error)
        self._settling.blocked(seen, why, now, CLAIM_RETRY_SECONDS)
        self._witness.troubled(
            TryLater(
                f"'{job.name}' cannot be moved out of inbox/{seen.kind}: {why}.",
                hint="Let the agent's user write to the inbox folders, and leave out the sticky "
                "bit; on Windows close the program that has the file open. It is tried again.",
                code="claim-failed",
            )
        )


def _no_room(folder: str) -> TryLater:
    return TryLater(
        f"There is too little free space in {folder} to take on more files; they wait in the "
        "inbox.",
        hint="Make room there, or lower AGENT_MIN_FREE. It goes on by itself.",
        code="disk-full",
    )
