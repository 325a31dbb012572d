"""Tests for the time zone of the machine."""

import os
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dropbox_agent.adapters.clock import MachineZone

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def in_berlin() -> Iterator[None]:
    """Move the machine to Berlin."""
    if sys.platform == "win32":
        pytest.skip("the zone of a process cannot be set there")
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("in_berlin")
@pytest.mark.parametrize("day", ["2026-01-15", "2026-03-29", "2026-07-15", "2026-10-25"])
def test_it_shows_what_clocks_on_the_wall_show(day: str) -> None:
    """At each quarter of an hour, also where the clocks change, there and back."""
    midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
    zone = MachineZone()
    for quarter in range(4 * 24):
        at = midnight + timedelta(minutes=15 * quarter)
        here, there = at.astimezone(zone), at.astimezone(BERLIN)
        assert here.replace(tzinfo=None) == there.replace(tzinfo=None)
        assert here.fold == there.fold
        assert here.astimezone(UTC) == at
        assert here.tzname() == there.tzname()


def test_times_without_a_moment_have_no_offset() -> None:
    """As every zone has it."""
    zone = MachineZone()
    assert zone.utcoffset(None) is None
    assert zone.tzname(None) is None
    assert zone.dst(None) is None
