"""The sandbox as a whole: start it, ask it what really happened, stop it."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from dropbox_agent.sandbox.account import Account
from dropbox_agent.sandbox.api import Api
from dropbox_agent.sandbox.faults import Fault, Faults
from dropbox_agent.sandbox.imports import ImportOptions, ImportType, ReceivedImport
from dropbox_agent.sandbox.keys import Keys
from dropbox_agent.sandbox.options import SandboxOptions
from dropbox_agent.sandbox.rows.csv_file import CsvFile, Spool
from dropbox_agent.sandbox.server import Log, SandboxServer
from dropbox_agent.sandbox.world import World

_POLL_SECONDS = 0.01
_WAKE_SECONDS = 0.5


class Sandbox:
    """A local double of the import API, on 127.0.0.1 while its ``with`` block lasts.

    Args:
        options: How it behaves.
        faults: What shall go wrong, as texts or as ``Fault``; see ``faults.py``.
        clock: Tells monotonic seconds. Rows are imported as this clock goes on.
        log: Called with one line for each request.

    Raises:
        BadConfiguration: The port cannot be had (when it starts).
        ValueError: A text is no fault.
    """

    def __init__(
        self,
        options: SandboxOptions | None = None,
        *,
        faults: Iterable[Fault | str] = (),
        clock: Callable[[], float] = time.monotonic,
        log: Log | None = None,
    ) -> None:
        self.options = options or SandboxOptions()
        self._world = World(self.options, clock, faults)
        self._api = Api(self._world)
        self._log = log
        self._stopped = threading.Event()
        self._server: SandboxServer | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._serve(self.options.port)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop serving and let go of all files; does nothing when stopped already."""
        self._hang_up()
        self._world.close()
        self._stopped.set()

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Be unreachable for a while; the account stays, and so does the port."""
        port = self._running.port
        self._hang_up()
        try:
            yield
        finally:
            self._serve(port)

    def wait(self) -> None:
        """Block until the sandbox is stopped or the program is interrupted."""
        # In slices, as Ctrl-C does not end an unlimited wait on Windows.
        while not self._stopped.wait(_WAKE_SECONDS):
            pass

    @property
    def url(self) -> str:
        """Where the API is, without a slash at its end; only while it runs."""
        return f"http://127.0.0.1:{self._running.port}"

    @property
    def api_key(self) -> str:
        """The key that may do everything."""
        return self.options.api_key

    @property
    def keys(self) -> Keys:
        """The keys there are, with less permissions too."""
        return self._world.keys

    @property
    def faults(self) -> Faults:
        """What shall still go wrong."""
        return self._world.faults

    @property
    def account(self) -> Account:
        """A copy of what the account holds now."""
        with self._world.look():
            return self._world.account.copy()

    @property
    def imports(self) -> tuple[ReceivedImport, ...]:
        """Every import that was ever created, oldest first, as it really is."""
        with self._world.look():
            return tuple(ReceivedImport.of(each) for each in self._world.imports)

    @property
    def requests(self) -> Mapping[tuple[str, str], int]:
        """How often each method and route was asked for, for example ``("GET", "/imports/")``.

        Ids in paths are named: ``/imports/<import_id>``.
        """
        return self._world.requests()

    def import_from_app(
        self, type_: str, csv: bytes, options: ImportOptions | None = None
    ) -> ReceivedImport:
        """Create an import as a person does in the web application.

        Raises:
            HeaderRefused: The header does not do for the type.
            Problem: The queue is full.
            Unreadable: It is no CSV in UTF-8.
            ValueError: There is no such type.
        """
        spool = Spool()
        spool.write(csv)
        asked = options or ImportOptions()
        file = CsvFile(spool, asked.delimiter)
        with self._world.look():
            record = self._world.add_import(ImportType(type_), asked, file, origin="app")
            return ReceivedImport.of(record)

    def cancel(self, import_id: str) -> None:
        """Cancel an import as a person does in the web application.

        Raises:
            KeyError: There is no such import.
        """
        with self._world.look() as now:
            record = self._world.imports.find(import_id)
            if record is None:
                raise KeyError(import_id)
            self._world.imports.cancel(record, now)

    def spend_requests(self, count: int) -> None:
        """Count requests against the account's limit, as if other clients had made them."""
        self._world.rate.spend(count, self._world.now())

    @property
    def _running(self) -> SandboxServer:
        if self._server is None:
            raise RuntimeError("the sandbox does not run; use it in a with statement")
        return self._server

    def _serve(self, port: int) -> None:
        self._api.stopping.clear()
        self._server = SandboxServer(port, self._api, self._log)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL_SECONDS,), name="sandbox", daemon=True
        )
        self._thread.start()

    def _hang_up(self) -> None:
        self._api.stopping.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server = self._thread = None
