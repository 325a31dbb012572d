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
from operator import attrgetter

from dropbox_agent.core.job import Job, Stage
from dropbox_agent.core.kind import Kind

BEFORE_THE_END = {Stage.CLAIMED, Stage.CHECKED, Stage.SENDING, Stage.SENT}
"""Stages in which a job may still change the account."""

_STAGE = attrgetter("stage")


class Order(StrEnum):
    """How much the order of arrival counts."""

    ORDERED = "ordered"
    RELAXED = "relaxed"


def queues(job: Job) -> set[Hashable]:
    """Name the queues a job stands in: its kind's, or for vouchers those of folder and set.

    Two folders may mean one set: by its name and its id, or because it is the one for vouchers
    that lie in no folder. Which one a folder means is known when the job has been checked.
    """
    coupon_set = job.parts[0].options.coupon_set if job.parts else None
    if coupon_set is None:
        return {(job.kind, job.folder)}
    return {(job.kind, job.folder), (job.kind, coupon_set)}


def in_order(jobs: Iterable[Job]) -> list[Job]:
    """Sort jobs as they are to be sent: by arrival, but first those that have begun.

    One may have begun before an earlier one that was held, or of which nobody knew yet that it
    goes into the same coupon set. Then that one waits; of twins only the first is sent.

    Args:
        jobs: Jobs under way, in the order of arrival.
    """
    return sorted(jobs, key=lambda job: not _has_begun(job))


def waits_for(job: Job, other: Job, order: Order) -> bool:
    """Whether one job may only be sent when another one has ended."""
    first, _ = in_order(sorted((job, other), key=lambda each: each.sequence))
    return first is other and not _blocks(other).isdisjoint(_places(job, order))


def _has_begun(job: Job) -> bool:
    """Whether a part of a job is in or on its way, or was tried to be sent."""
    return Stage.SENDING in map(_STAGE, job.timeline)


def _twins(job: Job) -> set[Hashable]:
    """Name what jobs for the same bytes have in common; nothing before they are known."""
    return {(each, job.checked.facts.sha256) for each in queues(job)} if job.checked else set()


def _places(job: Job, order: Order) -> set[Hashable]:
    """Name the lines in which a job must have come to the front."""
    lines = _twins(job)
    return lines | queues(job) if order is Order.ORDERED else lines


def _blocks(job: Job) -> set[Hashable]:
    """Name the lines in which a job keeps the later ones waiting."""
    if job.stage is Stage.HELD:
        return _twins(job)
    return queues(job) | _twins(job) if job.stage in BEFORE_THE_END else set()


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
    for job in in_order(jobs):
        if job.stage is Stage.SENT:
            sent[job.kind] += 1
        if job.stage is Stage.CHECKED and taken.isdisjoint(_places(job, order)):
            free.append(job)
        taken |= _blocks(job)
    free.sort(key=lambda job: sent[job.kind])
    return free if places > sent.total() else []
