"""What is said of the way to Connectif, the key and the clock."""

import pytest

from dropbox_agent.core.diagnosis import Verdict
from dropbox_agent.core.diagnosis.network import (
    Contact,
    ProxyFacts,
    TrustFacts,
    of_clock,
    of_key,
    of_proxy,
    of_right,
    of_stored_key,
    of_trust,
    of_way,
)
from dropbox_agent.errors import TryLater

HOST = "api.example.com"


def contact(code: str, status: int | None = None) -> Contact:
    """Make what came of a request that did not work."""
    return Contact(TryLater("What happened.", hint="What to do.", code=code), status)


def way(found: Contact, proxy: str | None = None) -> dict[str, Verdict]:
    """Judge the way by one request."""
    told = of_way(found, HOST, encrypted=True, proxy=proxy)
    return {each.check: each.verdict for each in told}


@pytest.mark.parametrize(
    ("found", "broken"),
    [
        (contact("network-dns"), "name look-up"),
        (contact("network-refused"), "connection"),
        (contact("network-timeout"), "connection"),
        (contact("network-down"), "connection"),
        (contact("request-budget"), "connection"),
        (contact("network-tls"), "encryption"),
        (contact("ca-bundle"), "encryption"),
        (contact("wrong-address", 404), "import API"),
        (contact("redirected", 301), "import API"),
        (contact("unreadable-answer", 200), "import API"),
    ],
)
def test_the_way_is_told_up_to_where_it_breaks(found: Contact, broken: str) -> None:
    """What comes before is well, what comes after was not reached."""
    told = way(found)
    names = list(told)
    at = names.index(broken)
    assert names == ["name look-up", "connection", "encryption", "import API"]
    assert [told[name] for name in names[:at]] == [Verdict.OK] * at
    assert told[broken] is Verdict.FAULT
    assert {told[name] for name in names[at + 1 :]} <= {Verdict.UNKNOWN}


def test_a_proxy_that_lets_nobody_through_is_the_first_to_be_told() -> None:
    """Nothing is known of what lies behind it."""
    told = way(contact("network-proxy"), "http://proxy:3128")
    assert told.pop("proxy") is Verdict.FAULT
    assert set(told.values()) == {Verdict.UNKNOWN}


@pytest.mark.parametrize("found", [Contact(None, 200), contact("api-key-refused", 401)])
def test_any_answer_of_the_api_shows_that_the_way_is_well(found: Contact) -> None:
    """A refused key is another matter."""
    assert set(way(found).values()) == {Verdict.OK}


@pytest.mark.parametrize(
    ("found", "verdict", "word"),
    [
        (Contact(None, 200), Verdict.OK, "reading"),
        (contact("api-key-refused", 401), Verdict.FAULT, "wrong or was deleted"),
        (contact("api-key-forbidden", 403), Verdict.FAULT, "may not read imports"),
        (contact("server-error", 500), Verdict.UNKNOWN, "What happened"),
        (contact("rate-limited", 429), Verdict.UNKNOWN, "What happened"),
        (contact("network-dns"), Verdict.UNKNOWN, "not reached"),
    ],
)
def test_a_wrong_key_is_told_from_one_that_lacks_a_right(
    found: Contact, verdict: Verdict, word: str
) -> None:
    """What is the server's or the network's fault says nothing of the key."""
    told = of_key(found)
    assert told.verdict is verdict
    assert word in told.found


def test_a_right_that_is_lacking_is_a_warning() -> None:
    """Files are imported without it, only checked less closely."""
    told = of_right("contact fields", "less is checked", contact("api-key-forbidden", 403))
    assert told.verdict is Verdict.WARNING
    assert "less is checked" in told.found
    assert of_right("contact fields", "", Contact(None, 200)).verdict is Verdict.OK
    assert of_right("contact fields", "", contact("server-error", 500)).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("ahead", "verdict", "word"),
    [
        (None, Verdict.UNKNOWN, "did not tell"),
        (119.0, Verdict.OK, "agrees"),
        (-119.0, Verdict.OK, "agrees"),
        (3600.0, Verdict.WARNING, "3,600 seconds behind"),
        (-121.0, Verdict.WARNING, "121 seconds ahead"),
    ],
)
def test_a_clock_that_is_wrong_by_minutes_is_told(
    ahead: float | None, verdict: Verdict, word: str
) -> None:
    """Ours is behind when the server's is ahead."""
    assert of_clock(ahead).verdict is verdict
    assert word in of_clock(ahead).found


@pytest.mark.parametrize(
    ("facts", "verdicts"),
    [
        (ProxyFacts(HOST), [Verdict.OK]),
        (ProxyFacts(HOST, ("HTTPS_PROXY",), "http://proxy:3128"), [Verdict.OK]),
        (ProxyFacts(HOST, ("HTTPS_PROXY", "NO_PROXY")), [Verdict.OK]),
        (ProxyFacts(HOST, ("ALL_PROXY",), "socks5://proxy:1080"), [Verdict.FAULT]),
        (
            ProxyFacts(HOST, ("HTTP_PROXY", "http_proxy"), None, ("HTTP_PROXY",)),
            [Verdict.WARNING, Verdict.OK],
        ),
    ],
)
def test_proxies_of_the_environment_are_named(facts: ProxyFacts, verdicts: list[Verdict]) -> None:
    """With the variables that name them."""
    told = list(of_proxy(facts))
    assert [each.verdict for each in told] == verdicts
    if facts.named:
        assert any(name in each.found for name in facts.named for each in told) or facts.used


def test_certificates_of_ones_own_are_told_and_have_to_be_readable() -> None:
    """The usual ones are not worth a word."""
    assert list(of_trust(TrustFacts())) == []
    (found,) = of_trust(TrustFacts("/etc/own.pem", "CONNECTIF_CA_BUNDLE", count=3))
    assert found.verdict is Verdict.OK
    (broken,) = of_trust(TrustFacts("/etc/own.pem", "CONNECTIF_CA_BUNDLE", "no certificate"))
    assert broken.verdict is Verdict.FAULT


def test_a_key_that_only_a_service_gets_is_neither_a_fault_nor_well() -> None:
    """Nobody but the service can try it."""
    found = of_stored_key(["/etc/credstore/dropbox-agent.connectif_api_key"])
    assert found.verdict is Verdict.UNKNOWN
    assert "/etc/credstore/dropbox-agent.connectif_api_key" in found.found
