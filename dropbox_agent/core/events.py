"""What can happen to a job, and what each event writes down.

An event never names the next stage: that is for the table in ``lifecycle.py`` alone.
"""

from dataclasses import dataclass, replace

from dropbox_agent.core.imports import Import, ImportId
from dropbox_agent.core.job import Checked, Earlier, Job, Outcome, Part, Reason


class Event:
    """Something that happened to a job."""

    __slots__ = ()

    def written_on(self, job: Job) -> Job:
        """Return the job with what this event tells, the stage left alone."""
        return job


@dataclass(frozen=True, slots=True)
class Passed(Event):
    """Checking found nothing that keeps the file from being sent."""

    checked: Checked
    parts: tuple[Part, ...]

    def written_on(self, job: Job) -> Job:
        """Keep what was learned and what is to be sent."""
        return replace(job, checked=self.checked, parts=self.parts)


@dataclass(frozen=True, slots=True)
class Doubted(Event):
    """The file may be sent, but it is not like those before it: a person has to decide."""

    checked: Checked
    parts: tuple[Part, ...]
    reason: Reason

    def written_on(self, job: Job) -> Job:
        """Keep what was learned, what is to be sent, and what the person has to know."""
        return replace(job, checked=self.checked, parts=self.parts, reason=self.reason)


@dataclass(frozen=True, slots=True)
class Rejected(Event):
    """Checking found faults: nothing is sent."""

    checked: Checked
    reason: Reason
    stem: str

    def written_on(self, job: Job) -> Job:
        """Keep the reason and the final name."""
        return replace(
            job,
            checked=self.checked,
            reason=self.reason,
            stem=self.stem,
            outcome=Outcome.REJECTED,
        )


@dataclass(frozen=True, slots=True)
class Repeated(Event):
    """The very same bytes were imported last: nothing is sent."""

    earlier: Earlier
    reason: Reason
    stem: str

    def written_on(self, job: Job) -> Job:
        """Keep the job that imported them, and the final name."""
        return replace(
            job,
            duplicate_of=self.earlier,
            reason=self.reason,
            stem=self.stem,
            outcome=Outcome.DUPLICATE,
        )


@dataclass(frozen=True, slots=True)
class Rewritten(Event):
    """Somebody wrote to the file after it was checked: check it again."""

    def written_on(self, job: Job) -> Job:
        """Forget what was learned from the old content."""
        return replace(job, checked=None, parts=())


@dataclass(frozen=True, slots=True)
class SendBegan(Event):
    """The first byte is about to leave; ``known`` are the imports the server lists already."""

    known: tuple[ImportId, ...]
    newest_at: str | None = None

    def written_on(self, job: Job) -> Job:
        """Keep what tells our import from older ones, should the answer be lost."""
        told = replace(job.part, known=self.known, newest_known_at=self.newest_at)
        return _with_part(job, told)


@dataclass(frozen=True, slots=True)
class NotTaken(Event):
    """The server certainly made no import, for a reason that is not the file's fault."""


@dataclass(frozen=True, slots=True)
class TurnedDown(Event):
    """The server refuses the part for good."""

    reason: Reason

    def written_on(self, job: Job) -> Job:
        """Keep the server's reason with the part."""
        return _with_part(job, replace(job.part, refused=self.reason, is_open=False))


@dataclass(frozen=True, slots=True)
class Taken(Event):
    """The server made this import of the part; ``requests`` were spent on finding that out."""

    imported: Import
    requests: int = 0

    def written_on(self, job: Job) -> Job:
        """Keep the id and what the server said; if the job was held for it, that is over."""
        told = _with_part(job, _told(job.part, self.imported, self.requests))
        return replace(told, reason=None)


@dataclass(frozen=True, slots=True)
class PartEnded(Event):
    """The server is through with this part, and the next one can be sent."""

    imported: Import
    requests: int = 0

    def written_on(self, job: Job) -> Job:
        """Keep what the server said, and go on to the next part."""
        told = _told(job.part, self.imported, self.requests)
        return _with_part(job, replace(told, is_open=False))


class AllEnded(PartEnded):
    """The server is through with the last part that is sent."""


@dataclass(frozen=True, slots=True)
class Vanished(Event):
    """The server does not know the import any more."""

    def written_on(self, job: Job) -> Job:
        """Mark the part: nobody can say what became of its rows."""
        return _with_part(job, replace(job.part, vanished=True, is_open=False))


@dataclass(frozen=True, slots=True)
class Judged(Event):
    """Outcome and final names are decided."""

    outcome: Outcome
    reason: Reason | None
    stem: str

    def written_on(self, job: Job) -> Job:
        """Keep the decision, so that filing can begin again after a crash."""
        return replace(job, outcome=self.outcome, reason=self.reason, stem=self.stem)


@dataclass(frozen=True, slots=True)
class Filed(Event):
    """File and report lie at their final place."""


@dataclass(frozen=True, slots=True)
class Held(Event):
    """Going on by ourselves could do damage: a person has to decide."""

    reason: Reason

    def written_on(self, job: Job) -> Job:
        """Keep what the person has to know."""
        return replace(job, reason=self.reason)


@dataclass(frozen=True, slots=True)
class SentAgain(Event):
    """A person decided that the part in hand be sent again."""

    def written_on(self, job: Job) -> Job:
        """The reason for holding is no more."""
        return replace(job, reason=None)


@dataclass(frozen=True, slots=True)
class BegunAnew(Event):
    """A person decided that a job which was held before it was checked be taken up."""

    def written_on(self, job: Job) -> Job:
        """The reason for holding is no more."""
        return replace(job, reason=None)


@dataclass(frozen=True, slots=True)
class Lost(Event):
    """Somebody took the payload away before it was sent."""

    reason: Reason

    def written_on(self, job: Job) -> Job:
        """Keep the reason of the failure."""
        return replace(job, reason=self.reason)


@dataclass(frozen=True, slots=True)
class GivenUp(Event):
    """A person decided that the job has failed."""

    reason: Reason

    def written_on(self, job: Job) -> Job:
        """Keep the decision as the reason of the failure."""
        return replace(job, reason=self.reason)


def _told(part: Part, imported: Import, requests: int) -> Part:
    """Keep what the server said of the import of a part, and what that cost."""
    spent = part.requests + requests
    return replace(part, import_id=imported.id, last=imported, requests=spent)


def _with_part(job: Job, changed: Part) -> Job:
    """Put the changed part in the place of the part in hand."""
    index = job.parts.index(job.part)
    return replace(job, parts=(*job.parts[:index], changed, *job.parts[index + 1 :]))
