"""A loopback server that says exactly what a test tells it, byte for byte."""

import json
import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

CERTIFICATE = Path(__file__).with_name("loopback.pem")
"""Made for 127.0.0.1 only, valid until 2100; trusted by nobody unless named."""

END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Heard:
    """One request as it came over the wire."""

    line: str
    headers: dict[str, str]
    body: bytes = field(repr=False)

    @property
    def path(self) -> str:
        """The path and query asked for."""
        return self.line.split(" ")[1]


class Talk:
    """One connection, seen from the server."""

    def __init__(self, sock: socket.socket, stopped: threading.Event) -> None:
        self._sock = sock
        self.stopped = stopped

    def head(self) -> Heard | None:
        """Read up to the end of the headers; None when the client has gone."""
        text = b""
        while not text.endswith(END_OF_HEAD):
            byte = self._sock.recv(1)
            if not byte:
                return None
            text += byte
        line, *rest = text.decode("latin-1").strip().split("\r\n")
        headers = dict(each.split(": ", 1) for each in rest)
        return Heard(line, {name.lower(): value for name, value in headers.items()}, b"")

    def hear(self) -> Heard | None:
        """Read one whole request; None when the client has gone."""
        heard = self.head()
        if heard is None:
            return None
        body = self.read(int(heard.headers.get("content-length", "0")))
        return Heard(heard.line, heard.headers, body)

    def read(self, size: int) -> bytes:
        """Read so many bytes, or fewer when the client stops."""
        parts = []
        while size > 0 and (part := self._sock.recv(min(size, 65536))):
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def say(self, text: bytes) -> None:
        """Send bytes as they are."""
        self._sock.sendall(text)

    def reset(self) -> None:
        """Break the connection with a reset instead of an orderly end."""
        layout = "hh" if os.name == "nt" else "ii"
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack(layout, 1, 0))
        self._sock.close()


Script = Callable[[Talk], object]


def answer(status: int, body: object = b"", **headers: str) -> bytes:
    """Spell an answer: bytes as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status} So", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in named.items()]
    return "\r\n".join(lines).encode("latin-1") + END_OF_HEAD + content


def say_once(text: bytes) -> Script:
    """Answer one request, then hang up in good order."""

    def script(talk: Talk) -> None:
        talk.hear()
        talk.say(text)

    return script


class Wire:
    """A server on a free loopback port; each connection follows its script, the last one again.

    Attributes:
        url: Base address.
        heard: Every request that was read, in order.
        connections: How many were opened.
    """

    def __init__(self, *scripts: Script | bytes, tls: bool = False) -> None:
        self._scripts = scripts
        self._context = _server_context() if tls else None
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        self.heard: list[Heard] = []
        self.connections = 0
        self._stopped = threading.Event()
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept)]

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._threads[0].join()
        for sock in self._open:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()
        for thread in self._threads[1:]:
            thread.join()

    def _accept(self) -> None:
        while not self._stopped.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            # An answer must not wait behind TLS session tickets, to be lost in a reset.
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            script = self._scripts[min(self.connections, len(self._scripts) - 1)]
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(sock, script))
            self._threads.append(thread)
            self._open.append(sock)
            thread.start()

    def _serve(self, sock: socket.socket, script: Script | bytes) -> None:
        with suppress(OSError):
            if self._context:
                sock = self._context.wrap_socket(sock, server_side=True)
                self._open.append(sock)
            with sock:
                talk = Talk(sock, self._stopped)
                if callable(script):
                    script(talk)
                else:
                    self._answer_each(talk, script)

    def _answer_each(self, talk: Talk, text: bytes) -> None:
        while heard := talk.hear():
            self.heard.append(heard)
            talk.say(text)


def _server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context
