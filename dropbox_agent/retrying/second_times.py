"""Finds out whether rows that are in already would go in a second time."""

import hashlib
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import NamedTuple

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.core.duplicates import WENT_IN
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import ERRORS_ENDING, archived_as
from dropbox_agent.core.ordering import queues
from dropbox_agent.core.telling import count
from dropbox_agent.errors import BadConfiguration


class CannotRetry(BadConfiguration):
    """A job's file cannot be put back, or should not be without another word."""


class _Known(NamedTuple):
    """A job whose file went in, or is about to.

    Attributes:
        place: Its place in the order of arrival.
        queues: Where it stood: its kind, and for vouchers their set.
        told: Who it is and what became of it, as the end of a sentence.
    """

    place: int
    queues: set[Hashable]
    told: str


class SecondTimes:
    """Refuses what would go in a second time, unless somebody has said that it shall."""

    def __init__(self, journal: SqliteJournal) -> None:
        """Take what the agent knows of its jobs."""
        self._journal = journal
        self._known: dict[Kind, dict[str, list[_Known]]] = {}

    def refuse(self, job: Job, payload: Path) -> None:
        """Refuse a file whose rows are in, or that was sent again already.

        Args:
            job: A filed job.
            payload: Its file, which may have been mended since.

        Raises:
            CannotRetry: It is such a file.
            OSError: It cannot be read.
        """
        self._need_new_rows(job)
        self._need_no_follower(job)
        known = self._of(job.kind).get(_content(payload), [])
        since = (each for each in known if each.place > job.sequence)
        if same := next((each for each in since if not each.queues.isdisjoint(queues(job))), None):
            raise CannotRetry(
                f"The file of job {job.id} ('{job.name}') is, byte for byte, {same.told}.",
                hint=_all_the_same(job),
                code="imported-since",
            )

    def note(self, job: Job, payload: Path) -> None:
        """Take note of a file that was put back; contacts and products may be sent twice."""
        if job.kind is Kind.VOUCHERS:
            told = f"that of job {job.id}, which was put back just now"
            known = _Known(sys.maxsize, queues(job), told)
            self._of(job.kind)[_content(payload)].append(known)

    def _need_new_rows(self, job: Job) -> None:
        if job.outcome is Outcome.IMPORTED:
            what = f"All rows of job {job.id} ('{job.name}') are in already."
        elif job.outcome is Outcome.DUPLICATE and job.duplicate_of:
            what = (
                f"What job {job.id} ('{job.name}') holds went in with job {job.duplicate_of.job}."
            )
        elif job.kind is Kind.VOUCHERS and job.success:
            raise CannotRetry(
                f"Of job {job.id} ('{job.name}') {count(job.success, 'codes')} are in already and "
                "would be imported a second time.",
                hint=f"To send the others only, mend and drop {job.stem}{ERRORS_ENDING}, which "
                f"lies beside the report. {_all_the_same(job)}",
                code="imported-in-part",
            )
        else:
            return
        raise CannotRetry(what, hint=_all_the_same(job), code="imported-already")

    def _need_no_follower(self, job: Job) -> None:
        later = [
            *self._journal.followers(job.id),
            *self._journal.named(archived_as(job), 1, after=job),
        ]
        if later:
            raise CannotRetry(
                f"The file of job {job.id} ('{job.name}') was dropped again before, as job "
                f"{later[0].id}.",
                hint=f"See what became of that one: dropbox-agent explain {later[0].id}. "
                f"{_all_the_same(job)}",
                code="retried-already",
            )

    def _of(self, kind: Kind) -> dict[str, list[_Known]]:
        """Give the files of a kind that went in or are about to, by their content; read once."""
        if kind not in self._known:
            self._known[kind] = defaultdict(list)
            for content, known in self._read(kind):
                self._known[kind][content].append(known)
        return self._known[kind]

    def _read(self, kind: Kind) -> Iterator[tuple[str, _Known]]:
        for job in (*self._journal.under_way(), *self._journal.filed({kind}, WENT_IN)):
            if job.kind is kind and job.checked and job.outcome in {*WENT_IN, None}:
                told = f"'{job.name}' (job {job.id}), which {_state_of(job)}"
                known = _Known(job.sequence, queues(job), told)
                yield job.checked.facts.sha256, known


def _state_of(job: Job) -> str:
    if job.stage is Stage.FILED:
        return "went in since"
    return "is held" if job.stage is Stage.HELD else "is under way"


def _all_the_same(job: Job) -> str:
    return f"To send it once more all the same: dropbox-agent retry --again {job.id}"


def _content(payload: Path) -> str:
    with payload.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
