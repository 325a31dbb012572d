"""Serving over HTTP: with a port that is free, and with one that is not to be had."""

import errno
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from http import HTTPStatus
from http.client import HTTPConnection

import pytest

from dropbox_agent.adapters.metrics import served
from dropbox_agent.adapters.metrics.serving import _not_served
from dropbox_agent.errors import BadConfiguration
from tests.expositions import Exposition, a_registry

HERE = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server((HERE, 0)) as listener:
        yield listener.getsockname()[1]


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server((HERE, 0)) as listener:
        return int(listener.getsockname()[1])


def fetch(port: int, host: str = HERE) -> Exposition:
    """Fetch the metrics as Prometheus does, past any proxy."""
    with closing(HTTPConnection(host, port, timeout=10)) as connection:
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        assert answer.status == HTTPStatus.OK
        return Exposition(answer.read().decode())


def refusal(host: str, port: int) -> BadConfiguration:
    """Return why nobody can listen there."""
    with pytest.raises(BadConfiguration) as told, served(a_registry(), host, port):
        pass
    return told.value


def test_metrics_are_served_until_the_block_ends() -> None:
    """Then the port is free again, and no thread is left."""
    port = free_port()
    for _ in range(2):
        with served(a_registry(), HERE, port):
            assert fetch(port)["build_info:1.2.3"] == 1
    with pytest.raises(ConnectionRefusedError):
        fetch(port)
    assert not any("serve_forever" in each.name for each in threading.enumerate())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows may let two listen on one port")
def test_a_port_that_is_taken_is_told(taken: int) -> None:
    """With the setting to change, and the exit code of a configuration error."""
    told = refusal(HERE, taken)
    assert (told.code, told.exit_code) == ("metrics-port-taken", 78)
    assert str(taken) in told.message
    assert "AGENT_METRICS_LISTEN" in told.hint


@pytest.mark.parametrize("host", ["192.0.2.1", "no-such-machine.invalid"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    """And a name that stands for none."""
    told = refusal(host, free_port())
    assert (told.code, told.exit_code) == ("metrics-no-such-address", 78)
    assert host in told.message
    assert "AGENT_METRICS_LISTEN" in told.hint


def test_a_port_that_is_not_allowed_is_told() -> None:
    """The operating system keeps low ports to itself; root of a test machine may have them."""
    error = OSError(errno.EACCES, os.strerror(errno.EACCES))
    told = _not_served(HERE, 80, error)
    assert (told.code, told.exit_code) == ("metrics-port-refused", 78)
    assert "1024" in told.hint


def test_any_other_refusal_is_told_in_the_words_of_the_system() -> None:
    """Such as a machine without open files to spare."""
    told = _not_served(HERE, 80, OSError(errno.EMFILE, "Too many open files"))
    assert (told.code, told.exit_code) == ("metrics-not-served", 78)
    assert "Too many open files" in told.message


@pytest.mark.skipif(not socket.has_ipv6, reason="needs IPv6")
def test_it_listens_on_ipv6_as_well() -> None:
    """Where the machine has it."""
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
            port = listener.getsockname()[1]
    except OSError:
        pytest.skip("this machine has no IPv6 address")
    with served(a_registry(), "::1", port):
        assert fetch(port, "::1")["build_info:1.2.3"] == 1
