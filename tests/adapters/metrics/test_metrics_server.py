"""The server for metrics under clients that do not behave."""

import socket
import struct
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection
from threading import Thread

import pytest

from dropbox_agent.adapters.metrics.server import MOST_AT_ONCE, MetricsServer
from tests.expositions import a_registry

HERE = "127.0.0.1"
RESET = struct.pack("ii", 1, 0)


@contextmanager
def serving(idle_seconds: float) -> Iterator[int]:
    """Serve some metrics, and give the port."""
    with MetricsServer(a_registry(), HERE, 0, idle_seconds) as server:
        turning = Thread(target=server.serve_forever, args=(0.01,))
        turning.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            turning.join()


def status(port: int) -> int:
    """Fetch the metrics; say how that was answered."""
    with closing(HTTPConnection(HERE, port, timeout=30)) as connection:
        connection.request("GET", "/metrics")
        return connection.getresponse().status


def idle(port: int) -> socket.socket:
    """Connect and say nothing."""
    return socket.create_connection((HERE, port), timeout=30)


def test_connections_over_the_limit_are_closed() -> None:
    """Each keeps a thread and an open file, which the agent needs for its work."""
    with serving(idle_seconds=300) as port, ExitStack() as stack:
        for _ in range(MOST_AT_ONCE):
            stack.enter_context(idle(port))
        assert stack.enter_context(idle(port)).recv(1) == b""


def test_clients_that_say_nothing_make_room_for_others() -> None:
    """Once they have said nothing for long enough, or have gone."""
    with serving(idle_seconds=0.05) as port, ExitStack() as stack:
        for each in [stack.enter_context(idle(port)) for _ in range(MOST_AT_ONCE)]:
            assert each.recv(1) == b""
        answered = None
        while answered is None:  # the room of a connection is free a moment after its end
            with suppress(ConnectionError):
                answered = status(port)
        assert answered == 200


def test_a_client_that_breaks_off_is_no_news(capfd: pytest.CaptureFixture[str]) -> None:
    """Nothing is printed about half a request, and the next one is answered."""
    with serving(idle_seconds=30) as port:
        for _ in range(3):
            with idle(port) as broken:
                broken.sendall(b"GET /met")
                broken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        assert status(port) == 200
    assert capfd.readouterr() == ("", "")
