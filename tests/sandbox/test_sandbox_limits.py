"""Keys, permissions and the rate limit."""

import pytest
import requests

from tests.sandbox.conftest import Start
from tests.sandbox.sandbox_client import Client


@pytest.mark.parametrize(
    "authorization", ["", "sandbox-key:sandbox-secret", "apiKey a:b", "Bearer x", "APIKEY a:b"]
)
def test_wrong_keys_get_401_without_body(client: Client, authorization: str) -> None:
    """A key that is missing, wrong or without its scheme is not let in."""
    answer = requests.get(
        client.sandbox.url + "/store/", headers={"Authorization": authorization}, timeout=10
    )

    assert (answer.status_code, answer.content) == (401, b"")


@pytest.mark.parametrize(
    ("kind", "text"), [("json", '"status": 401'), ("text", "The API key is missing or wrong.")]
)
def test_401_can_have_a_body(start: Start, kind: str, text: str) -> None:
    """With that switch 401 says something."""
    answer = requests.get(start(bare_body=kind).sandbox.url + "/store/", timeout=10)

    assert answer.status_code == 401
    assert text in answer.text


def status(client: Client, key: str, method: str, path: str) -> int:
    """Ask with another key."""
    answer = client.call(method, path, headers={"Authorization": f"apiKey {key}"})
    if answer.status_code == 403:
        assert answer.json()["title"] == "Forbidden"
    return answer.status_code


def test_keys_have_permissions(client: Client) -> None:
    """What a key has no permission for is answered with 403."""
    keys = client.sandbox.keys
    import_id = client.run()["id"]

    assert status(client, keys.powerless, "GET", "/imports/") == 403
    assert status(client, keys.read_only, "GET", "/imports/") == 200
    assert status(client, keys.read_only, "POST", "/imports/") == 403
    assert status(client, keys.imports_only, "POST", "/imports/") == 415
    assert status(client, keys.imports_only, "DELETE", f"/imports/{import_id}") == 403
    assert status(client, keys.imports_only, "GET", "/contact-fields/") == 403
    assert status(client, keys.full, "DELETE", f"/imports/{import_id}") == 204


def test_contact_fields_can_be_forbidden_for_all(start: Start) -> None:
    """With that switch no key may read contact fields."""
    client = start(contact_fields_forbidden=True)

    assert client.call("GET", "/contact-fields/").status_code == 403
    assert client.call("GET", "/store/").status_code == 200


def test_a_hundred_requests_a_minute(start: Start) -> None:
    """The request after the last allowed one gets 429 without a body, until the minute is over."""
    client = start(requests_per_minute=3)
    answers = [client.call("GET", "/store/") for _ in range(4)]

    assert [each.status_code for each in answers] == [200, 200, 200, 429]
    assert [each.headers["X-RateLimit-Remaining"] for each in answers] == ["2", "1", "0", "0"]
    assert answers[3].content == b""
    assert answers[3].headers["X-RateLimit-Limit"] == "3"
    client.clock.pass_seconds(60)
    assert client.call("GET", "/store/").status_code == 200


def test_reset_is_an_epoch_a_minute_away(start: Start) -> None:
    """The usual family tells the reset in seconds since 1970."""
    answer = start(requests_per_minute=3).call("POST", "/imports/")

    assert answer.status_code == 415
    assert int(answer.headers["X-RateLimit-Reset"]) > 1_700_000_000


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        (
            "ratelimit",
            {"RateLimit-Limit": "1", "RateLimit-Remaining": "0", "RateLimit-Reset": "50"},
        ),
        ("retry-after", {"Retry-After": "50"}),
        ("none", {}),
    ],
)
def test_header_families(start: Start, family: str, expected: dict[str, str]) -> None:
    """Each family of headers can be chosen."""
    client = start(requests_per_minute=1, rate_headers=family)
    client.call("GET", "/store/")
    client.clock.pass_seconds(10)
    refused = client.call("GET", "/store/")

    assert refused.status_code == 429
    assert {name: refused.headers.get(name) for name in expected} == expected
    assert "X-RateLimit-Limit" not in refused.headers


def test_others_spend_requests_too(start: Start) -> None:
    """The limit is for the whole account, whatever the key."""
    client = start(requests_per_minute=10)
    client.sandbox.spend_requests(10)

    assert client.call("GET", "/store/").status_code == 429
    assert status(client, client.sandbox.keys.read_only, "GET", "/store/") == 429


def test_wrong_keys_spend_nothing(start: Start) -> None:
    """Only requests with a known key belong to an account."""
    client = start(requests_per_minute=1)
    requests.get(client.sandbox.url + "/store/", timeout=10)

    assert client.call("GET", "/store/").status_code == 200
