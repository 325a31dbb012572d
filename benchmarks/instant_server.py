"""A server that takes every import, and does it at once or in a time that is set.

It knows just enough of the import API for the agent's own limits to be measured, and keeps only
the newest imports, so that it is as quick at the end of a long run as at the beginning.
"""

import json
import re
import threading
import time
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
        import_seconds: How long each import takes; they are worked off one after the other.
        taken: How many imports it has taken.
        asked: How many requests it has had.
        first_byte_at: When the last create request began to come in, on the monotonic clock.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.is_closed_for_now = False
        self.import_seconds = 0.0
        self.taken = 0
        self.asked = 0
        self.first_byte_at = 0.0
        self._imports: dict[str, dict[str, Any]] = {}
        self._ends_at: dict[str, float] = {}
        self._free_at = 0.0
        self._lock = threading.Lock()

    @property
    def settings(self) -> dict[str, str]:
        """Settings that make an agent use it."""
        return {
            "CONNECTIF_API_URL": f"http://127.0.0.1:{self.server_port}",
            "CONNECTIF_API_KEY": KEY,
            "VOUCHERS_COUPON_SET": COUPON_SET,
            "CONTACTS_FIELDS": "documented",  # it has no list of them
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
            self._free_at = max(self._free_at, time.monotonic()) + self.import_seconds
            self._ends_at[told["id"]] = self._free_at
            if len(self._imports) > NEWEST:
                oldest = next(iter(self._imports))
                del self._imports[oldest], self._ends_at[oldest]
            return self._as_of_now(told)

    def _as_of_now(self, told: dict[str, Any]) -> dict[str, Any]:
        """Say how far an import is."""
        left = self._ends_at[told["id"]] - time.monotonic()
        if left <= 0 or not self.import_seconds:
            return told
        done = int(told["total"] * max(0.0, 1 - left / self.import_seconds))
        status = "inProgress" if done else "queued"
        return told | {"status": status, "success": done, "finishedAt": None}

    def find(self, path: str) -> dict[str, Any] | None:
        """Return one of the newest imports, if that is what is asked for."""
        with self._lock:
            told = self._imports.get(path.removeprefix("/imports/"))
            return self._as_of_now(told) if told else None

    def listing(self, path: str) -> dict[str, Any]:
        """List the newest imports, or the only coupon set."""
        if path.startswith("/coupon-sets"):
            results = [{"id": COUPON_SET, "name": "Spring", "type": "multiple"}]
        else:
            with self._lock:
                results = [self._as_of_now(each) for each in reversed(self._imports.values())]
        return {"links": {}, "results": results}


class _Conversation(BaseHTTPRequestHandler):
    server: InstantServer
    raw_requestline: bytes
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # else every header is a packet of its own

    def parse_request(self) -> bool:
        """Note when a request comes: by now, its first line has been read."""
        self.server.asked += 1
        if self.raw_requestline.startswith(b"POST"):
            self.server.first_byte_at = time.monotonic()
        return super().parse_request()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(201, {} if self.server.is_closed_for_now else self.server.take(body))

    def do_GET(self) -> None:
        told = self.server.find(self.path) or self.server.listing(self.path)
        self._answer(200, told)

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
