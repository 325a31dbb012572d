"""Which jobs may be sent now.

Of two files of one kind that touch the same keys the later drop must win. So in the ordered mode
a file waits until the earlier ones of its kind have ended. Vouchers only wait for vouchers that
go into the same set; different kinds never wait for each other.

A twin, byte for byte the same as an earlier file, waits for that one in either mode, also while it
is held: whether the twin is sent at all may depend on what becomes of the first.
"""

from collections import Counter
from collections.abc import Hashable, Iterable
from enum import StrEnum

from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind

BEFORE_THE_END = {Stage.CLAIMED, Stage.CHECKED, Stage.SENDING, Stage.SENT}
"""Stages in which a job may still change the account."""


class Order(StrEnum):
    """How much the order of arrival counts."""

    ORDERED = "ordered"
    RELAXED = "relaxed"


def queue(job: Job) -> tuple[Kind, str | None]:
    """Name the queue a job stands in: its kind, and for vouchers their set's folder."""
    return job.kind, job.folder


def waits_for(job: Job, earlier: Job, order: Order) -> bool:
    """Whether one job may only be sent when an earlier one has ended."""
    return not _blocks(earlier).isdisjoint(_places(job, order))


def _twins(job: Job) -> Hashable:
    """Name what jobs for the same bytes have in common; None before they are known."""
    return (*queue(job), job.checked.facts.sha256) if job.checked else None


def _places(job: Job, order: Order) -> set[Hashable]:
    """Name the lines in which a job must have come to the front."""
    lines = {_twins(job)}
    return lines | {queue(job)} if order is Order.ORDERED else lines


def _blocks(job: Job) -> set[Hashable]:
    """Name the lines in which a job keeps the later ones waiting."""
    if job.stage is Stage.HELD:
        return {_twins(job)} - {None}
    return {queue(job), _twins(job)} - {None} if job.stage in BEFORE_THE_END else set()


def may_be_sent(jobs: Iterable[Job], order: Order, places: int) -> list[Job]:
    """List the jobs that may be sent now, the first to come first.

    Kinds take turns: the one with the fewest imports under way comes first, so that a hundred
    files of one kind do not keep another one waiting.

    Args:
        jobs: All jobs under way, in the order of arrival.
        order: Whether a job waits for the earlier ones of its queue.
        places: How many imports of ours the server's queue may hold.
    """
    free: list[Job] = []
    taken: set[Hashable] = set()
    sent: Counter[Kind] = Counter()
    for job in jobs:
        if job.stage is Stage.SENT:
            sent[job.kind] += 1
        if job.stage is Stage.CHECKED and taken.isdisjoint(_places(job, order)):
            free.append(job)
        taken |= _blocks(job)
    free.sort(key=lambda job: sent[job.kind])
    return free if places > sent.total() else []
