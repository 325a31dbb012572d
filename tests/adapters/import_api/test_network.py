"""What happens on the way to the server: name, connection, TLS, proxy, and who sees the key."""

import socket
import traceback
from pathlib import Path

import pytest

from dropbox_agent.adapters.import_api import ApiAccess
from dropbox_agent.core.imports import ApiUnavailable, ImportId, ImportOptions, NotNow
from dropbox_agent.core.kind import Kind
from tests.adapters.import_api.conftest import KEY, Connect
from tests.adapters.import_api.wire import CERTIFICATE, Talk, Wire, answer
from tests.bodies import BytesBody

CSV = BytesBody(b"_email\nann@example.com\n")
ONE = ImportId("6072374b4d3ceb76e44d4323")


@pytest.fixture
def closed_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def refusal(connect: Connect, url: str, **access: object) -> NotNow:
    """Try to send, and expect that nothing has left."""
    sent = connect(url, **access).create(Kind.CONTACTS, ImportOptions(), CSV)
    assert isinstance(sent, NotNow)
    assert sent.why.hint
    return sent


def test_a_name_that_cannot_be_looked_up_is_told(connect: Connect) -> None:
    """The reserved name ``invalid`` has no address anywhere."""
    assert refusal(connect, "http://api.invalid").why.code == "network-dns"


def test_a_refused_connection_is_told(connect: Connect, closed_port: int) -> None:
    """The machine is there, the service is not."""
    sent = refusal(connect, f"http://127.0.0.1:{closed_port}")
    assert sent.why.code == "network-refused"
    assert "127.0.0.1" in sent.why.message


def test_a_certificate_nobody_vouches_for_is_refused(connect: Connect) -> None:
    """TLS is always verified, and nothing of the request leaves before."""
    with Wire(answer(201, {"id": "x"}), tls=True) as wire:
        assert refusal(connect, wire.url).why.code == "network-tls"
        assert wire.heard == []


def test_a_certificate_for_another_name_is_refused(connect: Connect) -> None:
    """A trusted certificate must also name the host."""
    with Wire(answer(201, {"id": "x"}), tls=True) as wire:
        url = wire.url.replace("127.0.0.1", "localhost")
        assert refusal(connect, url, ca_bundle=CERTIFICATE).why.code == "network-tls"
        assert wire.heard == []


def test_a_server_without_tls_is_told_apart(connect: Connect) -> None:
    """An address with https in front of a plain server is a matter of encryption."""
    with Wire(lambda talk: talk.say(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as wire:
        url = wire.url.replace("http:", "https:")
        assert refusal(connect, url).why.code == "network-tls"


def test_a_handshake_that_hangs_ends(connect: Connect) -> None:
    """The time-out of connecting covers the handshake."""
    with Wire(lambda talk: talk.stopped.wait()) as wire:
        url = wire.url.replace("http:", "https:")
        sent = refusal(connect, url, connect_timeout_seconds=0.1)
    assert sent.why.code == "network-timeout"


def test_a_missing_certificate_file_is_not_taken_for_a_broken_csv(
    connect: Connect, tmp_path: Path
) -> None:
    """The settings are at fault, not the file to be sent."""
    with Wire(answer(201), tls=True) as wire:
        sent = refusal(connect, wire.url, ca_bundle=tmp_path / "missing.pem")
    assert sent.why.code == "ca-bundle"


@pytest.mark.parametrize(
    "url", ["", "api.example.com", "ftp://example.com", "http://[x", "http://"]
)
def test_an_address_that_is_none_is_told(connect: Connect, url: str) -> None:
    """A mistake in the settings gives a reason instead of a crash."""
    assert refusal(connect, url).why.code == "wrong-address"


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("", "api-key-missing"),
        ("a b:c", "api-key-malformed"),
        ("schlüssel:x\n", "api-key-malformed"),
    ],
)
def test_a_key_that_cannot_be_sent_is_told(connect: Connect, key: str, code: str) -> None:
    """Such a key would otherwise be quoted in an error of the library."""
    with Wire(answer(201)) as wire:
        sent = refusal(connect, wire.url, key=lambda: key)
        assert wire.connections == 0
    assert sent.why.code == code


def test_netrc_is_never_read(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password for this host in ``.netrc`` does not replace the key, nor after a redirect."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(netrc))
    with Wire(answer(302, Location="/elsewhere")) as wire:
        refusal(connect, wire.url)
    assert [heard.headers["authorization"] for heard in wire.heard] == [f"apiKey {KEY}"]


def test_a_proxy_from_the_environment_is_used(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request goes to the proxy, with the whole address in it."""
    with Wire(answer(404)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)
        assert connect("http://api.example.com").get(ONE) is None
    assert proxy.heard[0].path == f"http://api.example.com/imports/{ONE}"


def test_a_proxy_that_refuses_the_tunnel_is_told(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The key is not shown to a proxy that only tunnels."""
    with Wire(answer(407, Connection="close")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("https_proxy", proxy.url)
        sent = refusal(connect, "https://api.example.com")
    assert sent.why.code == "network-proxy"
    assert "authorization" not in proxy.heard[0].headers


def test_a_proxy_that_is_not_there_is_told(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    """The proxy is named as the place to look, not the API."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, f"http://user:hidden@127.0.0.1:{closed_port}")
    sent = refusal(connect, "https://api.example.com")
    assert sent.why.code == "network-proxy"
    assert "hidden" not in sent.why.message


def test_the_key_is_in_no_error_nor_in_what_hangs_on_it(connect: Connect) -> None:
    """Not in the text, not in the traceback, not on the request that the library keeps."""

    def hang_up(talk: Talk) -> None:
        talk.hear()

    with Wire(hang_up) as wire, pytest.raises(ApiUnavailable) as caught:
        connect(wire.url).get(ONE)
    cause = caught.value.__cause__
    request = getattr(cause, "request", None)
    assert request is not None
    assert "Authorization" not in request.headers
    assert KEY.partition(":")[2] not in "".join(traceback.format_exception(caught.value))


def test_the_key_is_not_shown_with_the_settings() -> None:
    """Showing the access shows the address only."""
    shown = repr(ApiAccess("https://api.example.com", key=KEY.lower))
    assert "api.example.com" in shown
    assert "secret" not in shown
