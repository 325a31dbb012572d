"""A server that takes every import and says at once that it has ended.

It knows just enough of the import API for the agent's own limits to be measured, and keeps only
the newest imports, so that it is as quick at the end of a long run as at the beginning.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "0123456789abcdef:0123456789abcdef"
COUPON_SET = "000000000000000000000001"
NEWEST = 20

_FIELD = re.compile(rb'name="(\w+)"\r\n(?:[^\r]+\r\n)*\r\n([^\r]*)\r\n')


class InstantServer(ThreadingHTTPServer):
    """Listens on 127.0.0.1.

    Attributes:
        is_closed_for_now: Whether it answers everything with 503.
        taken: How many imports it has taken.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.is_closed_for_now = False
        self.taken = 0
        self._imports: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    @property
    def settings(self) -> dict[str, str]:
        """Settings that make an agent use it."""
        return {
            "CONNECTIF_API_URL": f"http://127.0.0.1:{self.server_port}",
            "CONNECTIF_API_KEY": KEY,
            "VOUCHERS_COUPON_SET": COUPON_SET,
        }

    def take(self, body: bytes) -> dict[str, Any]:
        """Make an import of a create request, and have it ended."""
        given = {name.decode(): value.decode() for name, value in _FIELD.findall(body)}
        # Each drop has one line for each record, and so have the lines around it.
        rows = body.rpartition(b"\r\n\r\n")[2].partition(b"\r\n--")[0].rstrip().count(b"\n")
        with self._lock:
            self.taken += 1
            # No two are created at the same time, so their order is plain.
            at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(milliseconds=self.taken)
            told = {
                "id": f"i{self.taken}",
                "type": given["type"],
                "status": "finished",
                "origin": "api",
                "createdAt": at.isoformat(),
                "finishedAt": at.isoformat(),
                "total": rows,
                "success": rows,
                "errors": 0,
                "options": {
                    "delimiter": given["delimiter"],
                    "overrideExisting": given["overrideExisting"] == "true",
                    "updateOnlyEmptyFields": given["updateOnlyEmptyFields"] == "true",
                    "couponSetId": given.get("couponSetId"),
                },
            }
            self._imports[told["id"]] = told
            if len(self._imports) > NEWEST:
                del self._imports[next(iter(self._imports))]
        return told

    def listing(self, path: str) -> dict[str, Any]:
        """List the newest imports, or the only coupon set."""
        if path.startswith("/coupon-sets"):
            results = [{"id": COUPON_SET, "name": "Spring", "type": "multiple"}]
        else:
            with self._lock:
                results = list(self._imports.values())[::-1]
        return {"links": {}, "results": results}


class _Conversation(BaseHTTPRequestHandler):
    server: InstantServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # else every header is a packet of its own

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(201, {} if self.server.is_closed_for_now else self.server.take(body))

    def do_GET(self) -> None:
        self._answer(200, self.server.listing(self.path))

    def _answer(self, status: int, document: dict[str, Any]) -> None:
        content = json.dumps(document).encode()
        self.send_response(503 if self.server.is_closed_for_now else status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def instant_server() -> Iterator[InstantServer]:
    """Run one while the block lasts."""
    with InstantServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
