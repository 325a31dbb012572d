"""Whether a file is the very one that was imported last: then sending it would change nothing."""

from collections.abc import Collection
from dataclasses import dataclass, field

from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.job import Earlier, Job, Outcome, Reason, Stage
from dropbox_agent.core.judging import judge
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import REPORT_ENDING, stem_of

WENT_IN = {Outcome.IMPORTED, Outcome.PARTIAL}


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Says which files are not sent a second time.

    Attributes:
        skipped: The kinds whose duplicates are not sent.
    """

    skipped: Collection[Kind] = field(default_factory=frozenset)

    def may_be_skipped(self, job: Job) -> bool:
        """Whether a job about to be sent would be skipped if its file were a duplicate.

        Not if a person wants it sent: they released it, or dropped an archived file again. And
        not once a part of it is in.
        """
        dropped_again = job.checked is not None and job.checked.follows is not None
        released = any(mark.stage is Stage.HELD for mark in job.timeline)
        begun = any(part.import_id for part in job.parts)
        return job.kind in self.skipped and not (dropped_again or released or begun)


def repeats(job: Job, last: Job) -> bool:
    """Whether importing a job would do once more what another one did.

    Args:
        job: A job about to be sent.
        last: The one of the same kind and coupon set that was imported last.
    """
    if _bytes_of(job) != _bytes_of(last) or _options_of(job) != _options_of(last):
        return False
    outcome = judge(last)[0] if last.stage is Stage.ENDED else last.outcome
    return outcome in WENT_IN


def named(last: Job) -> Earlier:
    """Name the job that was imported last, and its report, also if that is still to be written."""
    return Earlier(last.id, f"{last.stem or stem_of(last)}{REPORT_ENDING}")


def why_skipped(job: Job, last: Job) -> Reason:
    """Say why a file is not sent."""
    return Reason(
        "duplicate",
        f"'{job.name}' is, byte for byte, what was imported last ('{last.name}', job {last.id}, "
        f"{last.received_at:%Y-%m-%d %H:%M} UTC). It was not sent again.",
        f"Nothing to do, unless it shall be imported once more: dropbox-agent retry {job.id}. "
        "AGENT_DUPLICATES says for which kinds such files are skipped.",
    )


def _bytes_of(job: Job) -> str | None:
    return job.checked.facts.sha256 if job.checked else None


def _options_of(job: Job) -> set[ImportOptions]:
    return {part.options for part in job.parts}
