"""Faults on request: how they are written, which requests they meet, and what they do."""

import pytest
import requests

from dropbox_agent.sandbox import Fault, Faults
from tests.sandbox.conftest import Start
from tests.sandbox.sandbox_client import Client


def contacts(rows: int) -> bytes:
    """Make a file of so many contacts."""
    return b"_email\n" + b"".join(b"c%d@example.com\n" % number for number in range(rows))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("POST:reset-after-accept", Fault("reset-after-accept", method="POST")),
        ("GET:503*3", Fault("503", method="GET", times=3)),
        ("GET /imports/:garbled", Fault("garbled", method="GET", path="/imports/")),
        ("slow=2", Fault("slow", "2")),
        ("slow=0.5*", Fault("slow", "0.5", times=None)),
        ("POST:429=retry-after", Fault("429", "retry-after", method="POST")),
        ("redirect=http://example.com/", Fault("redirect", "http://example.com/")),
        ("late-visible=3", Fault("late-visible", "3")),
        (" ends=error*2 ", Fault("ends", "error", times=2)),
        ("vanish", Fault("vanish")),
    ],
)
def test_faults_are_short_texts(text: str, fault: Fault) -> None:
    """A text says what, where and how often."""
    assert Fault.parse(text) == fault


@pytest.mark.parametrize(
    "text",
    [
        *("", "POST:", "explode", "post:503", "POST:99", "GET:503*0", "503*x"),
        *("slow", "slow=soon", "ends", "ends=well", "late-visible=x", "lying-counts=a lot"),
        *("POST:vanish", "429=loud", "GET imports:503"),
    ],
)
def test_texts_that_are_no_faults(text: str) -> None:
    """What cannot be meant is refused when it is written."""
    with pytest.raises(ValueError, match=r".+"):
        Fault.parse(text)


def test_faults_happen_in_order_and_as_often_as_told() -> None:
    """Each request takes the first fault that is meant for it."""
    faults = Faults(["POST:503", "GET:garbled*2", "POST:500", "GET:slow=1*"])
    taken = [
        (fault := faults.for_request(method, "/imports/")) and fault.action
        for method in ("GET", "POST", "GET", "GET", "POST", "POST", "GET")
    ]

    assert taken == ["garbled", "503", "garbled", "slow", "500", None, "slow"]
    assert faults.waiting == (Fault.parse("GET:slow=1*"),)
    faults.clear()
    assert faults.for_request("GET", "/") is None


def test_a_fault_can_be_meant_for_one_path(start: Start) -> None:
    """Other paths are left alone."""
    client = start("GET /imports/:503")

    assert client.call("GET", "/store/").status_code == 200
    assert client.call("GET", "/imports/").status_code == 503
    assert client.call("GET", "/imports/").status_code == 200


@pytest.mark.parametrize(
    ("fault", "created"), [("POST:reset-before", 0), ("POST:reset-after-accept", 1)]
)
@pytest.mark.parametrize("rows", [2, 100_000])
def test_resets(start: Start, fault: str, created: int, rows: int) -> None:
    """The connection breaks, before or after the import was made; the next try works."""
    client = start(fault)

    with pytest.raises(requests.ConnectionError, match=r"(?i)reset|abort|broken"):
        client.post(contacts(rows))
    assert len(client.sandbox.imports) == created
    assert client.post().status_code == 201


@pytest.mark.parametrize(
    ("fault", "status", "created"),
    [("POST:503", 503, 0), ("POST:503-after-accept", 503, 1), ("POST:422", 422, 0)],
)
def test_status_answers(start: Start, fault: str, status: int, created: int) -> None:
    """Any error status can be answered, before or after the import was made."""
    client = start(fault)
    answer = client.post()

    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert len(client.sandbox.imports) == created


@pytest.mark.parametrize(
    ("fault", "header"),
    [
        ("POST:429", "X-RateLimit-Reset"),
        ("POST:429=ratelimit", "RateLimit-Reset"),
        ("POST:429=retry-after", "Retry-After"),
        ("POST:429=none", None),
    ],
)
def test_429_with_each_family(start: Start, fault: str, header: str | None) -> None:
    """Too many requests can be played without making them."""
    client = start(fault)
    answer = client.post()
    limits = {name for name in answer.headers if "RateLimit" in name or name == "Retry-After"}

    assert answer.status_code == 429
    assert (header in limits) if header else not limits
    assert client.sandbox.imports == ()


