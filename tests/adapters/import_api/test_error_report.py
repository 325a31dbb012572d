"""The server's file of refused rows is fetched without the key, within bounds."""

from pathlib import Path

import pytest

from dropbox_agent.core.budget import RequestBudget
from dropbox_agent.core.imports import Accepted, ApiUnavailable, ImportOptions
from dropbox_agent.core.kind import Kind
from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.adapters.import_api.conftest import KEY, Connect
from tests.adapters.import_api.wire import Wire, answer
from tests.bodies import BytesBody

REPORT = b"_email,reason\nada,no address\n"


def test_it_is_fetched_from_where_the_import_says(connect: Connect) -> None:
    """The rows that the sandbox refused come back with their reasons."""
    with Sandbox(SandboxOptions(rows_per_second=None)) as sandbox:
        api = connect(sandbox.url, RequestBudget(), key=lambda: sandbox.api_key)
        body = BytesBody(b"_email,_birthdate\nada@example.com,yesterday\n")
        answered = api.create(Kind.CONTACTS, ImportOptions(), body)
        assert isinstance(answered, Accepted)
        ended = api.get(answered.imported.id)
        assert ended is not None
        assert ended.error_report_url is not None
        report = api.error_report(ended.error_report_url).decode()
    assert report.startswith("_email,_birthdate,reason\r\nada@example.com,yesterday,")


def test_the_key_stays_at_home(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither our key nor what a .netrc file says is sent to where reports are kept."""
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with Wire(answer(200, REPORT)) as store:
        assert connect("https://api.example.com").error_report(f"{store.url}/r.csv") == REPORT
        (heard,) = store.heard
    assert "authorization" not in heard.headers
    assert KEY not in str(heard.headers)


def test_redirects_of_a_file_store_are_followed(connect: Connect) -> None:
    """A link may lead to another place, and that again to another."""
    with Wire(answer(200, REPORT)) as store, Wire(answer(302, location=f"{store.url}/x")) as door:
        assert connect("https://api.example.com").error_report(f"{door.url}/r.csv") == REPORT


def test_a_circle_of_redirects_is_left(connect: Connect) -> None:
    """After a few of them the report counts as not to be had."""
    circle = answer(302, location="/again")
    with Wire(*[circle] * 10) as door, pytest.raises(ApiUnavailable) as caught:
        connect("https://api.example.com").error_report(f"{door.url}/r.csv")
    assert caught.value.code == "no-error-report"


@pytest.mark.parametrize("status", [403, 404, 410, 500])
def test_a_link_that_does_not_work_is_said_so(connect: Connect, status: int) -> None:
    """Links expire; whoever asks has to get a new one."""
    with Wire(answer(status)) as store, pytest.raises(ApiUnavailable) as caught:
        connect("https://api.example.com").error_report(f"{store.url}/r.csv")
    assert caught.value.code == "no-error-report"


@pytest.mark.parametrize(
    "link", ["", "no address", "ftp://example.com/r.csv", "file:///etc/passwd"]
)
def test_what_is_no_web_address_is_not_fetched(connect: Connect, link: str) -> None:
    """A server cannot make the agent read files of its own machine."""
    with pytest.raises(ApiUnavailable):
        connect("https://api.example.com").error_report(link)
