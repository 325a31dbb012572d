"""Ways to send a file as an import: ours, and what people write instead.

Each is run in a process of its own, and sends a small file first so that everything is loaded. Then
it sends the large one a few times, and tells of the quickest, as other programs disturb the others.
"""

import socket
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

import requests

from benchmarks.children import measured
from benchmarks.sink import HOST
from dropbox_agent.adapters.import_api.client import HttpImportApi
from dropbox_agent.adapters.import_api.transport import ApiAccess
from dropbox_agent.adapters.spool.bodies import PartBody
from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.imports import Accepted, ImportOptions
from dropbox_agent.core.kind import Kind

KEY = "0123456789abcdef:0123456789abcdef"
FIELDS = {
    "type": "contacts",
    "delimiter": ",",
    "overrideExisting": "true",
    "updateOnlyEmptyFields": "false",
}
PIECE = 256 * 1024
TIMES = 5


def ours(port: int, small: str, large: str) -> dict[str, Any]:
    """Send through the agent's own adapter."""
    access = ApiAccess(url=f"http://{HOST}:{port}", key=lambda: KEY)
    with closing(HttpImportApi(access, RequestBudget())) as api:

        def send(path: Path) -> None:
            body = PartBody(path, b"", 0, path.stat().st_size, threading.Event())
            if not isinstance(api.create(Kind.CONTACTS, ImportOptions(), body), Accepted):
                raise TypeError("the sink did not take it")

        return _warm(send, small, large)


def files(port: int, small: str, large: str) -> dict[str, Any]:
    """Send with ``requests`` and ``files=``, as its documentation shows."""

    def send(path: Path) -> None:
        with path.open("rb") as file:
            requests.post(
                f"http://{HOST}:{port}/imports/",
                headers={"Authorization": f"apiKey {KEY}"},
                data=FIELDS,
                files={"file": (path.name, file, "text/csv")},
                timeout=60,
            ).raise_for_status()

    return _warm(send, small, large)


def raw(port: int, small: str, large: str) -> dict[str, Any]:
    """Send over a bare socket, the file in pieces."""

    def send(path: Path) -> None:
        with socket.create_connection((HOST, port)) as connection, path.open("rb", 0) as file:
            connection.sendall(_head(path.stat().st_size))
            while piece := file.read(PIECE):
                connection.sendall(piece)
            connection.recv(PIECE)

    return _warm(send, small, large)


def raw_in_memory(port: int, small: str, large: str) -> dict[str, Any]:
    """Send over a bare socket what has been read before, in one call."""
    contents = {Path(path): Path(path).read_bytes() for path in (small, large)}

    def send(path: Path) -> None:
        with socket.create_connection((HOST, port)) as connection:
            connection.sendall(_head(len(contents[path])))
            connection.sendall(contents[path])
            connection.recv(PIECE)

    return _warm(send, small, large)


def _head(size: int) -> bytes:
    lines = ("POST /imports/ HTTP/1.1", f"Host: {HOST}", f"Content-Length: {size}", "", "")
    return "\r\n".join(lines).encode()


def _warm(send: Callable[[Path], None], small: str, large: str) -> dict[str, Any]:
    send(Path(small))
    sent = [measured(lambda: send(Path(large))) for _ in range(TIMES)]
    return asdict(min(sent, key=lambda each: each.seconds))
