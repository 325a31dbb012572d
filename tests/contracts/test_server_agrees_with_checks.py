"""What checking lets through, the server takes: no refusal of a file, and the same rows."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.sandbox import SandboxOptions
from tests.core.checking.test_rows import files
from tests.exports import Export, exports, judge, judged
from tests.imported_bytes import cut
from tests.sandbox.sandbox_client import Client

TYPES = {Kind.CONTACTS: "contacts", Kind.PRODUCTS: "products", Kind.VOUCHERS: "coupons"}
SENDABLE = [export for export in exports() if export.sendable]


@pytest.fixture(scope="module")
def server() -> Iterator[Client]:
    """Start one sandbox that is quick and has room for all."""
    options = SandboxOptions(rows_per_second=None, requests_per_minute=None, max_queued=100_000)
    with Client(options) as client:
        yield client


def totals(server: Client, verdict: Verdict, parts: list[bytes], kind: Kind) -> list[int]:
    """Send what is sent of a file, and return how many rows the server counts in each part."""
    sets = server.call("GET", "/coupon-sets/").json()["results"]
    coupon_set = next(each["id"] for each in sets if each["type"] == "multiple")
    more = {"couponSetId": coupon_set} if kind is Kind.VOUCHERS else {}
    delimiter = verdict.facts.delimiter or ","
    counted = []
    for part in parts:
        answer = server.post(part, type=TYPES[kind], delimiter=delimiter, **more)
        assert answer.status_code == 201, answer.text
        counted.append(answer.json()["total"])
    return counted


@pytest.mark.parametrize("export", SENDABLE, ids=lambda export: export.file)
def test_what_can_be_sent_of_the_corpus_is_taken(export: Export, server: Client) -> None:
    """With as many rows as checking counted."""
    verdict, content = judge(export)
    parts = cut(content, verdict, export.policy.max_slice_bytes)
    assert sum(totals(server, verdict, parts, export.kind)) == verdict.facts.rows


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(file=files())
def test_whatever_can_be_sent_is_taken(
    file: tuple[Kind, list[str], str, str], server: Client
) -> None:
    """Also when it is cut into parts; each has the rows that its slice says."""
    kind, names, delimiter, body = file
    payload = (delimiter.join(names) + "\n" + body).encode()
    policy = CheckPolicy(max_slice_bytes=len(delimiter.join(names)) + 150)
    verdict, content = judged(payload, "some.csv", kind, policy)
    if not verdict.sendable or re.search(rb"\r(?!\n)", payload):  # those are cut when reshaped
        return
    parts = cut(content, verdict, policy.max_slice_bytes)
    assert totals(server, verdict, parts, kind) == [each.rows for each in verdict.slices]
