"""A real agent and what Prometheus sees of it: as a file and over HTTP."""

import os
import signal
import socket
import stat
import sys
from contextlib import closing
from http.client import HTTPConnection

import pytest

from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.drops import contacts
from tests.expositions import Exposition
from tests.processes import UNHURRIED, Home, Program, account


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def fetch(port: int) -> Exposition:
    """Fetch the metrics as Prometheus does."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", "/metrics")
        return Exposition(connection.getresponse().read().decode())


def read(home: Home) -> Exposition:
    """Read the file as the node exporter does."""
    return Exposition((home.path / "metrics" / "agent.prom").read_text(encoding="utf-8"))


def test_an_agent_is_followed_over_http_and_leaves_its_last_state_in_a_file(home: Home) -> None:
    """From a file under way to one that is filed, and the requests that it took."""
    port = free_port()
    (home.path / "metrics").mkdir()
    slow = SandboxOptions(rows_per_second=20, requests_per_minute=None)
    with Sandbox(slow) as sandbox:
        settings = account(sandbox) | {
            "AGENT_METRICS_LISTEN": str(port),
            "AGENT_METRICS_FILE": "metrics/agent.prom",
        }
        with Program(home, "run", settings=settings) as agent:
            agent.until_watching()
            home.drop("contacts", "people.csv", contacts(40))
            home.drop("vouchers", "codes.csv", b"code\n")
            agent.until(lambda: fetch(port).get("jobs_under_way:contacts:sent") == 1)
            agent.until(lambda: len(home.reports) == 2)
            agent.until(lambda: fetch(port).get("jobs_under_way:contacts:sent") == 0)
            told = fetch(port)
            if sys.platform != "win32":
                assert agent.ask_to_stop(signal.SIGTERM).exit_code() == 0
    assert told["jobs_total:contacts:imported"] == 1
    assert told["jobs_total:vouchers:rejected"] == 1
    assert told["rows_total:contacts:success"] == 40
    assert told["filed_bytes_total:contacts"] == len(contacts(40))
    assert told["job_duration_seconds_count:contacts"] == 1
    assert told["import_duration_seconds_sum:contacts"] >= 1
    assert told["api_requests_total:create-import:ok"] == 1
    assert told["api_requests_total:list-imports:ok"] >= 2
    if sys.platform != "win32":
        assert read(home)["jobs_total:contacts:imported"] == 1
        assert read(home)["heartbeat_timestamp_seconds"] >= told["heartbeat_timestamp_seconds"]
        names = {each for each in told.names if "_process_" not in each}
        assert names <= read(home).names
        assert [each.name for each in (home.path / "metrics").iterdir()] == ["agent.prom"]


def test_once_leaves_a_file_with_what_it_did(home: Home) -> None:
    """Nothing is under way in it any more, and another user may read it."""
    (home.path / "metrics").mkdir()
    home.drop("contacts", "people.csv", contacts(3))
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox) | {"AGENT_METRICS_FILE": "metrics/agent.prom"}
        before = os.umask(0o077)
        try:
            with Program(home, "once", settings=settings) as agent:
                assert agent.exit_code() == 0, agent.log
        finally:
            os.umask(before)
    told = read(home)
    assert told["jobs_total:contacts:imported"] == 1
    assert told["rows_total:contacts:success"] == 3
    assert sum(each.value for each in told.samples("dropbox_agent_jobs_under_way")) == 0
    assert sum(each.value for each in told.samples("dropbox_agent_drops_waiting")) == 0
    if sys.platform != "win32":
        mode = (home.path / "metrics" / "agent.prom").stat().st_mode
        assert stat.S_IMODE(mode) == 0o644


def test_a_pause_is_seen_while_files_wait(home: Home) -> None:
    """Nobody answers at the account's address."""
    port = free_port()
    settings = {
        "CONNECTIF_API_URL": f"http://127.0.0.1:{free_port()}",
        "CONNECTIF_API_KEY": "keyid:keysecret",
        "AGENT_METRICS_LISTEN": f"127.0.0.1:{port}",
    }
    with Program(home, "run", settings=settings) as agent:
        agent.until_watching()
        home.drop("products", "goods.csv", b"not products\n")
        home.drop("contacts", "people.csv", contacts(2))
        agent.until(lambda: fetch(port).get("lane_paused:sending") == 1)
        agent.until(lambda: fetch(port)["lane_paused_seconds:sending"] > 0)
        told = fetch(port)
    assert told["pauses_total:sending"] == 1
    assert told["api_requests_total:list-imports:no-answer"] >= 1
    assert told["jobs_under_way:contacts:checked"] == 1
    assert told["oldest_job_seconds:contacts"] > 0


@pytest.mark.skipif(sys.platform == "win32", reason="Windows may let two listen on one port")
@pytest.mark.parametrize("command", ["run", "once"])
def test_a_port_that_is_taken_keeps_the_agent_from_starting(home: Home, command: str) -> None:
    """One message, what to do, and the exit code that no service manager tries again."""
    with Sandbox(UNHURRIED) as sandbox, socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        settings = account(sandbox) | {"AGENT_METRICS_LISTEN": port}
        with Program(home, command, settings=settings) as agent:
            assert agent.exit_code() == 78
            message = agent.log
    assert f"port {port} of 127.0.0.1" in message
    assert "AGENT_METRICS_LISTEN" in message
    assert message.count("Error:") == 1
    assert "Traceback" not in message


def test_a_missing_folder_for_the_file_stops_nothing(home: Home) -> None:
    """It is a warning, once."""
    home.drop("contacts", "people.csv", contacts(3))
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox) | {"AGENT_METRICS_FILE": "metrics/agent.prom"}
        with Program(home, "once", settings=settings) as agent:
            assert agent.exit_code() == 0, agent.log
            assert agent.log.count("The metrics cannot be written to") == 1
    assert home.reports["people.csv"].outcome == "imported"
