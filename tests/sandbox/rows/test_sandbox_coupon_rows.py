"""Coupon rows: codes that are new to their set."""

import pytest

from dropbox_agent.sandbox import DEFAULT_COUPON_SET
from dropbox_agent.sandbox.account import MAX_CODES, CouponSet
from dropbox_agent.sandbox.options import SandboxOptions
from dropbox_agent.sandbox.rows.coupons import CouponRows
from tests.sandbox.conftest import Start
from tests.sandbox.sandbox_client import Client

OTHER_SET = "65f0a1b2c3d4e5f607182931"


def coupons(coupon_set: str = DEFAULT_COUPON_SET) -> dict[str, str]:
    """Write the parts of a coupon import."""
    return {"type": "coupons", "couponSetId": coupon_set}


def test_codes_go_into_their_set(client: Client) -> None:
    """Each import fills the set it names."""
    client.run(b"code\nA1\nA2\n", **coupons())
    client.run(b"code\nA1\n", **coupons(OTHER_SET))
    sets = client.sandbox.account.coupon_sets

    assert sets[DEFAULT_COUPON_SET].codes == {"A1", "A2"}
    assert sets[OTHER_SET].codes == {"A1"}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A1", "in the coupon set already"),
        ('""', "blank"),
        ('" A2"', "white space"),
        ("A 2", "white space"),
        ("A2,x", "2 cells"),
    ],
)
def test_wrong_codes(client: Client, row: str, reason: str) -> None:
    """A wrong code is refused with the reason; the others go in."""
    lines = client.report(f"code\nA1\n{row}\nA3\n".encode(), **coupons())

    assert len(lines) == 2
    assert reason in lines[1]
    assert client.sandbox.account.coupon_sets[DEFAULT_COUPON_SET].codes == {"A1", "A3"}


def test_codes_of_earlier_imports_are_duplicates(client: Client) -> None:
    """The same file twice is a file of errors, whatever the options say."""
    client.run(b"code\nA1\n", **coupons())

    assert client.run(b"code\nA1\n", **coupons())["errors"] == 1


def test_the_column_must_be_named_code(client: Client) -> None:
    """Another header is refused."""
    assert client.post(b"Code\nA1\n", **coupons()).status_code == 422


def test_other_columns_are_unknown(start: Start) -> None:
    """A second column is left out, or refused where the switch says so."""
    csv = b"code,value\nA1,5\n"

    assert start().run(csv, **coupons())["success"] == 1
    assert start(unknown_columns="refuse").post(csv, **coupons()).status_code == 422


def test_a_set_holds_half_a_million_codes() -> None:
    """The code beyond the documented limit is refused."""
    full = CouponSet(id="x", name="x", type="multiple", codes={str(n) for n in range(MAX_CODES)})

    refused = CouponRows(["code"], full, SandboxOptions()).apply([["new"]])

    assert str(MAX_CODES) in refused[0]
