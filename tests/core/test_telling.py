"""One plain line for every step of a job."""

from dataclasses import replace

import pytest

from dropbox_agent.core import events
from dropbox_agent.core.events import Event
from dropbox_agent.core.imports import Import, ImportOptions, Status
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.lifecycle import TRANSITIONS
from dropbox_agent.core.telling import archive_name, is_bad_news, size, tell
from tests.jobs import (
    EXAMPLES,
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

TWO_PARTS = after(new_job(), events.Passed(checked(1500), parts(1000, 500)))
FIRST_SENT = after(TWO_PARTS, events.SendBegan(()), events.Taken(an_import()))
FIRST_ENDED = after(FIRST_SENT, events.PartEnded(finished(990, 10)))
TWO_OF_THREE_ENDED = after(
    new_job(),
    events.Passed(checked(30), parts(10, 10, 10)),
    *[events.SendBegan(()), events.Taken(an_import()), events.PartEnded(finished(10))],
    *[events.SendBegan(()), events.Taken(an_import()), events.PartEnded(finished(7, 3))],
)
SECOND_SENDING = after(FIRST_ENDED, events.SendBegan(()))

LINES: dict[str, Job] = {
    "claimed 'customers.csv' (1.0 KB) from inbox/contacts": new_job(),
    "claimed 'codes.csv' (1.0 KB) from inbox/vouchers/SPRING": new_job(
        Kind.VOUCHERS, "codes.csv", folder="SPRING"
    ),
    "was written to since it was checked; it is checked again": after(
        job_at(Stage.CHECKED), events.Rewritten()
    ),
    "checked: 10 rows, no faults": job_at(Stage.CHECKED),
    "checked: 1 row, 1 warning": after(new_job(), events.Passed(checked(1, warnings=1), parts(1))),
    "checked: 10 rows, 2 warnings": after(new_job(), events.Passed(checked(warnings=2), parts(10))),
    "checked: 12,345 rows, 1,000 warnings": after(
        new_job(), events.Passed(checked(12345, warnings=1000), parts(12345))
    ),
    "was not taken, as far as can be told; it waits to be sent again": after(
        job_at(Stage.SENDING), events.NotTaken()
    ),
    "released: it is sent": after(job_at(Stage.HELD), events.SentAgain()),
    "part 1 of 2 has ended: 990 rows in, 10 refused": FIRST_ENDED,
    "part 2 of 3 has ended: 7 rows in, 3 refused": TWO_OF_THREE_ENDED,
    "sending 10 rows": job_at(Stage.SENDING),
    "sending 500 rows (part 2 of 2)": SECOND_SENDING,
    "Connectif has taken it as import import-1": job_at(Stage.SENT),
    "Connectif has taken it as import import-1 (part 1 of 2)": FIRST_SENT,
    "import import-1 is finished: 10 rows in, 0 refused": job_at(Stage.ENDED),
    "import import-1 is cancelled: 4 rows in, 1 refused": after(
        job_at(Stage.SENT),
        events.AllEnded(an_import(Status.CANCELLED, success=4, errors=1)),
    ),
    "import import-2 is error: 0 rows in, 0 refused": after(
        SECOND_SENDING,
        events.Taken(an_import(import_id="import-2")),
        events.AllEnded(an_import(Status.ERROR, import_id="import-2")),
    ),
    "Connectif does not take it: Something happened.": after(
        job_at(Stage.SENDING), events.TurnedDown(REASON)
    ),
    "Connectif does not know import import-1 any more": after(
        job_at(Stage.SENT), events.Vanished()
    ),
    "ended without being sent": after(job_at(Stage.CHECKED), events.Lost(REASON)),
    "imported": job_at(Stage.JUDGED),
    "rejected: Something happened. Do something about it.": after(
        new_job(), events.Rejected(checked(errors=1), REASON, STEM)
    ),
    f"filed as processed/contacts/{STEM}.csv": job_at(Stage.FILED),
    "held: a person has to decide: Something happened. Do something about it.": job_at(Stage.HELD),
}


@pytest.mark.parametrize(("line", "job"), LINES.items())
def test_a_step_is_told_in_one_plain_line(line: str, job: Job) -> None:
    """In the words of the folders and of Connectif."""
    assert tell(job) == line


ARROWS = [(stage, event) for stage, row in TRANSITIONS.items() for event in row]


@pytest.mark.parametrize(("stage", "event"), ARROWS)
def test_every_step_can_be_told(stage: Stage, event: type[Event]) -> None:
    """Each arrow of the lifecycle has its line, without a row, a header or a link in it."""
    secret = "ada@example.com"
    before = job_at(stage)
    # The first row of a file without a header is taken for one.
    learned = checked()
    learned = replace(
        learned, header=f"{secret},Ada\r\n", facts=replace(learned.facts, columns=(secret, "Ada"))
    )
    if before.checked:
        before = replace(before, checked=learned)
    line = tell(after(before, EXAMPLES[event]))
    assert line
    assert line.isprintable()
    assert secret not in line


@pytest.mark.parametrize("told", [finished(), an_import(Status.ERROR)])
@pytest.mark.parametrize("stage", [Stage.SENDING, Stage.HELD])
def test_an_import_that_had_ended_already_can_be_told_of(stage: Stage, told: Import) -> None:
    """It is found like that after a crash, or named like that by a person."""
    line = tell(after(job_at(stage), events.Taken(told)))
    assert line == "Connectif has taken it as import import-1"


def test_links_to_rows_are_not_told() -> None:
    """Whoever has the link has the rows."""
    told = replace(finished(9, 1), error_report_url="https://reports.example.com/secret")
    assert "reports" not in tell(after(job_at(Stage.SENT), events.AllEnded(told)))


@pytest.mark.parametrize(
    ("outcome", "name"),
    [
        (Outcome.IMPORTED, f"processed/contacts/{STEM}.csv"),
        (Outcome.PARTIAL, f"processed/contacts/{STEM}.csv"),
        (Outcome.DUPLICATE, f"processed/contacts/{STEM}.csv"),
        (Outcome.REJECTED, f"failed/contacts/{STEM}.csv"),
        (Outcome.FAILED, f"failed/contacts/{STEM}.csv"),
    ],
)
def test_it_is_told_where_a_file_lies(outcome: Outcome, name: str) -> None:
    """Below the home folder."""
    assert archive_name(replace(job_at(Stage.FILED), outcome=outcome)) == name


@pytest.mark.parametrize("outcome", Outcome)
def test_a_judgement_that_somebody_has_to_act_on_is_bad_news(outcome: Outcome) -> None:
    """It is told once, when it is made."""
    bad = outcome in {Outcome.PARTIAL, Outcome.REJECTED, Outcome.FAILED}
    assert is_bad_news(replace(job_at(Stage.JUDGED), outcome=outcome)) is bad
    assert not is_bad_news(replace(job_at(Stage.FILED), outcome=outcome))


@pytest.mark.parametrize("stage", Stage)
def test_a_held_job_is_bad_news_and_no_other_stage_is(stage: Stage) -> None:
    """As long as all goes well."""
    assert is_bad_news(job_at(stage)) is (stage is Stage.HELD)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 KB"),
        (3_449, "3.4 KB"),
        (51_000_000, "51.0 MB"),
        (2_500_000_000, "2.5 GB"),
        (7_000_000_000_000, "7000.0 GB"),
    ],
)
def test_sizes_are_written_for_people(count: int, text: str) -> None:
    """In steps of a thousand."""
    assert size(count) == text


def test_a_set_is_told_by_its_folder() -> None:
    """The options it leads to are for the report."""
    options = ImportOptions(coupon_set="5f0c6a1b2c3d4e5f60718293")
    job = new_job(Kind.VOUCHERS, folder="SPRING")
    assert "5f0c" not in tell(after(job, events.Passed(checked(), parts(10, options=options))))
