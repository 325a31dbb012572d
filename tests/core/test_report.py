"""The report, for every way a job can end, against the schema the package ships."""

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from dropbox_agent.core import events
from dropbox_agent.core.imports import ImportOptions, Status
from dropbox_agent.core.issue import Issue, Severity
from dropbox_agent.core.job import Job, Outcome, Stage
from dropbox_agent.core.judging import judge
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.report import SCHEMA, Json, Origin, build_report, iso
from tests.jobs import (
    EXAMPLES,
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

ORIGIN = Origin(version="1.2.3", host="shop")
SCHEMA_FILE = files("dropbox_agent") / "report.schema.json"
DESCRIPTION: Json = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(DESCRIPTION)

FAULT = Issue("key-blank", Severity.WARNING, "The key is blank.", "Fill it in.", 3, "_email")


def written(job: Job, *issues: Issue, there: bool = True, to_fix: bool = False) -> Json:
    """Build a report as it is written and read again, and hold it against the schema."""
    report = build_report(job, issues, ORIGIN, payload_there=there, rows_to_fix=to_fix)
    read: Json = json.loads(json.dumps(report, ensure_ascii=False).encode())
    assert read == report
    VALIDATOR.validate(read)
    return read


def filed(job: Job) -> Job:
    """Judge and file a job that has ended."""
    outcome, reason = judge(job)
    return after(job, events.Judged(outcome, reason, STEM), events.Filed())


def in_two_parts(second: events.Event) -> Job:
    """Make a job whose first part has ended well, and whose second one has this end."""
    return after(
        new_job(),
        events.Passed(checked(20), parts(10, 10)),
        events.SendBegan(()),
        events.Taken(an_import(), requests=2),
        events.PartEnded(finished(), requests=3),
        events.SendBegan(()),
        events.Taken(an_import(import_id="import-2"), requests=2),
        second,
    )


def ended_by(status: Status) -> Job:
    """Make a job whose import has ended otherwise than finished."""
    return after(job_at(Stage.SENT), events.AllEnded(an_import(status, success=4)))


VOUCHERS = after(
    new_job(Kind.VOUCHERS, "codes.csv", folder="5f0c6a1b2c3d4e5f60718293"),
    events.Passed(
        checked(10), parts(10, options=ImportOptions(";", coupon_set="5f0c6a1b2c3d4e5f60718293"))
    ),
    *(EXAMPLES[each] for each in (events.SendBegan, events.Taken, events.AllEnded)),
)

ENDINGS: dict[str, tuple[Job, Outcome]] = {
    "all rows in": (job_at(Stage.ENDED), Outcome.IMPORTED),
    "vouchers": (VOUCHERS, Outcome.IMPORTED),
    "rows refused": (
        after(job_at(Stage.SENT), events.AllEnded(finished(8, 2))),
        Outcome.PARTIAL,
    ),
    "rows unaccounted for": (
        after(job_at(Stage.SENT), events.AllEnded(finished(8))),
        Outcome.PARTIAL,
    ),
    "more rows than were sent": (
        after(job_at(Stage.SENT), events.AllEnded(finished(12))),
        Outcome.IMPORTED,
    ),
    "no row in": (after(job_at(Stage.SENT), events.AllEnded(finished(0, 10))), Outcome.FAILED),
    "error": (ended_by(Status.ERROR), Outcome.FAILED),
    "cancelled": (ended_by(Status.CANCELLED), Outcome.FAILED),
    "vanished": (after(job_at(Stage.SENT), events.Vanished()), Outcome.FAILED),
    "turned down": (after(job_at(Stage.SENDING), events.TurnedDown(REASON)), Outcome.FAILED),
    "lost unchecked": (after(new_job(), events.Lost(REASON)), Outcome.FAILED),
    "lost unsent": (after(job_at(Stage.CHECKED), events.Lost(REASON)), Outcome.FAILED),
    "given up": (after(job_at(Stage.HELD), events.GivenUp(REASON)), Outcome.FAILED),
    "two parts": (
        in_two_parts(events.AllEnded(finished(import_id="import-2"))),
        Outcome.IMPORTED,
    ),
    "second part vanished": (in_two_parts(events.Vanished()), Outcome.FAILED),
}

REJECTED = after(
    new_job(), events.Rejected(checked(errors=1, warnings=2), REASON, STEM), events.Filed()
)


# Every ending


@pytest.mark.parametrize(("job", "outcome"), ENDINGS.values(), ids=ENDINGS)
def test_every_ending_has_a_report_that_fits_the_schema(job: Job, outcome: Outcome) -> None:
    """Also those that no good server ever causes."""
    report = written(filed(job), FAULT)
    assert report["outcome"] == outcome
    assert (report["reason"] is None) is (outcome is Outcome.IMPORTED)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_fits_the_schema(outcome: Outcome) -> None:
    """Also the one of a file that had been imported before."""
    job = replace(REJECTED, outcome=outcome)
    assert written(replace(job, reason=None if outcome is Outcome.IMPORTED else REASON))


def test_a_report_on_a_file_that_was_taken_away_names_no_file() -> None:
    """It was claimed, and gone before it could be read."""
    report = written(filed(after(new_job(), events.Lost(REASON))), there=False)
    assert report["file"]["archived_as"] is None
    assert report["file"]["sha256"] is None
    assert report["file"]["bytes"] == 1000
    assert report["check"] == {
        "errors": 0,
        "warnings": 0,
        "account": None,
        "issues": [],
        "truncated": False,
    }


# What it says


def test_a_report_on_an_imported_file_says_all_there_is_to_say() -> None:
    """In the order in which people read it."""
    report = written(filed(job_at(Stage.ENDED)))
    assert list(report) == [
        "schema", "agent", "job", "outcome", "reason", "duplicate_of", "follows", "followed_by",
        "rows_to_fix", "row_values", "file", "check", "imports", "totals", "timeline",
    ]  # fmt: skip
    assert report["schema"] == SCHEMA
    assert report["agent"] == {"version": "1.2.3", "host": "shop"}
    assert report["job"] == "c1"
    assert report["file"] == {
        "name": "customers.csv",
        "kind": "contacts",
        "folder": None,
        "bytes": 1000,
        "sha256": "0123456789abcdef" * 4,
        "rows": 10,
        "encoding": "utf-8",
        "delimiter": ",",
        "received_at": "2026-01-15T12:00:00.000Z",
        "archived_as": f"{STEM}.csv",
    }
    assert report["totals"] == {"rows": 10, "success": 10, "errors": 0, "unaccounted": 0}
    assert [mark["stage"] for mark in report["timeline"]] == [
        "claimed", "checked", "sending", "sent", "ended", "judged", "filed",
    ]  # fmt: skip
    assert report["timeline"][-1]["at"] == "2026-01-15T12:00:06.000Z"


def test_each_part_is_an_import_of_its_own() -> None:
    """One that was never taken is none."""
    report = written(filed(in_two_parts(events.Vanished())))
    first, second = report["imports"]
    assert first == {
        "id": "import-1",
        "status": "finished",
        "rows": 10,
        "success": 10,
        "errors": 0,
        "unaccounted": 0,
        "options": {
            "delimiter": ",",
            "override_existing": True,
            "update_only_empty_fields": False,
            "coupon_set": None,
        },
        "created_at": "2026-01-15T12:00:02.000Z",
        "finished_at": "2026-01-15T12:00:09.000Z",
        "requests": 5,
    }
    assert (second["id"], second["status"]) == ("import-2", "vanished")
    assert report["totals"] == {"rows": 20, "success": 10, "errors": 0, "unaccounted": 10}


def test_what_the_server_says_nothing_of_is_unaccounted_for() -> None:
    """Neither in nor refused."""
    job = filed(after(job_at(Stage.SENT), events.AllEnded(finished(6, 3))))
    (told,) = written(job)["imports"]
    assert (told["success"], told["errors"], told["unaccounted"]) == (6, 3, 1)


@pytest.mark.parametrize(
    "job",
    [
        after(job_at(Stage.CHECKED), EXAMPLES[events.Repeated], events.Filed()),
        filed(after(job_at(Stage.CHECKED), events.Lost(REASON))),
    ],
    ids=["duplicate", "taken away"],
)
def test_nothing_that_was_not_sent_is_unaccounted_for(job: Job) -> None:
    """Everybody knows what became of it: nothing."""
    report = written(job)
    assert report["totals"] == {"rows": 10, "success": 0, "errors": 0, "unaccounted": 0}


def test_what_was_given_up_after_a_lost_answer_is_unaccounted_for() -> None:
    """It may have gone in, or not."""
    job = after(job_at(Stage.SENDING), events.Held(REASON), events.GivenUp(REASON))
    assert written(filed(job))["totals"]["unaccounted"] == 10


def test_a_rejected_file_has_no_imports_and_nothing_unaccounted_for() -> None:
    """Nothing was sent."""
    report = written(REJECTED, FAULT)
    assert report["imports"] == []
    assert report["totals"] == {"rows": 10, "success": 0, "errors": 0, "unaccounted": 0}
    assert report["reason"] == {
        "code": "some-code",
        "message": "Something happened.",
        "hint": "Do something about it.",
    }


def test_issues_are_listed_with_their_places() -> None:
    """And it is said whether there are more."""
    check = written(REJECTED, FAULT)["check"]
    assert check["issues"] == [
        {
            "code": "key-blank",
            "severity": "warning",
            "message": "The key is blank.",
            "hint": "Fill it in.",
            "line": 3,
            "column": "_email",
        }
    ]
    assert (check["errors"], check["warnings"], check["truncated"]) == (1, 2, True)
    assert written(REJECTED, FAULT, FAULT, FAULT)["check"]["truncated"] is False


def test_the_rows_to_fix_are_named_where_there_are_any() -> None:
    """They lie beside the report, under the same name."""
    partial = filed(ENDINGS["rows refused"][0])
    assert written(partial, to_fix=True)["rows_to_fix"] == f"{STEM}.errors.csv"
    assert written(partial)["rows_to_fix"] is None


def test_totals_are_the_sums_of_the_imports() -> None:
    """Whatever a lying server says of each of them."""
    lies = in_two_parts(events.AllEnded(finished(25, 3, import_id="import-2")))
    first = replace(lies.parts[0], last=finished(4))
    report = written(filed(replace(lies, parts=(first, lies.parts[1]))))
    for count in ("success", "errors", "unaccounted"):
        assert report["totals"][count] == sum(each[count] for each in report["imports"])


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (NOON, "2026-01-15T12:00:00.000Z"),
        (NOON + timedelta(microseconds=1999), "2026-01-15T12:00:00.001Z"),
        (
            datetime(2026, 1, 15, 21, 0, tzinfo=timezone(timedelta(hours=9))),
            "2026-01-15T12:00:00.000Z",
        ),
    ],
)
def test_times_are_told_in_utc_to_the_millisecond(at: datetime, text: str) -> None:
    """So that they can be compared as text."""
    assert iso(at) == text
