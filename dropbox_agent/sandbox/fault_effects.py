"""What the faults of requests do to an answer."""

import os
import socket
import struct
from collections.abc import Callable, Iterator
from itertools import count
from threading import Event
from typing import NoReturn

from werkzeug.wrappers import Request, Response

from dropbox_agent.sandbox.faults import STATUS_ACTION, Fault
from dropbox_agent.sandbox.options import RATE_HEADERS, RateHeaders
from dropbox_agent.sandbox.problems import Problem

_FLOOD_BYTES = 8_000_000
_NOWHERE = "http://127.0.0.1:9/imports/"
_DRIP_SECONDS = 0.05

Answer = Callable[[], Response]
TooMany = Callable[[RateHeaders | None], Response]


class ConnectionAbandoned(ConnectionError):
    """The connection was reset on purpose; there is nobody to answer any more."""


def answer_with(
    fault: Fault, request: Request, answer: Answer, too_many: TooMany, stopping: Event
) -> Response:
    """Answer a request in the way a fault asks for.

    Args:
        fault: What shall go wrong.
        request: The request.
        answer: Carries the request out.
        too_many: Makes a 429 with the headers of a family, or the usual one.
        stopping: Set when the sandbox stops; slow answers stop waiting then.

    Raises:
        ConnectionAbandoned: The connection was reset.
    """
    if found := STATUS_ACTION.fullmatch(fault.action):
        if found["accepted"]:
            answer()
        if found["status"] == "429":
            return too_many(_family(fault.value))
        return Problem(int(found["status"]), "The sandbox was asked to answer so.").answer()
    match fault.action:
        case "reset-before":
            _reset(request)
        case "flood":
            return Response(b"internal error " * (_FLOOD_BYTES // 15), status=500)
        case "redirect":
            return Response(status=307, headers={"Location": fault.value or _NOWHERE})
    return _spoilt(fault, request, answer(), stopping)


def _spoilt(fault: Fault, request: Request, answer: Response, stopping: Event) -> Response:
    match fault.action:
        case "reset-after-accept":
            _reset(request)
        case "garbled":
            answer.data = answer.data[: len(answer.data) // 2]
        case "html":
            return Response("<html><body>Welcome</body></html>", mimetype="text/html")
        case "slow":
            stopping.wait(float(fault.value))
        case "endless":
            answer.headers.pop("Content-Length", None)
            answer.response = _endless(stopping)
    return answer


def _endless(stopping: Event) -> Iterator[bytes]:
    for _ in count():
        yield b" "
        if stopping.wait(_DRIP_SECONDS):
            return


def _family(value: str) -> RateHeaders | None:
    return next((each for each in RATE_HEADERS if each == value), None)


def _reset(request: Request) -> NoReturn:
    """Close the connection so that the client gets a reset rather than an orderly end."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    linger_not = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)
    # Streams made from the socket would keep it open: close the descriptor beneath them.
    socket.close(connection.detach())
    raise ConnectionAbandoned
