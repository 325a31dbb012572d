"""HTTP itself: keep-alive, chunked bodies, refusals in the middle of a large body."""

import socket
from collections.abc import Iterator

import pytest
import requests

from dropbox_agent.errors import BadConfiguration
from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.sandbox.conftest import Start
from tests.sandbox.sandbox_client import CONTACTS, OPTIONS, Client

LARGE = b"_email\n" + b"somebody@example.com\n" * 500_000


def in_pieces(body: bytes, size: int) -> Iterator[bytes]:
    """Hand a body over in pieces, so that it is sent chunked."""
    for at in range(0, len(body), size):
        yield body[at : at + size]


@pytest.mark.parametrize("size", [7, 100, 10_000])
def test_chunked_uploads(client: Client, size: int) -> None:
    """A body of unknown length arrives whole, wherever its chunks end."""
    prepared = requests.Request(
        "POST", client.sandbox.url, data=OPTIONS, files={"file": ("a.csv", CONTACTS, "text/csv")}
    ).prepare()
    assert isinstance(prepared.body, bytes)
    headers = {"Content-Type": prepared.headers["Content-Type"]}
    answer = client.call("POST", "/imports", data=in_pieces(prepared.body, size), headers=headers)

    assert answer.status_code == 201
    assert answer.request.headers["Transfer-Encoding"] == "chunked"
    assert client.look(answer.json()["id"])["success"] == 2


def test_one_connection_serves_many_requests(client: Client) -> None:
    """Answers keep the connection, refusals of unread bodies included."""
    with requests.Session() as session:
        session.headers["Authorization"] = "apiKey wrong:key"
        ports = set()
        for method in ("GET", "POST", "GET", "DELETE"):
            answer = session.request(
                method, client.sandbox.url + "/imports/x", data=CONTACTS, timeout=10, stream=True
            )
            assert answer.status_code == 401
            assert answer.raw.connection is not None
            ports.add(answer.raw.connection.sock.getsockname()[1])
            answer.content  # noqa: B018 - reading it returns the connection

    assert len(ports) == 1


@pytest.mark.parametrize(("key", "status"), [("apiKey a:b", 401), (None, 413)])
def test_large_bodies_are_refused_with_an_answer(
    start: Start, key: str | None, status: int
) -> None:
    """A client that is still sending sees the answer rather than a reset."""
    client = start(max_file_bytes=1_000)
    if key is not None:
        client.session.headers["Authorization"] = key

    assert client.post(LARGE).status_code == status
    assert client.sandbox.imports == ()


def read_until_closed(connection: socket.socket) -> bytes:
    """Read all that the server sends."""
    received = b""
    while piece := connection.recv(65_536):
        received += piece
    return received


def connect(client: Client) -> socket.socket:
    """Open a bare connection."""
    port = int(client.sandbox.url.rpartition(":")[2])
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def test_401_comes_before_the_body(client: Client) -> None:
    """A wrong key is refused while the client waits to be asked for the body."""
    with connect(client) as connection:
        connection.sendall(
            b"POST /imports/ HTTP/1.1\r\nHost: x\r\nContent-Length: 50000000\r\n"
            b"Expect: 100-continue\r\n\r\n"
        )
        assert read_until_closed(connection).startswith(b"HTTP/1.1 401 ")


def test_expected_bodies_are_asked_for(client: Client) -> None:
    """A client that waits for it is told to go on."""
    head = (
        "POST /imports/ HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nConnection: close\r\n"
        f"Authorization: apiKey {client.sandbox.api_key}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\nExpect: 100-continue\r\n\r\n"
    )
    with connect(client) as connection:
        connection.sendall(head.encode())
        assert connection.recv(12) == b"HTTP/1.1 100"
        connection.sendall(b"oops")
        assert b"HTTP/1.1 400 " in read_until_closed(connection)


def test_uploads_that_break_off_create_nothing(client: Client) -> None:
    """A body that ends too soon is forgotten."""
    head = (
        "POST /imports/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n"
        f"Authorization: apiKey {client.sandbox.api_key}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
    )
    with connect(client) as connection:
        connection.sendall(head.encode())
        connection.shutdown(socket.SHUT_WR)
        assert read_until_closed(connection) == b""

    assert client.sandbox.imports == ()


def test_stopping_hangs_up_on_idle_clients(client: Client) -> None:
    """Connections that are kept alive do not keep the sandbox from stopping."""
    client.call("GET", "/store/")
    client.sandbox.stop()

    with pytest.raises(RuntimeError):
        client.sandbox.url  # noqa: B018 - asking is the test


def test_a_port_that_is_taken_is_explained(client: Client) -> None:
    """Starting on a port in use says so and does not end the program."""
    port = int(client.sandbox.url.rpartition(":")[2])

    with pytest.raises(BadConfiguration, match=str(port)), Sandbox(SandboxOptions(port=port)):
        pass


def test_requests_can_be_logged() -> None:
    """Each request gives one line, without query and headers."""
    lines: list[str] = []
    with Sandbox(log=lines.append) as sandbox:
        requests.get(sandbox.url + "/store/?secret=1", timeout=10)

    assert lines == ["GET /store/ 401"]


def test_waiting_ends_with_the_sandbox() -> None:
    """A program that waits goes on when the sandbox stops."""
    with Sandbox() as sandbox:
        sandbox.stop()
        sandbox.wait()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows_per_second": 0},
        {"requests_per_minute": 0},
        {"api_key": "no-secret"},
        {"port": 70_000},
        {"page_size": 0},
    ],
)
def test_impossible_options_are_refused(wrong: dict[str, int]) -> None:
    """Options that make no sense cannot be built."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SandboxOptions(**wrong)  # type: ignore[arg-type]  # wrong on purpose
