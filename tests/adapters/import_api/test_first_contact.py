"""One request to see whether all is well: what is learned of way, key and clock."""

from collections.abc import Iterator
from email.utils import formatdate

import pytest

from dropbox_agent.adapters.import_api import ApiAccess
from dropbox_agent.adapters.import_api.first_contact import CONTACT_FIELDS, first_contact
from dropbox_agent.sandbox import Sandbox
from tests.adapters.import_api.wire import CERTIFICATE, Wire, answer

NOW = 1_700_000_000.0


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """Run a double of Connectif."""
    with Sandbox() as running:
        yield running


def access(url: str, key: str = "some:key123", **options: object) -> ApiAccess:
    """Say where to ask."""
    return ApiAccess(url, lambda: key, **options)  # type: ignore[arg-type]


def test_a_good_key_gets_its_list(sandbox: Sandbox) -> None:
    """There is nothing to complain of, and the clocks agree."""
    contact = first_contact(access(sandbox.url, sandbox.api_key))
    assert (contact.trouble, contact.status) == (None, 200)
    assert contact.ahead_seconds is None or abs(contact.ahead_seconds) < 60


def test_a_wrong_key_is_told_from_one_without_the_right(sandbox: Sandbox) -> None:
    """By the code of the reason."""
    wrong = first_contact(access(sandbox.url, "wrong:key123"))
    lacking = first_contact(access(sandbox.url, sandbox.keys.powerless))
    fields = first_contact(access(sandbox.url, sandbox.keys.imports_only), CONTACT_FIELDS)
    codes = [each.trouble.code for each in (wrong, lacking, fields) if each.trouble]
    assert codes == ["api-key-refused", "api-key-forbidden", "api-key-forbidden"]


@pytest.mark.parametrize("seconds", [-86_400.0, 300.0])
def test_the_servers_clock_is_compared_with_ours(seconds: float) -> None:
    """By the date that every answer carries."""
    date = formatdate(NOW + seconds, usegmt=True)
    with Wire(answer(401, Date=date)) as wire:
        contact = first_contact(access(wire.url), clock=lambda: NOW)
    assert contact.ahead_seconds == seconds


def test_an_answer_without_a_date_says_nothing_of_clocks() -> None:
    """Nor does one with a date that is none."""
    with Wire(answer(200, {"results": []})) as wire:
        assert first_contact(access(wire.url)).ahead_seconds is None
    with Wire(answer(200, {"results": []}, Date="yesterday")) as wire:
        assert first_contact(access(wire.url)).ahead_seconds is None


def test_a_page_of_somebody_else_is_no_answer() -> None:
    """A portal in between answers with 200 too."""
    with Wire(answer(200, b"<html>Please log in</html>")) as wire:
        contact = first_contact(access(wire.url))
    assert contact.trouble is not None
    assert contact.trouble.code == "unreadable-answer"


def test_a_certificate_that_is_not_trusted_is_told() -> None:
    """Named as one's own it is trusted."""
    with Wire(answer(200, {"results": []}), tls=True) as wire:
        distrusted = first_contact(access(wire.url))
        trusted = first_contact(access(wire.url, ca_bundle=CERTIFICATE))
    assert distrusted.trouble is not None
    assert distrusted.trouble.code == "network-tls"
    assert trusted.trouble is None
