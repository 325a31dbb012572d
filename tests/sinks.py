"""A server that receives messages, as web hooks do."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Sink:
    """Takes what apprise's ``json://`` sends; for the time of its block.

    Attributes:
        messages: What was taken, in order.
        calls: How many messages were answered, taken or not.
        status: What it answers; 200 takes a message.
    """

    def __init__(self, status: int = 200) -> None:
        self.messages: list[dict[str, Any]] = []
        self.calls = 0
        self.status = status
        self._answers = threading.Event()
        self._answers.set()
        self._came = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.answer()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where to send to, with a password."""
        return f"json://shop:Hidden-Word-1@127.0.0.1:{self._server.server_port}/hook"

    @property
    def titles(self) -> list[str]:
        """What the messages are called."""
        return [str(each["title"]) for each in self.messages]

    def hang(self) -> None:
        """Answer nothing from now on."""
        self._answers.clear()

    def answer(self) -> None:
        """Answer again."""
        self._answers.set()

    def has_come(self, calls: int, seconds: float = 30.0) -> bool:
        """Wait until so many messages have come; say whether they have."""
        with self._came:
            return self._came.wait_for(lambda: self.calls >= calls, seconds)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                if not sink._answers.is_set():
                    sink._answers.wait(60)
                    return
                with sink._came:
                    status = sink.status
                    sink.calls += 1
                    if status == 200:
                        sink.messages.append(json.loads(content))
                    sink._came.notify_all()
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Print nothing."""

        return Handler
