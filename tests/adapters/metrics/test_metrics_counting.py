"""Counting: what happens to files, and requests."""

from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry

from dropbox_agent.adapters.metrics import Counting
from dropbox_agent.agent import Witnesses
from dropbox_agent.core import events
from dropbox_agent.core.exchange import Call, Exchange, Result
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import TryLater
from tests.expositions import Exposition, a_registry
from tests.jobs import (
    NOON,
    REASON,
    STEM,
    after,
    an_import,
    checked,
    finished,
    job_at,
    new_job,
    parts,
)

WHY = TryLater("There is no network.", hint="See to it.", code="network-down")


class Counted:
    """A counting witness, and what it gives out."""

    def __init__(self) -> None:
        self.registry: CollectorRegistry = a_registry()
        self.counting = Counting(self.registry)

    @property
    def told(self) -> Exposition:
        """All that it gives out now."""
        return Exposition.of(self.registry)

    def tell(self, *jobs: Job) -> Exposition:
        """Tell of jobs at stages, and return what is given out then."""
        for job in jobs:
            self.counting.stepped(job)
        return self.told


@pytest.fixture
def counted() -> Counted:
    """A witness that has seen nothing."""
    return Counted()


def judged(job: Job, outcome: Outcome) -> Job:
    """Bring a job that has ended to its end."""
    return after(job, events.Judged(outcome, None, STEM), events.Filed())


def ended(job: Job, success: int, errors: int, *, rows: int = 10) -> Job:
    """Let a job be sent in one part, and end."""
    return after(
        job,
        events.Passed(checked(rows), parts(rows)),
        events.SendBegan(()),
        events.Taken(an_import()),
        events.AllEnded(finished(success, errors)),
    )


def test_every_series_is_there_from_the_start(counted: Counted) -> None:
    """A rate over a series that begins with 1 would miss that one."""
    told = counted.told
    for kind in Kind:
        assert all(told[f"jobs_total:{kind}:{outcome}"] == 0 for outcome in Outcome)
        assert told[f"job_duration_seconds_count:{kind}"] == 0
    for call in Call:
        assert all(told[f"api_requests_total:{call}:{result}"] == 0 for result in Result)
    assert told["pauses_total:looking into vouchers"] == 0


def test_a_filed_job_is_counted_once(counted: Counted) -> None:
    """By kind and outcome, with its bytes, at the last of its stages."""
    job = new_job(Kind.PRODUCTS)
    told = counted.tell(*(job_at(stage, job) for stage in Stage if stage is not Stage.HELD))
    assert told["jobs_total:products:imported"] == 1
    assert told["filed_bytes_total:products"] == 1000
    assert sum(each.value for each in told.samples("dropbox_agent_jobs_total")) == 1


def test_a_file_that_was_never_read_counts_with_the_size_it_was_claimed_with(
    counted: Counted,
) -> None:
    """Somebody took it away before it was checked."""
    job = after(new_job(), events.Lost(REASON))
    told = counted.tell(judged(job, Outcome.FAILED))
    assert told["filed_bytes_total:contacts"] == 1000
    assert told["jobs_total:contacts:failed"] == 1


def test_rows_are_counted_as_in_the_report(counted: Counted) -> None:
    """Those that went in, those refused, and those of which the server said nothing."""
    told = counted.tell(judged(ended(new_job(), 6, 3), Outcome.PARTIAL))
    assert [told[f"rows_total:contacts:{each}"] for each in ("success", "refused")] == [6, 3]
    assert told["rows_total:contacts:unaccounted"] == 1
    assert told["rows_total:contacts:unsent"] == 0


def test_a_server_that_counts_more_rows_than_were_sent_leaves_none_over(counted: Counted) -> None:
    """A counter never goes down."""
    told = counted.tell(judged(ended(new_job(), 12, 0), Outcome.IMPORTED))
    assert told["rows_total:contacts:unaccounted"] == 0


def test_rows_of_a_rejected_file_are_unsent(counted: Counted) -> None:
    """The server has never seen them."""
    job = after(new_job(), events.Rejected(checked(7, errors=1), REASON, STEM), events.Filed())
    told = counted.tell(job)
    assert told["rows_total:contacts:unsent"] == 7
    assert told["rows_total:contacts:unaccounted"] == 0
    assert told["jobs_total:contacts:rejected"] == 1


