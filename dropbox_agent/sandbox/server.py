"""A threaded HTTP server on werkzeug that stops at once, whoever is connected."""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from socketserver import TCPServer
from typing import Any

from werkzeug.serving import ThreadedWSGIServer

from dropbox_agent.errors import BadConfiguration
from dropbox_agent.sandbox.connection import Connection

WSGIApp = Callable[..., Any]
Log = Callable[[str], None]

_PATIENCE_SECONDS = 10.0


class SandboxServer(ThreadedWSGIServer):
    """Listens on 127.0.0.1 and knows its open connections, so that it can hang up on them."""

    # On Windows this option would let two servers share one port, each getting some requests.
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int, app: WSGIApp, log: Log | None) -> None:
        self._connections: set[socket.socket] = set()
        self._all_closed = threading.Condition()
        self._write_line = log
        super().__init__("127.0.0.1", port, app, Connection)

    def server_bind(self) -> None:
        """Bind without asking a name server who we are, and without ending the program."""
        try:
            TCPServer.server_bind(self)
        except OSError as error:
            raise BadConfiguration(
                f"The sandbox cannot listen on port {self.port}: {error.strerror}.",
                hint="Choose another port, or 0 for any that is free.",
                code="sandbox-port",
            ) from error
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in the base class
        """Serve a new connection in a thread of its own."""
        with self._all_closed:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - as in the base class
        """Close a connection."""
        super().shutdown_request(request)
        with self._all_closed:
            self._connections.discard(request)
            self._all_closed.notify_all()

    def server_close(self) -> None:
        """Stop listening, hang up on all connections and wait until they are closed."""
        super().server_close()
        with self._all_closed:
            for connection in self._connections:
                _hang_up(connection)
            self._all_closed.wait_for(lambda: not self._connections, timeout=_PATIENCE_SECONDS)

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Hand a line to whoever wants to see the requests."""
        del type
        if self._write_line is not None:
            self._write_line(message % args)


def _hang_up(connection: socket.socket) -> None:
    with suppress(OSError):  # the client was first
        connection.shutdown(socket.SHUT_RDWR)
