"""Tests for what may be shown of the address of a channel."""

import pytest

from dropbox_agent.core.channel import is_host, scheme_of, secrets_in

MAIL = "mailtos://shop:pa%24s@mail.example.com?from=agent@example.com&to=ops@example.com"


@pytest.mark.parametrize(
    ("address", "scheme"),
    [(MAIL, "mailtos"), ("JSON://x", "json"), ("no address", "-"), ("", "-"), ("://x", "-")],
)
def test_the_scheme_may_be_shown(address: str, scheme: str) -> None:
    """It says which service is meant, and nothing more."""
    assert scheme_of(address) == scheme


@pytest.mark.parametrize(
    ("address", "secret"),
    [
        (MAIL, MAIL),
        (MAIL, "pa%24s"),
        (MAIL, "pa$s"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#ops", "T1JJ3T3L2"),
        ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#ops", "TIiajkdnlazkcOXrIdevi7FQ"),
        ("tgram://123456789:ABCdefghi/12315544", "ABCdefghi"),
        ("https://flow.example.com/workflows/x?sig=abc-def", "abc-def"),
        ("jsons://hooks.example.com/in?+X-Token=geheim", "geheim"),
    ],
)
def test_what_looks_secret_must_not(address: str, secret: str) -> None:
    """Passwords, tokens and the whole address, escaped or not."""
    assert secret in secrets_in(address)


def test_ordinary_words_may() -> None:
    """A log in which they are blanked could not be read."""
    found = secrets_in("jsons://hooks.example.com/products/contacts?to=ops@example.com")
    assert not found & {"hooks.example.com", "products", "contacts", "ops", "example.com", ""}


@pytest.mark.parametrize(
    "text", ["localhost", "LocalHost", "192.0.2.7", "[2001:db8::1]", "::1", "Hooks.example.com"]
)
def test_a_host_may_be_shown(text: str) -> None:
    """It says where a message goes."""
    assert is_host(text)


@pytest.mark.parametrize("text", ["", "intranet", "mykeyABC", "syt_c2hvcA_tok", "a:b", "x.y/z"])
def test_what_may_be_a_token_is_no_host(text: str) -> None:
    """Rather nothing than a key."""
    assert not is_host(text)
