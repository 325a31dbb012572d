"""Errands: tasks beside the loop, whose results come back into it."""

import threading
from functools import partial

from dropbox_agent.adapters.workers import Workers
from dropbox_agent.agent.errands import Errands
from tests.clocks import SetClock
from tests.stand_ins import PatientPool, SetBell


def test_a_result_waits_until_it_is_taken_in() -> None:
    """The task runs in the pool, and its result is handed over in the loop."""
    bell, pool = SetBell(SetClock()), PatientPool()
    errands, results = Errands(bell), list[object]()
    errands.run(pool, lambda: 42, results.append)
    errands.take_in()
    assert (results, errands.under_way, bell.rung) == ([], 1, False)
    pool.run_one()
    assert (results, errands.under_way, bell.rung) == ([], 1, True)
    errands.take_in()
    assert (results, errands.under_way) == ([42], 0)


def test_an_error_is_a_result() -> None:
    """A task that raises ends no thread and no loop."""
    pool, results = PatientPool(), list[object]()
    errands = Errands(SetBell(SetClock()))
    error = ValueError("odd")

    def fail() -> None:
        raise error

    errands.run(pool, fail, results.append)
    pool.run_one()
    errands.take_in()
    assert results == [error]


def test_what_a_result_sets_off_is_taken_in_as_well() -> None:
    """An errand begun by the result of another is not forgotten."""
    pool, results = PatientPool(), list[object]()
    errands = Errands(SetBell(SetClock()))
    errands.run(pool, lambda: 1, lambda _: errands.run(pool, lambda: 2, results.append))
    for _ in range(2):
        pool.run_one()
        errands.take_in()
    assert results == [2]
    assert errands.under_way == 0


def test_results_of_many_threads_all_come_back() -> None:
    """With real threads every result is handed over once, in the loop's own thread."""
    rung = threading.Semaphore(0)

    class Bell:
        def ring(self) -> None:
            rung.release()

        def wait(self, timeout_seconds: float) -> bool:
            return rung.acquire(timeout=timeout_seconds)

    errands, workers = Errands(Bell()), Workers("errands", 4)
    results: list[tuple[object, int]] = []

    def take_in(result: object) -> None:
        results.append((result, threading.get_ident()))

    for number in range(200):
        errands.run(workers, partial(abs, number), take_in)
    while errands.under_way:
        assert rung.acquire(timeout=60)
        errands.take_in()
    assert sorted(n for n, _ in results if isinstance(n, int)) == list(range(200))
    assert {thread for _, thread in results} == {threading.get_ident()}
