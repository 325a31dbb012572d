"""Connections that send patiently, hear early answers, and do not wait for ever.

Three habits of urllib3 that hurt when files are uploaded:

- While a body goes out, the short time-out of connecting is in force: a stall of a few seconds on
  a slow line would break off the upload.
- An error while sending hides an answer that has already come (a refused key, a file too large),
  unless it happens to be a broken pipe.
- Its time-out for reading starts anew with every byte: a server that trickles holds us for ever.
"""

import io
import socket
import time
from collections.abc import Mapping
from http.client import HTTPResponse
from typing import Any

from requests import PreparedRequest
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import ConnectionPool, HTTPConnectionPool
from urllib3.response import BaseHTTPResponse


class _TimedSource(io.RawIOBase):
    """The bytes of one answer, for as long as the socket's time-out lasts in all."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = time.monotonic() + (sock.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 (the type io itself uses)
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """As much of a socket as an HTTP response asks for."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedSource(self._sock))


class _TimedResponse(HTTPResponse):
    """A response that is complete within the time-out, headers and body together."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:  # noqa: ANN401
        super().__init__(_TimedSocket(sock), *args, **options)  # type: ignore[arg-type]


class _PatientConnection(HTTPConnection):
    """A connection whose sending may stall for as long as an answer may take."""

    response_class = _TimedResponse

    def __init__(self, *args: Any, stall_seconds: float, **options: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **options)
        self._stall_seconds = stall_seconds
        self._sending_body = False

    def endheaders(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        self._sending_body = False
        super().endheaders(*args, **options)
        self.sock.settimeout(self._stall_seconds)
        self._sending_body = True

    def send(self, data: Any) -> None:  # noqa: ANN401
        try:
            super().send(data)
        except OSError as error:
            if not self._sending_body:
                raise
            # The one error after which urllib3 still looks for an answer.
            raise BrokenPipeError("the server stopped listening") from error

    def getresponse(self) -> BaseHTTPResponse:  # type: ignore[override]
        self._sending_body = False
        return super().getresponse()


class _PatientTlsConnection(_PatientConnection, HTTPSConnection):
    """The same over TLS."""


_PATIENT: dict[Any, Any] = {
    HTTPConnection: _PatientConnection,
    HTTPSConnection: _PatientTlsConnection,
}


class PatientAdapter(HTTPAdapter):
    """The transport adapter of ``requests`` on such connections; never repeats by itself."""

    def __init__(self, stall_seconds: float) -> None:
        super().__init__(max_retries=0)
        self._stall_seconds = stall_seconds

    def get_connection_with_tls_context(
        self,
        request: PreparedRequest,
        verify: bool | str | None,  # noqa: FBT001 (the signature of requests)
        proxies: Mapping[str, str] | None = None,
        cert: tuple[str, str] | str | None = None,
    ) -> ConnectionPool:
        """Find the pool for a request, and make its connections patient ones."""
        pool = super().get_connection_with_tls_context(request, verify, proxies, cert)
        if isinstance(pool, HTTPConnectionPool) and pool.ConnectionCls in _PATIENT:
            pool.ConnectionCls = _PATIENT[pool.ConnectionCls]
            pool.conn_kw["stall_seconds"] = self._stall_seconds
        return pool
