"""The queue: first in, first out, one at a time, driven by a clock that is set."""

import pytest

from tests.sandbox.conftest import Start
from tests.sandbox.sandbox_client import Client


def contacts(rows: int, name: str = "c") -> bytes:
    """Make a file of so many contacts."""
    return b"_email\n" + b"".join(b"%s%d@example.com\n" % (name.encode(), i) for i in range(rows))


def statuses(client: Client) -> list[str]:
    """List the real statuses, oldest first."""
    return [str(each.status) for each in client.sandbox.imports]


def test_one_import_runs_at_a_time_in_order(start: Start) -> None:
    """The second starts at the very moment the first ends."""
    client = start(rows_per_second=10)
    first, second = client.create(contacts(20)), client.create(contacts(10, "d"))

    assert statuses(client) == ["inProgress", "queued"]
    client.clock.pass_seconds(2.5)
    assert statuses(client) == ["finished", "inProgress"]
    assert client.look(second)["success"] == 5
    assert client.look(second)["startedAt"] == client.look(first)["finishedAt"]
    client.clock.pass_seconds(0.5)
    assert statuses(client) == ["finished", "finished"]


def test_rows_appear_in_the_account_as_time_passes(start: Start) -> None:
    """Only rows that are due have been applied."""
    client = start(rows_per_second=100)
    client.create(contacts(1_000))
    seen = []
    for _ in range(4):
        client.clock.pass_seconds(3)
        seen.append(len(client.sandbox.account.contacts))

    assert seen == [300, 600, 900, 1_000]


@pytest.mark.parametrize("steps", [1, 7, 100])
def test_outcome_does_not_depend_on_who_looks_when(start: Start, steps: int) -> None:
    """Times and counts are the same for one late look and for many small ones."""
    client = start(rows_per_second=100)
    ids = [client.create(contacts(250)), client.create(b"_email\nnobody\n" * 50)]
    for _ in range(steps):
        client.clock.pass_seconds(10 / steps)
        client.sandbox.imports  # noqa: B018 - looking moves the world on
    first, second = (client.look(each) for each in ids)

    assert (first["success"], second["errors"]) == (250, 99)
    assert first["finishedAt"] == second["startedAt"]


def test_an_idle_time_is_not_made_up_for(start: Start) -> None:
    """An import starts when it is created, however long nothing was to do."""
    client = start(rows_per_second=1)
    client.clock.pass_seconds(1_000)
    client.create(contacts(5))

    assert client.sandbox.imports[0].success == 0


def test_imports_can_wait_before_they_start(start: Start) -> None:
    """With that option an import is queued for a while even if nothing is ahead of it."""
    client = start(rows_per_second=None, start_seconds=4)
    client.create()

    assert statuses(client) == ["queued"]
    client.clock.pass_seconds(4)
    assert statuses(client) == ["finished"]


def test_a_file_without_rows_finishes_at_once(start: Start) -> None:
    """A header alone is an import of no rows."""
    shown = start(rows_per_second=1).run(b"_email\n")

    assert (shown["status"], shown["total"], shown["success"]) == ("finished", 0, 0)


def test_cancelling_lets_the_next_one_start(start: Start) -> None:
    """A cancelled import keeps what it did, and the one behind it goes on from then."""
    client = start(rows_per_second=10)
    first, second = client.create(contacts(100)), client.create(contacts(10, "d"))
    client.clock.pass_seconds(3)
    client.sandbox.cancel(first)
    client.sandbox.cancel(first)
    client.clock.pass_seconds(1)

    assert statuses(client) == ["cancelled", "finished"]
    assert client.look(first)["success"] == 30
    assert client.look(second)["startedAt"] == client.look(first)["cancelledAt"]


def test_a_queued_import_can_be_cancelled(start: Start) -> None:
    """It never starts, and frees its place."""
    client = start(rows_per_second=1, max_queued=1)
    client.create()
    queued = client.create()
    client.sandbox.cancel(queued)

    assert client.post().status_code == 201
    assert "startedAt" not in client.look(queued)


def test_stopping_lets_go_of_unfinished_files(start: Start) -> None:
    """A sandbox may stop while imports are queued, running and refused in part."""
    client = start(rows_per_second=1)
    client.create(b"_email\nnobody\nann@example.com\n" * 100_000)
    client.create()
    client.clock.pass_seconds(1)

    assert client.sandbox.imports[0].errors == 1
    client.sandbox.stop()


def test_what_happened_can_be_read_after_the_end(start: Start) -> None:
    """A stopped sandbox stands still and still tells what it received and holds."""
    client = start(rows_per_second=1)
    client.create(contacts(10))
    client.clock.pass_seconds(3)
    before = client.sandbox.imports
    client.sandbox.stop()
    client.clock.pass_seconds(3)

    assert client.sandbox.imports == before
    assert len(client.sandbox.account.contacts) == before[0].success == 3
