"""Following imports in time that is set: both ways come to every end, each as it is said to."""

import random
from statistics import fmean

import pytest

from benchmarks.asking import as_the_script, as_we_do, most_in_a_minute
from benchmarks.import_line import SimulatedServer, sandbox_server
from benchmarks.measuring import Scale
from benchmarks.polling import measure
from dropbox_agent.core.imports import Status


@pytest.fixture
def simulated() -> SimulatedServer:
    """A server whose imports go on unevenly."""
    return SimulatedServer(random.Random(1))  # noqa: S311 - no secret


def test_the_benchmark_gives_tables() -> None:
    """Each row has a cell for each column."""
    for table in measure(Scale(quick=True)):
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}


@pytest.mark.parametrize("at_once", [1, 3])
def test_the_script_asks_for_each_import_every_two_seconds(
    simulated: SimulatedServer, at_once: int
) -> None:
    """So it knows of an end within two seconds, and asks more often the more there are."""
    course = as_the_script(simulated, [9.0] * 6, at_once)
    assert len(course.delays) == len(course.sends) == 6
    assert all(0 <= delay <= 2 for delay in course.delays)
    assert course.asks_each == pytest.approx(5 * at_once, rel=0.4)


@pytest.mark.parametrize("at_once", [1, 3])
def test_the_agent_asks_for_all_imports_together(simulated: SimulatedServer, at_once: int) -> None:
    """It comes to the end of each, with at most one look before each send."""
    course = as_we_do(simulated, [9.0] * 6, at_once)
    assert len(course.delays) == 6
    assert min(course.delays) >= 0
    assert 6 <= len(course.sends) <= 12


def test_imports_are_done_one_after_the_other(simulated: SimulatedServer) -> None:
    """The second one waits for the first, and what is done of each only grows."""
    first, second = simulated.create(10.0, 0.0), simulated.create(5.0, 0.0)
    assert simulated.ended_at(first) == pytest.approx(10.0)
    assert simulated.ended_at(second) == pytest.approx(15.0)
    assert simulated.told(second, 9.9).status is Status.QUEUED
    done = [simulated.told(first, now).done for now in range(11)]
    assert done == sorted(done)
    assert simulated.told(first, 10.1).status is Status.FINISHED


def test_the_sandbox_ends_imports_when_it_is_said_to() -> None:
    """Its clock is set; both ways see the same ends."""
    for way in (as_the_script, as_we_do):
        with sandbox_server() as server:
            course = way(server, [1.0, 3.0], 2)
        assert fmean(course.delays) < 3


def test_the_busiest_minute_is_any_sixty_seconds() -> None:
    """Not only those that begin with a full minute."""
    assert most_in_a_minute([]) == 0
    assert most_in_a_minute([0.0, 59.0, 60.0, 61.0, 118.0, 300.0]) == 4