def test_the_way_of_a_file_is_timed_from_claim_to_end(counted: Counted) -> None:
    """Every stage in the examples takes a second."""
    told = counted.tell(judged(ended(new_job(), 10, 0), Outcome.IMPORTED))
    assert told["job_duration_seconds_sum:contacts"] == 6
    assert told["job_duration_seconds_count:contacts"] == 1
    assert told["job_duration_seconds_bucket:contacts:5.0"] == 0
    assert told["job_duration_seconds_bucket:contacts:10.0"] == 1


def test_each_import_of_a_file_in_parts_is_timed(counted: Counted) -> None:
    """From the moment the server took the part."""
    job = after(new_job(), events.Passed(checked(20), parts(10, 10)), events.SendBegan(()))
    first = after(job, events.Taken(an_import()), events.PartEnded(finished()))
    second = after(
        first,
        events.SendBegan(()),
        events.Taken(an_import(import_id="import-2")),
        events.AllEnded(finished(import_id="import-2")),
    )
    told = counted.tell(job, first, second)
    assert told["import_duration_seconds_count:contacts"] == 2
    assert told["import_duration_seconds_sum:contacts"] == 2


def test_an_import_that_the_server_forgot_is_not_timed(counted: Counted) -> None:
    """Nobody knows when it ended."""
    told = counted.tell(after(job_at(Stage.SENT), events.Vanished()))
    assert told["import_duration_seconds_count:contacts"] == 0


def test_a_clock_that_was_set_back_takes_no_time_away(counted: Counted) -> None:
    """What cannot have been counts as nothing."""
    job = replace(judged(ended(new_job(), 10, 0), Outcome.IMPORTED), received_at=NOON)
    late = replace(job, received_at=NOON + timedelta(days=1))
    assert counted.tell(late)["job_duration_seconds_sum:contacts"] == 0


def test_a_pause_is_counted_when_it_begins(counted: Counted) -> None:
    """Further tries in vain belong to it."""
    for _ in range(3):
        counted.counting.paused("sending", WHY, 10.0)
    counted.counting.resumed("sending")
    counted.counting.paused("sending", WHY, 10.0)
    assert counted.told["pauses_total:sending"] == 2
    assert counted.told["pauses_total:asking"] == 0


def test_troubles_are_counted(counted: Counted) -> None:
    """With a job or without."""
    counted.counting.troubled(WHY)
    counted.counting.troubled(WHY, new_job())
    assert counted.told["troubles_total"] == 2


def test_requests_are_counted_and_timed(counted: Counted) -> None:
    """By what was asked for and what came of it."""
    counted.counting.observe(Exchange(Call.CREATE_IMPORT, Result.OK, 0.3))
    counted.counting.observe(Exchange(Call.CREATE_IMPORT, Result.NO_ANSWER, 60.0))
    told = counted.told
    assert told["api_requests_total:create-import:ok"] == 1
    assert told["api_requests_total:create-import:no-answer"] == 1
    assert told["api_request_duration_seconds_sum:create-import"] == pytest.approx(60.3)
    assert told["api_request_duration_seconds_bucket:create-import:0.5"] == 1


def test_it_can_be_one_of_several_witnesses(counted: Counted) -> None:
    """What does not count is heard and let go."""
    witness = Witnesses(counted.counting)
    witness.progressed(new_job(), an_import())
    witness.noticed("Something.")
    witness.resumed("sending")
    witness.stepped(judged(ended(new_job(), 10, 0), Outcome.IMPORTED))
    assert counted.told["jobs_total:contacts:imported"] == 1


def test_no_label_tells_of_a_file_or_an_account(counted: Counted) -> None:
    """Whatever names, sets, ids and reasons there are."""
    job = new_job(name="jane.doe@example.com.csv", folder="Jane's set")
    counted.tell(judged(ended(job, 9, 1), Outcome.PARTIAL))
    for family in counted.told.families.values():
        for sample in family.samples:
            assert set(sample.labels) <= {
                "home", "kind", "outcome", "result", "call", "lane", "le", "version"
            }  # fmt: skip
            assert not any(
                "ane" in value and "lane" not in value for value in sample.labels.values()
            )
