"""What may be written as a place for metrics."""

from pathlib import Path

import pytest

from dropbox_agent.settings import BadSettings, SettingFault, read_settings
from dropbox_agent.settings.metrics_values import Address

FILE, LISTEN = "AGENT_METRICS_FILE", "AGENT_METRICS_LISTEN"


def fault(home: Path, name: str, text: str) -> SettingFault:
    """Return the one mistake that reading reports."""
    with pytest.raises(BadSettings) as told:
        read_settings(home, {name: text})
    (only,) = told.value.faults
    assert only.name == name
    return only


def test_metrics_are_off_unless_asked_for(tmp_path: Path) -> None:
    """Nothing is counted, nothing is served."""
    settings = read_settings(tmp_path, {})
    assert settings.metrics_file is None
    assert settings.metrics_listen is None


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("9464", Address("127.0.0.1", 9464)),
        ("127.0.0.1:9464", Address("127.0.0.1", 9464)),
        ("0.0.0.0:65535", Address("0.0.0.0", 65535)),  # noqa: S104 - what some people want
        ("localhost:1", Address("localhost", 1)),
        ("files.shop-1.example.com:9464", Address("files.shop-1.example.com", 9464)),
        ("[::1]:9464", Address("::1", 9464)),
    ],
)
def test_an_address_is_a_port_or_a_machine_and_a_port(
    tmp_path: Path, text: str, address: Address
) -> None:
    """A port alone is for this machine only."""
    assert read_settings(tmp_path, {LISTEN: text}).metrics_listen == address


@pytest.mark.parametrize(
    ("text", "what", "write"),
    [
        ("0", "not a port", "9464"),
        ("65536", "not a port", "9464"),
        ("127.0.0.1:", "not a port", "9464"),
        ("127.0.0.1:http", "not a port", "9464"),
        ("127.0.0.1:-1", "not a port", "9464"),
        ("127.0.0.1", "not an address and a port", "127.0.0.1:9464"),
        ("yes", "not an address and a port", "127.0.0.1:9464"),
        ("http://127.0.0.1:9464/metrics", "not an address and a port", "127.0.0.1:9464"),
        (":9464", "no address before the colon", "127.0.0.1:9464"),
        ("::1:9464", "written in brackets", "[::1]:9464"),
        ("[::z]:9464", "no address of a machine", "9464"),
        ("two words:9464", "no address of a machine", "9464"),
        ("x" * 64 + ":9464", "no address of a machine", "9464"),
    ],
)
def test_what_is_no_address_is_told_with_what_to_write(
    tmp_path: Path, text: str, what: str, write: str
) -> None:
    """And that can be written."""
    told = fault(tmp_path, LISTEN, text)
    assert what in told.what
    assert told.write == f"{LISTEN}={write}"
    read_settings(tmp_path, {LISTEN: write})


def test_the_file_starts_at_the_home(tmp_path: Path) -> None:
    """Unless it has a whole path."""
    settings = read_settings(tmp_path, {FILE: "metrics/agent.prom"})
    assert settings.metrics_file == tmp_path / "metrics" / "agent.prom"
    elsewhere = tmp_path.parent / "agent.prom"
    assert read_settings(tmp_path, {FILE: str(elsewhere)}).metrics_file == elsewhere


@pytest.mark.parametrize("text", ["metrics", "metrics/agent.txt", "agent.prom.tmp", ".prom"])
def test_a_name_that_the_node_exporter_does_not_read_is_told(tmp_path: Path, text: str) -> None:
    """It would be written, and nobody would ever see it."""
    told = fault(tmp_path, FILE, text)
    assert ".prom" in told.what
    assert told.write == f"{FILE}=metrics/dropbox-agent.prom"


def test_the_file_does_not_lie_among_the_drops(tmp_path: Path) -> None:
    """Nothing of ours does."""
    assert fault(tmp_path, FILE, "inbox/agent.prom").what == (
        "AGENT_METRICS_FILE lies inside AGENT_INBOX."
    )
