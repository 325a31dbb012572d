"""A few threads that run tasks."""

import threading
from functools import partial

from dropbox_agent.adapters.workers import Workers

PATIENCE_SECONDS = 60


def test_one_worker_runs_tasks_in_order() -> None:
    """What was handed in first is done first."""
    done, results = threading.Event(), list[int]()
    workers = Workers("one", 1)
    for number in range(100):
        workers.submit(partial(results.append, number))
    workers.submit(done.set)
    assert done.wait(PATIENCE_SECONDS)
    assert results == list(range(100))


def test_several_workers_work_at_the_same_time() -> None:
    """Two tasks that wait for each other come to their end."""
    met = threading.Barrier(3)
    workers = Workers("two", 2)

    def meet() -> None:
        met.wait(PATIENCE_SECONDS)

    for _ in range(2):
        workers.submit(meet)
    met.wait(PATIENCE_SECONDS)


def test_workers_do_not_keep_a_process_alive() -> None:
    """Their threads are daemons, and named for what they do."""
    known, found = threading.Event(), list[threading.Thread]()

    def look() -> None:
        found.append(threading.current_thread())
        known.set()

    Workers("checks", 1).submit(look)
    assert known.wait(PATIENCE_SECONDS)
    assert found[0].daemon
    assert found[0].name == "checks-0"
