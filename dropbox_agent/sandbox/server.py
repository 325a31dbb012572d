"""HTTP/1.1 on werkzeug's threaded server, with connections that are kept alive.

Werkzeug closes every connection after one answer, since it cannot tell where a body ends that
nobody read. Here the rest of such a body is read past after the answer was sent: the client sees
the answer rather than a reset, and may go on using the connection.
"""

import io
import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from socketserver import TCPServer
from typing import Any

from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.wrappers import Response
from werkzeug.wsgi import LimitedStream

from dropbox_agent.errors import BadConfiguration

WSGIApp = Callable[..., Any]
Log = Callable[[str], None]

_PIECE_BYTES = 256 * 1024
_LONGEST_BODY = 1_000_000_000
_PATIENCE_SECONDS = 10.0
_BODYLESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class RequestBody(io.RawIOBase):
    """The body of one request; a client that waits to be asked for it is asked at the first read.

    Attributes:
        wanted: Whether the body was asked for, or comes without being asked.
    """

    def __init__(self, source: io.RawIOBase, ask: Callable[[], None] | None) -> None:
        self._source = source
        self._ask = ask

    @property
    def wanted(self) -> bool:
        """Whether the client sends the body, or will."""
        return self._ask is None

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        """Read the next bytes."""
        if self._ask is not None:
            self._ask()
            self._ask = None
        try:
            return self._source.readinto(buffer) or 0
        except (OSError, ClientDisconnected) as error:
            raise ConnectionAbortedError("the body was cut short") from error


class ConnectionHandler(WSGIRequestHandler):
    """Serves the requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "SandboxServer"

    def handle_expect_100(self) -> bool:
        """Leave it to the first read to ask for the body; a refusal needs none."""
        return True

    def run_wsgi(self) -> None:
        """Answer one request, then read past what is left of its body."""
        environ = self.make_environ()
        body = RequestBody(self._source(environ), self._ask_or_none())
        environ["wsgi.input"] = body
        environ["wsgi.input_terminated"] = True
        response = Response.from_app(self.server.app, environ)
        try:
            self._send(response)
        finally:
            response.close()
        self._read_past(body)

    def version_string(self) -> str:
        """Name the server in its answers."""
        return "dropbox-agent-sandbox"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's name
        """Hand a line to whoever wants to see the requests."""
        self.server.log(type, message, *args)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write one line for a request."""
        del size
        status = code.value if isinstance(code, HTTPStatus) else code
        self.log("info", "%s %s %s", self.command, self.path.partition("?")[0], status)

    def _source(self, environ: dict[str, Any]) -> io.RawIOBase:
        if environ.get("wsgi.input_terminated"):
            chunked: io.RawIOBase = environ["wsgi.input"]
            return chunked
        length = environ.get("CONTENT_LENGTH", "")
        return LimitedStream(environ["wsgi.input"], int(length) if length.isdigit() else 0)

    def _ask_or_none(self) -> Callable[[], None] | None:
        expected = self.headers.get("Expect", "").strip().lower() == "100-continue"
        return self._ask if expected else None

    def _ask(self) -> None:
        self.send_response_only(HTTPStatus.CONTINUE)
        self.end_headers()

    def _send(self, response: Response) -> None:
        bodyless = self.command == "HEAD" or response.status_code in _BODYLESS
        self.send_response(response.status_code)
        for name, value in response.headers:
            self.send_header(name, value)
        if self.close_connection or not (bodyless or "Content-Length" in response.headers):
            self.send_header("Connection", "close")
        self.end_headers()
        if not bodyless:
            for piece in response.iter_encoded():
                self.wfile.write(piece)

    def _read_past(self, body: RequestBody) -> None:
        if not body.wanted:
            self.close_connection = True
            return
        self.connection.settimeout(_PATIENCE_SECONDS)
        passed = 0
        try:
            while piece := body.read(_PIECE_BYTES):
                passed += len(piece)
                if passed > _LONGEST_BODY:
                    raise ConnectionError("a body without end")
        except OSError:
            self.close_connection = True
        self.connection.settimeout(None)


class SandboxServer(ThreadedWSGIServer):
    """Listens on 127.0.0.1 and knows its open connections, so that it can hang up on them."""

    # On Windows this option would let two servers share one port, each getting some requests.
    allow_reuse_address = os.name != "nt"

    def __init__(self, port: int, app: WSGIApp, log: Log | None) -> None:
        self._connections: set[socket.socket] = set()
        self._all_closed = threading.Condition()
        self._write_line = log
        super().__init__("127.0.0.1", port, app, ConnectionHandler)

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
