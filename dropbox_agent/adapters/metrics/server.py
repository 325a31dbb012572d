"""The HTTP server behind the metrics, made so that no client can use up what the agent needs."""

import socket
import threading
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from prometheus_client import CollectorRegistry, make_wsgi_app

MOST_AT_ONCE: Final = 16
"""How many requests are answered at once: each has a thread and an open file of the agent's."""

IDLE_SECONDS: Final = 10.0
"""How long a client may say nothing before its connection is closed."""


class MetricsServer(ThreadingMixIn, WSGIServer):
    """Answers each request in a thread of its own; closes what is over the limit."""

    daemon_threads = True

    def __init__(
        self,
        registry: CollectorRegistry,
        host: str,
        port: int,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        """Begin to listen.

        Args:
            registry: What is told.
            host: An address or a name of this machine.
            port: Where to listen.
            idle_seconds: How long a client may say nothing.

        Raises:
            OSError: Nobody can listen there.
        """
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        self.address_family, *_, where = found[0]
        self.idle_seconds = idle_seconds
        self._room = threading.Semaphore(MOST_AT_ONCE)
        super().__init__((str(where[0]), port), _Answer)
        self.set_app(make_wsgi_app(registry))

    def server_bind(self) -> None:
        """Take the port, without asking for this machine's name: a dead DNS would hold us up."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]
        self.setup_environ()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - as in the library
        """Answer in a new thread if there is room."""
        if not self._room.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # the system gives no more threads
            self._room.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - likewise
        """Answer, and make room again."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - likewise
        """Say nothing: clients that break off, or send nothing, are no news."""


class _Answer(WSGIRequestHandler):
    """Answers one request and logs nothing."""

    server: MetricsServer

    def setup(self) -> None:
        """Set how long to wait for the client."""
        super().setup()
        self.connection.settimeout(self.server.idle_seconds)

    def log_message(self, *_: object) -> None:
        """Log nothing."""
