"""Tests for telling systemd how the agent is, with a real socket."""

import os
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.notify import MOST_LETTERS, Notifier
from dropbox_agent.core.overview import Moment, Overview
from tests.clocks import SetClock
from tests.service_managers import NotifySocket

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="systemd is on Linux only")


def test_each_word_is_a_datagram_of_its_own(tmp_path: Path) -> None:
    """As sd_notify(3) has it."""
    with NotifySocket(tmp_path / "notify") as manager:
        notifier = Notifier({"NOTIFY_SOCKET": manager.place})
        notifier.ready()
        notifier.say("Two files\nunder way")
        notifier.alive()
        notifier.stopping()
        assert manager.lines == [
            "READY=1", "STATUS=Two files under way", "WATCHDOG=1", "STOPPING=1", "STATUS=Stopping",
        ]  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has such names")
def test_a_socket_may_lie_in_no_folder() -> None:
    """Containers have such sockets: their name begins with an @."""
    with NotifySocket(f"@dropbox-agent-test-{os.getpid()}") as manager:
        Notifier({"NOTIFY_SOCKET": manager.place}).ready()
        assert manager.lines == ["READY=1"]


def test_people_see_what_is_in_hand(tmp_path: Path) -> None:
    """In one line, cut where nobody would read on."""
    clock = SetClock()
    told = Overview((), (), 3, ()).to_json(Moment(clock.now(), clock.monotonic()))
    with NotifySocket(tmp_path / "notify") as manager:
        notifier = Notifier({"NOTIFY_SOCKET": manager.place})
        notifier.write(told)
        notifier.say("x" * 1_000)
        assert manager.lines == ["STATUS=3 waiting in the inbox", f"STATUS={'x' * MOST_LETTERS}"]


@pytest.mark.parametrize("place", ["", "vsock:2:3", "relative", "/nonexistent/notify"])
def test_without_somebody_who_listens_nothing_is_amiss(place: str) -> None:
    """It was started by hand, or its service manager is gone."""
    Notifier({"NOTIFY_SOCKET": place}).ready()


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({"WATCHDOG_USEC": "120000000"}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": str(os.getpid())}, 120.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_is_the_one_that_waits_for_this_process(
    environ: dict[str, str], seconds: float | None
) -> None:
    """A child process inherits the environment, and is not the one that is waited for."""
    assert Notifier({"NOTIFY_SOCKET": "/run/notify"} | environ).watchdog_seconds == seconds
    assert Notifier(environ).watchdog_seconds is None
