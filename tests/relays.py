"""A network that stalls in the middle of an upload."""

import socket
import threading
from contextlib import suppress
from socketserver import BaseRequestHandler, ThreadingTCPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

PIECE_BYTES = 16 * 1024


class StallingRelay(ThreadingTCPServer):
    """Passes connections on to a server, and of each no more than so many bytes.

    Args:
        url: The server.
        most_bytes: How much it lets through on one connection.

    Attributes:
        stalled: Set when it has held something back.
    """

    def __init__(self, url: str, most_bytes: int) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self.most_bytes = most_bytes
        self.target = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
        self.stalled = threading.Event()
        self.over = threading.Event()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Hang up on everybody, and wait until it is done."""
        self.over.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Connection(BaseRequestHandler):
    """One connection through the relay."""

    server: StallingRelay
    request: socket.socket

    def handle(self) -> None:
        """Pass bytes on in both directions."""
        with socket.create_connection(self.server.target) as beyond:
            answers = threading.Thread(target=self._pass_answers, args=(beyond,), daemon=True)
            answers.start()
            with suppress(OSError):
                self._pass_requests(beyond)
            for each in (beyond, self.request):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
            answers.join()

    def _pass_requests(self, beyond: socket.socket) -> None:
        left = self.server.most_bytes
        self.request.settimeout(0.1)
        while not self.server.over.is_set():
            if left == 0:
                self.server.stalled.set()
                self.server.over.wait()
                return
            with suppress(TimeoutError):
                piece = self.request.recv(min(left, PIECE_BYTES))
                if not piece:
                    return
                beyond.sendall(piece)
                left -= len(piece)

    def _pass_answers(self, beyond: socket.socket) -> None:
        with suppress(OSError):
            while piece := beyond.recv(PIECE_BYTES):
                self.request.sendall(piece)
