"""Tests for stopping on signals."""

import signal
import sys
import threading

import pytest

from dropbox_agent.adapters.signals import STOP_SIGNALS, stop_on_signals


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_each_stop_signal_asks_for_a_stop(number: signal.Signals) -> None:
    """Every stop signal calls the function once, and the program goes on to stop by itself."""
    calls: list[str] = []
    with stop_on_signals(lambda: calls.append("stop")):
        signal.raise_signal(number)
    assert calls == ["stop"]


@pytest.mark.parametrize("number", STOP_SIGNALS)
def test_the_old_handlers_come_back(number: signal.Signals) -> None:
    """After the block each signal does what it did before, also when the block fails."""
    before = signal.getsignal(number)
    with pytest.raises(ValueError, match="in the block"), stop_on_signals(lambda: None):
        raise ValueError("in the block")
    assert signal.getsignal(number) is before


def test_a_second_ctrl_c_interrupts_at_once() -> None:
    """Somebody who presses Ctrl-C again does not want to wait."""
    calls: list[str] = []
    with stop_on_signals(lambda: calls.append("stop")):
        signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert calls == ["stop"]


@pytest.mark.skipif(sys.platform == "win32", reason="cannot send itself this signal twice")
def test_a_service_manager_may_ask_again() -> None:
    """A second SIGTERM is only another request to stop."""
    calls: list[str] = []
    with stop_on_signals(lambda: calls.append("stop")):
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
    assert calls == ["stop", "stop"]


def test_outside_the_main_thread_nothing_is_installed() -> None:
    """A thread that Python lets handle no signals runs its block all the same."""
    seen: list[object] = []

    def run() -> None:
        with stop_on_signals(lambda: None):
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    assert seen == [signal.getsignal(signal.SIGINT)]
