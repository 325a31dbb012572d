"""Which jobs may be sent now.

Of two files of one kind that touch the same keys the later drop must win. So in the ordered mode
a file waits until the earlier ones of its kind have ended. Vouchers only wait for vouchers that
go into the same set; different kinds never wait for each other.
"""

from collections import Counter
from collections.abc import Iterable
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
    taken: set[tuple[Kind, str | None]] = set()
    sent: Counter[Kind] = Counter()
    for job in jobs:
        if job.stage is Stage.SENT:
            sent[job.kind] += 1
        if job.stage is Stage.CHECKED and (order is Order.RELAXED or queue(job) not in taken):
            free.append(job)
        if job.stage in BEFORE_THE_END:
            taken.add(queue(job))
    free.sort(key=lambda job: sent[job.kind])
    return free if places > sent.total() else []
