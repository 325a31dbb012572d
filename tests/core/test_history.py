"""Which filed jobs are asked for, and what they come to."""

from datetime import timedelta

import pytest

from dropbox_agent.core import events
from dropbox_agent.core.history import Sum, Wanted, filed_at
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.kind import Kind
from tests.jobs import EXAMPLES, REASON, STEM, after, checked, finished, job_at, new_job, parts

FILED = job_at(Stage.FILED, new_job(Kind.CONTACTS, "Prices-2026.csv"))
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(),
        Wanted(kinds=(Kind.VOUCHERS, Kind.CONTACTS)),
        Wanted(outcomes=(Outcome.IMPORTED,)),
        Wanted(since=filed_at(FILED), until=filed_at(FILED) + SECOND),
        Wanted(name="prices*.CSV"),
        Wanted(name="prices-202?.csv"),
    ],
)
def test_what_is_asked_for_is_covered(wanted: Wanted) -> None:
    """A job that was filed at the first moment is; names match in any case."""
    assert wanted.covers(FILED)


@pytest.mark.parametrize("pattern", ["price[1].csv", "PRICE[?].csv", "price[*"])
def test_brackets_in_a_name_are_letters_like_others(pattern: str) -> None:
    """Browsers and file managers call the second file of a name so."""
    wanted = Wanted(name=pattern)
    assert wanted.covers(job_at(Stage.FILED, new_job(name="Price[1].csv")))
    assert not wanted.covers(job_at(Stage.FILED, new_job(name="price1.csv")))


@pytest.mark.parametrize(
    "wanted",
    [
        Wanted(kinds=(Kind.VOUCHERS,)),
        Wanted(outcomes=(Outcome.FAILED, Outcome.REJECTED)),
        Wanted(since=filed_at(FILED) + SECOND),
        Wanted(until=filed_at(FILED)),
        Wanted(name="prices"),
        Wanted(outcomes=(Outcome.IMPORTED,), name="x*"),
    ],
)
def test_one_thing_that_is_not_so_is_enough(wanted: Wanted) -> None:
    """A job that was filed at the last moment is not covered any more."""
    assert not wanted.covers(FILED)


def test_the_sum_names_outcomes_and_rows() -> None:
    """In the order in which outcomes are listed everywhere."""
    total = Sum()
    for job in (rejected(), partial(), partial(), FILED):
        total.add(job)
    assert total.jobs == 4
    assert str(total) == "4 files: 1 imported, 2 partial, 1 rejected; 40 rows: 26 in, 4 refused"


def test_the_sum_of_one_file_is_told_in_the_singular() -> None:
    """It is read by people."""
    total = Sum()
    total.add(FILED)
    assert str(total) == "1 file: 1 imported; 10 rows: 10 in, 0 refused"


def partial() -> Job:
    """File a job of which two rows were refused."""
    return after(
        new_job(),
        events.Passed(checked(), parts(10)),
        EXAMPLES[events.SendBegan],
        EXAMPLES[events.Taken],
        events.AllEnded(finished(8, 2)),
        events.Judged(Outcome.PARTIAL, None, STEM),
        events.Filed(),
    )


def rejected() -> Job:
    """File a job that was not sent."""
    return after(new_job(), events.Rejected(checked(errors=1), REASON, STEM), events.Filed())
