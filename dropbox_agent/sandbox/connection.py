"""One HTTP/1.1 connection, kept alive from request to request.

Werkzeug closes every connection after one answer, since it cannot tell where a body ends that
nobody read. Here the rest of a short one is read past before the answer. After a refusal in the
middle of a long one the client is told that the connection closes, and what it still sends is
read past: so it sees the answer rather than a reset.
"""

import io
import socket
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from werkzeug.exceptions import ClientDisconnected
from werkzeug.serving import WSGIRequestHandler
from werkzeug.wrappers import Response
from werkzeug.wsgi import LimitedStream

_PIECE_BYTES = 256 * 1024
_SHORT_BODY_BYTES = 64 * 1024
_LONGEST_BODY_BYTES = 1_000_000_000
_PATIENCE_SECONDS = 10.0
_BODYLESS = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class RequestBody(io.RawIOBase):
    """The body of one request, chunked or of known length.

    Attributes:
        finished: Whether it was read to its end.
        unasked: Whether the client waits to be asked for it, which the first read does.
        short: Whether it is known to be short.
    """

    def __init__(self, environ: dict[str, Any], ask: Callable[[], None] | None) -> None:
        length = environ.get("CONTENT_LENGTH", "")
        known = int(length) if length.isdigit() else 0
        chunked = bool(environ.get("wsgi.input_terminated"))
        self.finished = False
        self.short = not chunked and known <= _SHORT_BODY_BYTES
        source = environ["wsgi.input"]
        self._source: io.RawIOBase = source if chunked else LimitedStream(source, known)
        self._ask = ask

    @property
    def unasked(self) -> bool:
        """Whether the client waits to be asked for it."""
        return self._ask is not None

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - any writable buffer
        """Read the next bytes."""
        if self._ask is not None:
            self._ask()
            self._ask = None
        try:
            count = self._source.readinto(buffer) or 0
        except (OSError, ClientDisconnected) as error:
            raise ConnectionAbortedError("the body was cut short") from error
        self.finished = count == 0
        return count

    def read_past(self) -> None:
        """Read on to the end, unless that is beyond all measure."""
        passed = 0
        while passed < _LONGEST_BODY_BYTES and (piece := self.read(_PIECE_BYTES)):
            passed += len(piece)


class Connection(WSGIRequestHandler):
    """Serves the requests of one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_expect_100(self) -> bool:
        """Leave it to the first read to ask for the body; a refusal needs none."""
        return True

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self.make_environ()
        asks = self.headers.get("Expect", "").strip().lower() == "100-continue"
        body = RequestBody(environ, self._ask_for_body if asks else None)
        environ["wsgi.input"] = body
        environ["wsgi.input_terminated"] = True
        with Response.from_app(self.server.app, environ) as response:
            if body.short and not body.unasked:
                body.read_past()
            self.close_connection = self.close_connection or not body.finished
            self._send(response)
        if not (body.finished or body.unasked):
            self._linger(body)

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

    def _ask_for_body(self) -> None:
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

    def _linger(self, body: RequestBody) -> None:
        """Read past what the client still sends, so that it gets the answer before the end."""
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_PATIENCE_SECONDS)
            body.read_past()
