"""Tests for the bell that wakes the loop."""

import signal
import sys
import threading

import pytest

from dropbox_agent.adapters.bell import Bell


def test_a_ring_is_heard_by_the_next_wait() -> None:
    """A bell rung before anybody waits is not lost."""
    bell = Bell()
    bell.ring()
    assert bell.wait(0)


def test_nothing_is_heard_when_nobody_rings() -> None:
    """Waiting ends at the time-out and says that the bell was silent."""
    assert not Bell().wait(0)
    assert not Bell().wait(-1)
    assert not Bell().wait(0.001)


def test_a_ring_from_another_thread_ends_a_long_wait() -> None:
    """A wait of thousands of seconds ends as soon as somebody rings."""
    bell = Bell()
    ringer = threading.Timer(0.01, bell.ring)
    ringer.start()
    assert bell.wait(1e12)
    ringer.join()


def test_many_rings_count_as_one() -> None:
    """A hundred thousand rings wake one wait and leave nothing behind."""
    bell = Bell()
    for _ in range(100_000):
        bell.ring()
    assert bell.wait(0)
    assert not bell.wait(0)


def test_rings_of_many_threads_leave_nothing_behind() -> None:
    """Threads that ring at the same instant wake one wait in all."""
    bell = Bell()
    together = threading.Barrier(8)

    def ring() -> None:
        together.wait()
        bell.ring()

    threads = [threading.Thread(target=ring) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert bell.wait(0)
    assert not bell.wait(0)


@pytest.mark.skipif(sys.platform == "win32", reason="has no timer signal")
def test_a_signal_handler_may_ring_while_the_same_thread_waits() -> None:
    """The handler that interrupts a wait may ring the very bell that is waited for."""
    bell = Bell()
    before = signal.signal(signal.SIGALRM, lambda _number, _frame: bell.ring())
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.01)
        assert bell.wait(1e6)
    finally:
        signal.signal(signal.SIGALRM, before)
