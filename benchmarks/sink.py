"""A server that reads whatever is sent to it, as quickly as it can, and says that it has it.

python -m benchmarks.sink      prints the port, and listens until its input ends
"""

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from benchmarks.measuring import REPOSITORY

HOST = "127.0.0.1"
_ROOM = bytearray(1 << 20)
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_DOCUMENT = json.dumps(
    {
        "id": "000000000000000000000001",
        "type": "contacts",
        "status": "queued",
        "createdAt": "2025-01-01T00:00:00.000Z",
        "total": 0,
        "success": 0,
        "errors": 0,
    }
).encode()
ANSWER = (
    b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    % len(_DOCUMENT)
) + _DOCUMENT


@contextmanager
def sink() -> Iterator[int]:
    """Run one in a process of its own; give its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.sink"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    with process:
        try:
            yield int(cast("IO[str]", process.stdout).readline())
        finally:
            cast("IO[str]", process.stdin).close()


def swallow(connection: socket.socket) -> None:
    """Read requests and answer each, until the other side has had enough."""
    with connection:
        while head := _head(connection):
            start, _, body = head.partition(b"\r\n\r\n")
            length = _LENGTH.search(start + b"\r\n")
            left = int(length[1]) - len(body) if length else 0
            while left > 0:
                left -= connection.recv_into(_ROOM, min(left, len(_ROOM))) or left
            connection.sendall(ANSWER)


def _head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        if not (more := connection.recv(65_536)):
            return b""
        head += more
    return head


def main() -> None:
    """Listen."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with socket.create_server((HOST, 0)) as server:
        print(server.getsockname()[1], flush=True)
        while True:
            connection, _ = server.accept()
            swallow(connection)


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
