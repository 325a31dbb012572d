"""Serves the metrics over HTTP, for Prometheus to fetch."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Final

from prometheus_client import CollectorRegistry

from dropbox_agent.adapters.metrics.server import MetricsServer
from dropbox_agent.errors import BadConfiguration

SETTING: Final = "AGENT_METRICS_LISTEN"
FIRST_FREE_PORT: Final = 1024


@contextmanager
def served(registry: CollectorRegistry, host: str, port: int) -> Iterator[None]:
    """Serve the metrics until the block ends; each request has a thread of its own.

    Raises:
        BadConfiguration: Nobody can listen there.
    """
    try:
        server = MetricsServer(registry, host, port)
    except OSError as error:
        raise _not_served(host, port, error) from error
    serving = Thread(target=server.serve_forever, name="metrics-server", daemon=True)
    serving.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


def _not_served(host: str, port: int, error: OSError) -> BadConfiguration:
    where = f"port {port} of {host}"
    other_port = f"Name another port in {SETTING} in agent.env"
    if error.errno == errno.EADDRINUSE:
        what = f"The metrics cannot be served on {where}: another program listens there."
        return _bad(what, f"{other_port}, or end that program.", "metrics-port-taken")
    if isinstance(error, PermissionError):
        what = f"The metrics cannot be served on {where}: the operating system does not allow it."
        from_ = f"{other_port}, from {FIRST_FREE_PORT} on."
        return _bad(what, from_, "metrics-port-refused")
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        what = f"The metrics cannot be served on {where}: this machine has no such address."
        here = f"Write an address of this machine into {SETTING} in agent.env, such as 127.0.0.1"
        return _bad(what, f"{here}:{port}.", "metrics-no-such-address")
    what = f"The metrics cannot be served on {where}: {error.strerror or error}."
    return _bad(what, f"Mend {SETTING} in agent.env, or remove it.", "metrics-not-served")


def _bad(what: str, hint: str, code: str) -> BadConfiguration:
    return BadConfiguration(what, hint=hint, code=code)
