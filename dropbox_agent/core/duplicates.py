"""Whether a file is the very one that was imported last: then sending it would change nothing."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field

from dropbox_agent.core.encoding import is_converted
from dropbox_agent.core.job import Earlier, Job, Outcome, Reason, Stage
from dropbox_agent.core.judging import judge
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import ERRORS_ENDING, REPORT_ENDING, stem_of

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
    return _sent(job) == _sent(last) and went_in(last)


def went_in(job: Job) -> bool:
    """Whether rows of a job are in, as far as its end is known."""
    return _end(job)[0] in WENT_IN


def named(last: Job) -> Earlier:
    """Name the job that was imported last, and its report, also if that is still to be written."""
    return Earlier(last.id, f"{_stem(last)}{REPORT_ENDING}")


def why_skipped(job: Job, last: Job) -> Reason:
    """Say why a file is not sent."""
    outcome, reason = _end(last)
    to_do, of_that = "Nothing to do", ""
    if outcome is Outcome.PARTIAL and reason:
        to_do, of_that = _rows_to_see_to(last), f" Of that import: {reason.message}"
    return Reason(
        "duplicate",
        f"'{job.name}' is, byte for byte, what was imported last ('{last.name}', job {last.id}, "
        f"{last.received_at:%Y-%m-%d %H:%M} UTC). It was not sent again.{of_that}",
        f"{to_do}. To import all of it once more all the same: dropbox-agent retry {job.id} "
        "--again. AGENT_DUPLICATES says for which kinds such files are skipped.",
    )


def _rows_to_see_to(last: Job) -> str:
    if last.errors:
        return f"Mend and drop the rows in {_stem(last)}{ERRORS_ENDING}, beside the first report"
    return "Look at that import in Connectif (its id is in the first report)"


def _stem(last: Job) -> str:
    return last.stem or stem_of(last)


def _end(job: Job) -> tuple[Outcome | None, Reason | None]:
    """Tell a job's outcome and the reason for it, also if that is still to be written down."""
    return judge(job) if job.stage is Stage.ENDED else (job.outcome, job.reason)


def _sent(job: Job) -> Hashable:
    """Name all that decides what is sent, and how: the bytes, and what is made of them."""
    options = frozenset(part.options for part in job.parts)
    if (checked := job.checked) is None:
        return None, options
    encoding = checked.facts.encoding if is_converted(checked.facts.encoding) else None
    return checked.facts.sha256, encoding, checked.plan, options
