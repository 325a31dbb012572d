"""Contact fields, coupon sets, the store, single contacts and products."""

import pytest

from dropbox_agent.sandbox import DEFAULT_COUPON_SET
from tests.sandbox.sandbox_client import Client

SHOE = {
    "id": "shoe",
    "name": "Shoe",
    "type": "radio",
    "options": [{"id": "41", "label": "Forty-one"}, {"id": "42"}],
}


def test_fields_of_every_type(client: Client) -> None:
    """The list holds system and custom fields, writable and read-only ones."""
    body = client.call("GET", "/contact-fields/").json()
    fields = {each["id"]: each for each in body["results"]}

    assert body["links"] == {}
    assert {"_email", "_externalId", "_mobilePhone", "_emailStatus"} <= fields.keys()
    assert fields["_createdAt"]["readOnly"]
    custom = {each["type"] for each in fields.values() if each["custom"]}
    assert custom == {
        *("text", "integer", "decimal", "date", "boolean", "radio", "checkbox", "phone")
    }
    assert fields["children"] == {
        "id": "children",
        "name": "Children",
        "type": "integer",
        "required": False,
        "custom": True,
        "readOnly": False,
        "minValue": 0,
        "maxValue": 20,
    }


def test_one_field(client: Client) -> None:
    """A field is shown by its id, with the options of a radio field."""
    shown = client.call("GET", "/contact-fields/shirtSize").json()

    assert shown["options"][0] == {"id": "s", "label": "Small"}
    assert client.call("GET", "/contact-fields/nothing").status_code == 404


def test_new_fields_can_be_imported(client: Client) -> None:
    """A custom field that was just made is known to the next import."""
    answer = client.call("POST", "/contact-fields/", json=SHOE)

    assert answer.status_code == 201
    assert answer.json()["options"] == [
        {"id": "41", "label": "Forty-one"},
        {"id": "42", "label": "42"},
    ]
    assert client.run(b"_email,shoe\nann@example.com,43\nbob@example.com,42\n")["errors"] == 1


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"id": "id"}, "/id"),
        ({"id": "1st"}, "/id"),
        ({"id": "_email"}, "/id"),
        ({"id": "city"}, "/id"),
        ({"name": ""}, "/name"),
        ({"type": "colour"}, "/type"),
        ({"options": []}, "/options"),
        ({"options": None}, "/options"),
        ({"maxLength": "long"}, "/maxLength"),
        ({"minDate": 2020}, "/minDate"),
    ],
)
def test_wrong_new_fields(client: Client, change: dict[str, object], path: str) -> None:
    """What is wrong with a new field is told by its path."""
    answer = client.call("POST", "/contact-fields/", json=SHOE | change)

    assert answer.status_code == 422
    assert [each["path"] for each in answer.json()["validationErrors"]] == [path]


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [("{}", "text/plain", 415), ("[]", "application/json", 400), ("{", "application/json", 400)],
)
def test_new_fields_are_json_objects(
    client: Client, body: str, content_type: str, status: int
) -> None:
    """Another body makes no field."""
    headers = {"Content-Type": content_type}

    assert client.call("POST", "/contact-fields/", data=body, headers=headers).status_code == status


def test_custom_fields_are_limited(client: Client) -> None:
    """There can be 140 custom fields."""
    fields = [{"id": f"f{number}", "name": "F", "type": "text"} for number in range(133)]
    codes = [client.call("POST", "/contact-fields/", json=each).status_code for each in fields]

    assert codes == [201] * 132 + [400]


def test_fields_can_be_deleted(client: Client) -> None:
    """Custom fields can be deleted, system fields cannot."""
    assert client.call("DELETE", "/contact-fields/city").status_code == 204
    assert client.call("DELETE", "/contact-fields/city").status_code == 404
    assert client.call("DELETE", "/contact-fields/_email").status_code == 400


def test_coupon_sets(client: Client) -> None:
    """There are two sets of many codes and one of a single code."""
    results = client.call("GET", "/coupon-sets/").json()["results"]

    assert [each["type"] for each in results] == ["multiple", "multiple", "single"]
    assert (results[2]["code"], results[2]["available"]) == ("SUMMER", None)
    assert client.call("GET", f"/coupon-sets/{DEFAULT_COUPON_SET}").json() == results[0]
    assert client.call("GET", f"/coupon-sets/{'0' * 24}").status_code == 404


def test_counts_of_a_set_lag(client: Client) -> None:
    """A set shows new codes up to ten seconds late."""
    path = f"/coupon-sets/{DEFAULT_COUPON_SET}"
    client.call("GET", path)
    client.run(b"code\nA1\n", type="coupons", couponSetId=DEFAULT_COUPON_SET)

    assert client.call("GET", path).json()["available"] == 0
    client.clock.pass_seconds(10)
    assert client.call("GET", path).json()["available"] == 1


def test_the_store(client: Client) -> None:
    """The store can be asked for, to try a key."""
    assert client.call("GET", "/store/").json()["name"]


def test_single_contacts(client: Client) -> None:
    """A contact is found by the key it was imported under, its values typed."""
    client.run(
        b"_email,_externalId,_points,vip,interests\n"
        b"ann@example.com,,5,true,sport|travel\nbob@example.com,7,1,,\n"
    )
    ann = {"_email": "ann@example.com", "_points": 5, "vip": True, "interests": ["sport", "travel"]}

    assert client.call("GET", "/contacts/Ann@example.com").json() == ann
    assert client.call("GET", "/contacts/email/ann@example.com").json() == ann
    assert client.call("GET", "/contacts/external-id/7").json()["_email"] == "bob@example.com"
    assert client.call("GET", "/contacts/bob@example.com").status_code == 404


def test_single_products(client: Client) -> None:
    """A product is found by its id, its values typed."""
    client.run(
        b"productDetailUrl,productId,name,unitPrice,tags\n"
        b"https://shop.example.com/l,L/1,Lamp,20.5,a|b\n",
        type="products",
    )
    assert client.call("GET", "/products/product-id/L%2F1").json() == {
        "productDetailUrl": "https://shop.example.com/l",
        "productId": "L/1",
        "name": "Lamp",
        "unitPrice": 20.5,
        "tags": ["a", "b"],
    }
    assert client.call("GET", "/products/product-id/L1").status_code == 404
