"""How things stand, as the last heartbeat has it."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from dropbox_agent.adapters.metrics import Standing
from dropbox_agent.adapters.metrics.lanes import LANES
from dropbox_agent.core.gates import Gate
from dropbox_agent.core.job import Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.overview import Crowd, JobInHand, Moment, Overview, WatchInHand
from dropbox_agent.core.pausing import Pause
from dropbox_agent.core.settling import Standing as DropStanding
from dropbox_agent.core.sighting import Sighting
from dropbox_agent.errors import TryLater
from tests.expositions import Exposition, a_registry
from tests.homes import Home
from tests.jobs import NOON, job_at, new_job

MOMENT = Moment(NOON, monotonic=10_000.0)
NOTHING = Overview(
    jobs=(), drops=(), drops_in_sight=0, pauses=(),
    crowds=tuple(Crowd(kind, drops=0, stalled=0, oldest_found_at=None) for kind in Kind),
)  # fmt: skip
WHY = TryLater("There is no network.", hint="See to it.", code="network-down")


@pytest.fixture
def registry() -> CollectorRegistry:
    """A registry without anything but what stands."""
    return a_registry()


def given_out(overview: Overview, registry: CollectorRegistry, at: Moment = MOMENT) -> Exposition:
    """Read what is given out of an overview."""
    standing = Standing()
    standing.write(overview.to_json(at))
    registry.register(standing)
    return Exposition.of(registry)


def drop(gate: Gate | None, kind: Kind = Kind.CONTACTS, name: str = "a.csv") -> DropStanding:
    """Make a drop that waits at a gate."""
    seen = Sighting(f"{kind}/{name}", kind, None, name, True, 1, 1, 1, 1)
    return DropStanding(seen, gate, since=9_990.0, found_at=9_900.0)


def test_before_the_first_heartbeat_nothing_is_claimed(registry: CollectorRegistry) -> None:
    """Zeros would look as if all were well."""
    registry.register(Standing())
    told = Exposition.of(registry)
    assert not any("waiting" in name or "heartbeat" in name for name in told.names)


def test_an_idle_agent_gives_out_zeros(registry: CollectorRegistry) -> None:
    """Every series is there; alerts on them can be written without waiting for trouble."""
    told = given_out(NOTHING, registry)
    assert told["heartbeat_timestamp_seconds"] == NOON.timestamp()
    for kind in Kind:
        assert told[f"drops_waiting:{kind}:quiet"] == 0
        assert told[f"jobs_under_way:{kind}:sent"] == 0
        assert told[f"oldest_drop_seconds:{kind}"] == 0
        assert told[f"oldest_job_seconds:{kind}"] == 0
    assert all(told[f"lane_paused:{lane}"] == 0 for lane in LANES)


def test_waiting_drops_are_told_by_their_gates(registry: CollectorRegistry) -> None:
    """One all of whose gates are open waits for room."""
    crowd = Crowd(Kind.CONTACTS, drops=3, stalled=1, oldest_found_at=8_000.0)
    drops = (drop(Gate.QUIET), drop(Gate.NOT_EMPTY, name="b.csv"), drop(None, name="c.csv"))
    told = given_out(replace(NOTHING, drops=drops, drops_in_sight=3, crowds=(crowd,)), registry)
    assert told["drops_waiting:contacts:quiet"] == 1
    assert told["drops_waiting:contacts:not empty"] == 1
    assert told["drops_waiting:contacts:room"] == 1
    assert told["drops_waiting:contacts:more"] == 0
    assert told["drops_stalled:contacts"] == 1
    assert told["oldest_drop_seconds:contacts"] == 2_000


def test_a_crowd_is_told_to_the_last_drop(registry: CollectorRegistry) -> None:
    """Also those that the heartbeat does not list, without their gates."""
    crowd = Crowd(Kind.PRODUCTS, drops=20_000, stalled=0, oldest_found_at=9_999.0)
    drops = tuple(drop(Gate.QUIET, Kind.PRODUCTS, f"{number}.csv") for number in range(200))
    told = given_out(
        replace(NOTHING, drops=drops, drops_in_sight=20_000, crowds=(crowd,)), registry
    )
    assert told["drops_waiting:products:quiet"] == 200
    assert told["drops_waiting:products:more"] == 19_800


def test_jobs_are_told_by_stage_and_those_held_apart(registry: CollectorRegistry) -> None:
    """A held one may wait for days: it does not make the others look late."""
    held = replace(job_at(Stage.HELD), received_at=datetime(2026, 1, 1, tzinfo=UTC))
    jobs = (job_at(Stage.SENT), job_at(Stage.CLAIMED, new_job(number=2)), held)
    overview = replace(NOTHING, jobs=tuple(map(JobInHand, jobs)))
    later = Moment(datetime(2026, 1, 15, 12, 10, tzinfo=UTC), monotonic=10_600.0)
    told = given_out(overview, registry, later)
    assert told["jobs_under_way:contacts:sent"] == 1
    assert told["jobs_under_way:contacts:claimed"] == 1
    assert told["jobs_held:contacts"] == 1
    assert told["oldest_job_seconds:contacts"] == 600
    assert told["oldest_job_seconds:products"] == 0


def test_a_pause_is_told_with_its_age(registry: CollectorRegistry) -> None:
    """From when it began, however often it was tried to end."""
    pause = Pause(WHY, since=9_640.0, until=10_016.0, attempts=5)
    told = given_out(replace(NOTHING, pauses=(("sending", pause),)), registry)
    assert told["lane_paused:sending"] == 1
    assert told["lane_paused_seconds:sending"] == 360
    assert told["lane_paused:asking"] == 0


def test_a_clock_that_was_set_back_gives_no_ages_below_zero(registry: CollectorRegistry) -> None:
    """A job may have been claimed tomorrow."""
    later = replace(job_at(Stage.SENT), received_at=datetime(2027, 1, 1, tzinfo=UTC))
    told = given_out(replace(NOTHING, jobs=(JobInHand(later),)), registry)
    assert told["oldest_job_seconds:contacts"] == 0


def test_missed_arrivals_are_told(registry: CollectorRegistry) -> None:
    """Where somebody watches."""
    told = given_out(replace(NOTHING, watch=WatchInHand("Watched.", missed=3)), registry)
    assert told["missed_arrivals_total"] == 3


def test_the_last_heartbeat_counts(registry: CollectorRegistry) -> None:
    """Nothing of an earlier one is left over."""
    standing = Standing()
    registry.register(standing)
    standing.write(replace(NOTHING, jobs=(JobInHand(job_at(Stage.SENT)),)).to_json(MOMENT))
    standing.write(NOTHING.to_json(MOMENT))
    assert Exposition.of(registry)["jobs_under_way:contacts:sent"] == 0


def test_the_lanes_are_those_of_the_agent(tmp_path: Path) -> None:
    """By the names that pauses are told with."""
    with Home(tmp_path) as home:
        assert {lane.name for lane in home.agent.lanes} == set(LANES)


def test_what_a_real_agent_tells_can_be_given_out(
    tmp_path: Path, registry: CollectorRegistry
) -> None:
    """Its own heartbeat, with a file that waits."""
    standing = Standing()
    registry.register(standing)
    with Home(tmp_path) as home:
        home.status_file = standing
        (tmp_path / "inbox" / "contacts" / "a.csv").write_bytes(b"")
        home.run_for(20)
    told = Exposition.of(registry)
    assert told["drops_waiting:contacts:not empty"] == 1
    assert told["oldest_drop_seconds:contacts"] >= 10
    assert told["missed_arrivals_total"] >= 0