def test_garbled_answers(start: Start) -> None:
    """The import is made, and half of the JSON comes."""
    client = start("POST:garbled")
    answer = client.post()

    assert answer.status_code == 201
    with pytest.raises(requests.JSONDecodeError):
        answer.json()
    assert len(client.sandbox.imports) == 1


def test_web_pages_in_place_of_answers(start: Start) -> None:
    """A page comes with 200, as from a proxy."""
    answer = start("html").call("GET", "/imports/")

    assert answer.status_code == 200
    assert answer.text.startswith("<html>")


def test_floods_of_text(start: Start) -> None:
    """An error can be megabytes long."""
    answer = start("flood").call("GET", "/imports/")

    assert answer.status_code == 500
    assert len(answer.content) > 5_000_000


def test_redirects_elsewhere(start: Start) -> None:
    """A request can be sent to another host."""
    client = start("redirect=http://127.0.0.1:9/x", "redirect")

    assert client.call("GET", "/imports/").headers["Location"] == "http://127.0.0.1:9/x"
    assert client.call("GET", "/imports/").status_code == 307


def test_slow_answers(start: Start) -> None:
    """A client with less patience than the answer takes gives up."""
    client = start("POST:slow=30")

    with pytest.raises(requests.ReadTimeout):
        client.call("POST", "/contact-fields/", json={}, timeout=0.05)
    assert start("slow=0.01").post().status_code == 201


def test_endless_answers(start: Start) -> None:
    """An answer can go on for ever, until the client or the sandbox has enough."""
    client = start("GET:endless")
    answer = client.call("GET", "/imports/", stream=True)
    pieces = answer.iter_content(1)

    assert [next(pieces) for _ in range(3)] == [b" "] * 3
    client.sandbox.stop()


def test_late_in_the_list(start: Start) -> None:
    """The list may show an import only after some listings, or some time."""
    client = start("late-visible=2", "late-visible=5s")
    by_listings, by_seconds = client.create(), client.create()

    assert [client.listed(), client.listed()] == [[], []]
    assert client.listed() == [by_listings]
    assert client.look(by_seconds)["id"] == by_seconds
    client.clock.pass_seconds(5)
    assert client.listed() == [by_seconds, by_listings]


@pytest.mark.parametrize("end", ["error", "cancelled"])
def test_imports_that_end_badly(start: Start, end: str) -> None:
    """An import may stop at half of its rows; the next one is not held up."""
    client = start(f"ends={end}")
    shown = client.run(contacts(10))

    assert (shown["status"], shown["success"], shown["total"]) == (end, 5, 10)
    assert client.run()["status"] == "finished"


def test_imports_that_never_end(start: Start) -> None:
    """An import may stay in progress for good."""
    client = start("ends=never")
    shown = client.run(contacts(10))
    client.clock.pass_seconds(100_000)

    assert client.look(shown["id"])["status"] == "inProgress"
    assert client.look(shown["id"])["success"] == 5


def test_imports_that_vanish(start: Start) -> None:
    """An import may be gone, having applied a part."""
    client = start("vanish")
    import_id = client.create(contacts(10))
    client.clock.pass_seconds(1)

    assert client.call("GET", f"/imports/{import_id}").status_code == 404
    assert client.listed() == []
    (received,) = client.sandbox.imports
    assert (received.status, received.success) == ("vanished", 5)


def test_unknown_statuses(start: Start) -> None:
    """A status nobody heard of may stand in for inProgress."""
    client = start("unknown-status", "unknown-status=resting", rows_per_second=1)
    first = client.create()

    assert client.look(first)["status"] == "validating"
    second = client.create()
    client.clock.pass_seconds(3)
    assert client.look(first)["status"] == "finished"
    assert client.look(second)["status"] == "resting"


@pytest.mark.parametrize(
    ("kind", "told"), [("short", [0, 4, 8]), ("over", [2, 7, 12]), ("falling", [10, 5, 0])]
)
def test_lying_counts(start: Start, kind: str, told: list[int]) -> None:
    """What clients are told need not add up; what really happened does."""
    client: Client = start(f"lying-counts={kind}", rows_per_second=1)
    import_id = client.create(contacts(10))
    seen = [client.look(import_id)["success"]]
    for _ in range(2):
        client.clock.pass_seconds(5)
        seen.append(client.look(import_id)["success"])

    assert seen == told
    assert client.sandbox.imports[0].success == 10


def test_faults_can_be_added_while_it_runs(client: Client) -> None:
    """A test decides at any moment what goes wrong next."""
    client.sandbox.faults.add("GET:500", Fault("ends", "error"))

    assert client.call("GET", "/store/").status_code == 500
    assert client.run()["status"] == "error"
