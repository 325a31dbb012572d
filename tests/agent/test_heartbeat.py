"""The heartbeat: written when something has changed, now and then when nothing has, not always."""

import pytest

from dropbox_agent.agent import Heartbeat
from dropbox_agent.agent.heartbeat import AWAKE_SECONDS, BUSY_SECONDS, QUIET_SECONDS
from dropbox_agent.core.overview import Overview
from dropbox_agent.core.report import Json
from tests.clocks import SetClock


class Written:
    """A status file in memory."""

    def __init__(self) -> None:
        self.beats: list[Json] = []

    def write(self, status: Json) -> None:
        """Keep what is written."""
        self.beats.append(status)


class Beating:
    """A heartbeat, the clock it goes by, and what there is to tell."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.file = Written()
        self.drops_in_sight = 0
        self.asked = 0
        self._heartbeat = Heartbeat(self.file, self.clock)

    def beat(self) -> float:
        """Let it beat, and tell in how many seconds the next beat is due."""
        return self._heartbeat.beat(self._overview) - self.clock.monotonic()

    def last_beat(self) -> None:
        """Let it beat for the last time."""
        self._heartbeat.last_beat(self._overview())

    def _overview(self) -> Overview:
        self.asked += 1
        return Overview((), (), self.drops_in_sight, ())


@pytest.fixture
def beating() -> Beating:
    """A heart that has beaten once."""
    beating = Beating()
    beating.beat()
    return beating


def test_the_first_beat_is_written_at_once(beating: Beating) -> None:
    """An agent that has just started is to be seen."""
    assert len(beating.file.beats) == 1
    assert beating.file.beats[0]["at"] == "2026-01-15T12:00:00.000Z"


def test_a_quiet_agent_beats_now_and_then(beating: Beating) -> None:
    """Without changes the file is only kept fresh."""
    assert beating.beat() == pytest.approx(BUSY_SECONDS)
    beating.clock.advance(BUSY_SECONDS)
    assert beating.beat() == pytest.approx(QUIET_SECONDS - BUSY_SECONDS)
    assert len(beating.file.beats) == 1
    beating.clock.advance(QUIET_SECONDS - BUSY_SECONDS)
    beating.beat()
    assert len(beating.file.beats) == 2


def test_a_loop_that_is_awake_anyway_beats_sooner(beating: Beating) -> None:
    """So it need not wake for the file alone, where something else wakes it often enough."""
    beating.clock.advance(AWAKE_SECONDS)
    assert beating.beat() == pytest.approx(QUIET_SECONDS)
    assert len(beating.file.beats) == 2


def test_a_change_is_written_soon(beating: Beating) -> None:
    """What has changed is to be seen after a second."""
    beating.drops_in_sight = 1
    beating.clock.advance(BUSY_SECONDS / 2)
    assert beating.beat() == pytest.approx(BUSY_SECONDS / 2)
    beating.clock.advance(BUSY_SECONDS / 2)
    beating.beat()
    assert [each["drops_in_sight"] for each in beating.file.beats] == [0, 1]


def test_many_changes_are_written_once_a_second(beating: Beating) -> None:
    """A busy agent spends its time on files, not on telling of them."""
    for _ in range(100):
        beating.drops_in_sight += 1
        beating.clock.advance(0.0625)
        beating.beat()
    assert len(beating.file.beats) == 1 + 6


def test_nobody_is_asked_for_what_is_not_written(beating: Beating) -> None:
    """With many drops in sight the overview is dear; between two beats it is not made."""
    for _ in range(20):
        beating.beat()
    assert beating.asked == 1


def test_a_clock_that_is_set_back_stops_no_heart(beating: Beating) -> None:
    """Only the steady clock counts; the file tells the time of day as it is."""
    beating.clock.jump(-86_400)
    beating.clock.advance(QUIET_SECONDS)
    beating.beat()
    assert beating.file.beats[-1]["at"] == "2026-01-14T12:00:30.000Z"


def test_the_last_beat_is_written_at_once(beating: Beating) -> None:
    """However little time has passed: what it says is what stays."""
    beating.drops_in_sight = 1
    beating.last_beat()
    assert [each["drops_in_sight"] for each in beating.file.beats] == [0, 1]
