"""Several witnesses as one: everybody is told everything, in order."""

from datetime import UTC, datetime

from dropbox_agent.agent import SilentWitness, Witnesses
from dropbox_agent.core.imports import Import, ImportId, Status
from dropbox_agent.core.job import Job, JobId
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.witnesses import RecordingWitness

JOB = Job.claimed(
    JobId("c1"),
    Kind.CONTACTS,
    "people.csv",
    folder=None,
    size=1,
    at=datetime(2026, 1, 15, tzinfo=UTC),
)
TOLD = Import(ImportId("1"), Kind.CONTACTS, Status.QUEUED)
WHY = TryLater("It rains.", hint="Wait.", code="rain")


def test_everybody_is_told_everything() -> None:
    """Each of several witnesses hears of every event; the silent one does nothing with it."""
    first, second = RecordingWitness(), RecordingWitness()
    everybody = Witnesses(first, SilentWitness(), second)
    everybody.stepped(JOB)
    everybody.progressed(JOB, TOLD)
    everybody.paused("sending", WHY, 3.0)
    everybody.resumed("sending")
    everybody.troubled(WHY, JOB)
    everybody.noticed("The sun shines.")
    for each in (first, second):
        assert each.steps == [JOB]
        assert each.progress == [TOLD]
        assert each.pauses == [("sending", "rain", 3.0)]
        assert each.resumptions == ["sending"]
        assert each.troubles == [("rain", "people.csv")]
        assert each.notices == ["The sun shines."]
