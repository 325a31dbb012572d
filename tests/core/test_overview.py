"""What the agent has in hand, as status and monitors read it."""

import json
from dataclasses import replace

from dropbox_agent.core.gates import Gate
from dropbox_agent.core.imports import Status
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.overview import Crowd, JobInHand, Moment, Overview, WatchInHand
from dropbox_agent.core.pausing import Pause
from dropbox_agent.core.settling import Standing
from dropbox_agent.core.sighting import Sighting
from dropbox_agent.errors import TryLater
from tests.jobs import NOON, an_import, job_at, new_job

MOMENT = Moment(NOON, monotonic=1000.0)
NOTHING = Overview(jobs=(), drops=(), drops_in_sight=0, pauses=())

SEEN = Sighting(
    path="contacts/customers.csv",
    kind=Kind.CONTACTS,
    folder=None,
    name="customers.csv",
    regular=True,
    size=1000,
    inode=1,
    mtime_ns=1,
    ctime_ns=1,
)


def test_monotonic_times_are_told_as_times_of_day() -> None:
    """Before and after the moment of telling."""
    assert MOMENT.day_time(1000.0) == "2026-01-15T12:00:00.000Z"
    assert MOMENT.day_time(940.0) == "2026-01-15T11:59:00.000Z"
    assert MOMENT.day_time(1005.5) == "2026-01-15T12:00:05.500Z"


def test_an_idle_agent_has_nothing_in_hand() -> None:
    """Only the time is told: it shows that the agent is alive."""
    assert NOTHING.to_json(MOMENT) == {
        "at": "2026-01-15T12:00:00.000Z",
        "jobs": [],
        "drops": [],
        "drops_in_sight": 0,
        "crowds": [],
        "mistakes": [],
        "watch": None,
        "pauses": [],
    }


def test_a_job_under_way_is_told_with_what_the_server_last_said() -> None:
    """Its progress in rows."""
    told = an_import(Status.IN_PROGRESS, success=3, errors=1)
    (job,) = replace(NOTHING, jobs=(JobInHand(job_at(Stage.SENT), told),)).to_json(MOMENT)["jobs"]
    assert job == {
        "job": "c1",
        "kind": "contacts",
        "name": "customers.csv",
        "stage": "sent",
        "received_at": "2026-01-15T12:00:00.000Z",
        "since": "2026-01-15T12:00:03.000Z",
        "rows": 10,
        "done": 4,
        "import": "import-1",
        "status": "inProgress",
        "reason": None,
        "hint": None,
        "failing_since": None,
        "next_try": None,
    }


def test_a_held_job_is_told_with_what_to_decide() -> None:
    """Nobody has asked the server about it."""
    (job,) = replace(NOTHING, jobs=(JobInHand(job_at(Stage.HELD)),)).to_json(MOMENT)["jobs"]
    assert (job["stage"], job["done"], job["import"], job["status"]) == ("held", 0, None, None)
    assert (job["reason"], job["hint"]) == ("Something happened.", "Do something about it.")


def test_a_step_that_failed_is_told_with_its_next_try() -> None:
    """What stands in the way now comes before what the job was once held for."""
    why = TryLater("The disk is full.", hint="Make room.", code="disk-trouble")
    retry = Pause(why, since=990.0, until=1030.0, attempts=3)
    hand = JobInHand(job_at(Stage.HELD), retry=retry)
    (job,) = replace(NOTHING, jobs=(hand,)).to_json(MOMENT)["jobs"]
    assert (job["reason"], job["hint"]) == ("The disk is full.", "Make room.")
    assert job["failing_since"] == "2026-01-15T11:59:50.000Z"
    assert job["next_try"] == "2026-01-15T12:00:30.000Z"


def test_a_waiting_drop_is_told_with_its_gate() -> None:
    """Why it waits, since when, and until when."""
    standing = Standing(
        SEEN, Gate.QUIET, since=998.0, opens_at=1003.0, why="it changed", found_at=990.0
    )
    (drop,) = replace(NOTHING, drops=(standing,), drops_in_sight=1).to_json(MOMENT)["drops"]
    assert drop == {
        "path": "contacts/customers.csv",
        "kind": "contacts",
        "bytes": 1000,
        "gate": "quiet",
        "why": "it changed",
        "since": "2026-01-15T11:59:58.000Z",
        "opens_at": "2026-01-15T12:00:03.000Z",
        "found_at": "2026-01-15T11:59:50.000Z",
        "stalled": False,
    }


def test_a_drop_whose_gates_are_open_waits_for_room() -> None:
    """Time alone does not open that one."""
    standing = Standing(SEEN, None, since=900.0)
    (drop,) = replace(NOTHING, drops=(standing,), drops_in_sight=1).to_json(MOMENT)["drops"]
    assert (drop["gate"], drop["opens_at"]) == (Gate.ROOM, None)
    assert drop["why"] == "waits for jobs under way to end"


def test_a_pause_is_told_with_its_next_try() -> None:
    """And with what a person could do about it."""
    why = TryLater("There is no network.", hint="See to it.", code="network-down")
    pause = Pause(why, since=940.0, until=1016.0, attempts=5)
    (told,) = replace(NOTHING, pauses=(("sending", pause),)).to_json(MOMENT)["pauses"]
    assert told == {
        "what": "sending",
        "code": "network-down",
        "message": "There is no network.",
        "hint": "See to it.",
        "since": "2026-01-15T11:59:00.000Z",
        "next_try": "2026-01-15T12:00:16.000Z",
        "attempts": 5,
    }


def test_how_arrivals_are_found_is_told() -> None:
    """With the number of those that nothing announced."""
    told = replace(NOTHING, watch=WatchInHand("It is watched.", missed=3)).to_json(MOMENT)["watch"]
    assert told == {"mode": "It is watched.", "missed": 3}


def test_a_crowd_is_told_in_numbers() -> None:
    """With the time since which its oldest drop is there."""
    crowds = (
        Crowd(Kind.CONTACTS, drops=20_000, stalled=2, oldest_found_at=940.0),
        Crowd(Kind.PRODUCTS, drops=0, stalled=0, oldest_found_at=None),
    )
    told = replace(NOTHING, crowds=crowds).to_json(MOMENT)["crowds"]
    assert told == [
        {
            "kind": "contacts",
            "drops": 20_000,
            "stalled": 2,
            "oldest_found_at": "2026-01-15T11:59:00.000Z",
        },
        {"kind": "products", "drops": 0, "stalled": 0, "oldest_found_at": None},
    ]


def test_all_of_it_can_be_written_down() -> None:
    """Also a name that nobody can decode."""
    hostile = replace(SEEN, path="contacts/caf\udce9.csv", regular=False)
    overview = Overview(
        jobs=tuple(JobInHand(job_at(stage)) for stage in Stage),
        drops=(Standing(hostile, Gate.REGULAR, since=0.0, why="not a plain file"),),
        drops_in_sight=1,
        pauses=(),
    )
    written = json.dumps(overview.to_json(MOMENT), ensure_ascii=False).encode()
    assert json.loads(written)["drops"][0]["path"] == "contacts/caf\\udce9.csv"


def test_overviews_of_the_same_state_are_equal() -> None:
    """So it need not be written when nothing has changed."""
    one = replace(NOTHING, jobs=(JobInHand(new_job()),))
    assert one == replace(NOTHING, jobs=(JobInHand(new_job()),))
    assert one != replace(NOTHING, jobs=(JobInHand(job_at(Stage.CHECKED)),))
