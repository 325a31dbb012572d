"""Product rows: exactly named columns and their types."""

import pytest

from dropbox_agent.sandbox.rows.products import product_cells
from tests.sandbox.conftest import Start
from tests.sandbox.sandbox_client import Client

HEADER = "productDetailUrl,productId,name,unitPrice"
LAMP = "https://shop.example.com/lamp,L1,Lamp,20.99"


def csv(*rows: str, more: str = "") -> bytes:
    """Write a products file with the required columns and some more."""
    return "\n".join([HEADER + more, *rows, ""]).encode()


@pytest.mark.parametrize("column", HEADER.split(","))
def test_required_columns(client: Client, column: str) -> None:
    """A file without a required column is refused."""
    answer = client.post(csv(LAMP).replace(column.encode(), b"other"), type="products")

    assert column in answer.json()["validationErrors"][0]["reason"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",L1,Lamp,1", "productDetailUrl is required"),
        ("https://shop.example.com,,Lamp,1", "productId is required"),
        ("https://shop.example.com,L1,,1", "name is required"),
        ("https://shop.example.com,L1,Lamp,", "unitPrice is required"),
        ("https://shop.example.com,L1,Lamp,cheap", "unitPrice is not a decimal"),
        ('https://shop.example.com,L1,Lamp,"20,99"', "unitPrice is not a decimal"),
        ("shop.example.com,L1,Lamp,1", "productDetailUrl is not a URL"),
    ],
)
def test_wrong_rows(client: Client, row: str, reason: str) -> None:
    """A row with a wrong required cell is refused with the reason."""
    assert reason in client.report(csv(row), type="products")[1]


@pytest.mark.parametrize(
    ("column", "right", "wrong"),
    [
        ("imageUrl", "https://cdn.example.com/1.png", "1.png"),
        ("ratingCount", "12", "1.5"),
        ("rating", "4.5", "5.5"),
        ("priority", "0", "high"),
        ("discountedPercentage", "15", "15%"),
        ("discountedPercentage", "100", "101"),
        ("publishedAt", "2021-03-15T00:00:00Z", "2021-03-15"),
        ("inStockUnits", "3", "03"),
        ("availability", "outofstock", "sold out"),
        ("isBlacklisted", "true", "TRUE"),
    ],
)
def test_optional_columns(client: Client, column: str, right: str, wrong: str) -> None:
    """An optional cell is blank or of its type."""
    rows = (f"{LAMP},{right}", f"{LAMP},", f"{LAMP},{wrong}")
    lines = client.report(csv(*rows, more=f",{column}"), type="products")

    assert len(lines) == 2
    assert f"Line 4: {column} " in lines[1]


def test_discount_follows_from_prices(client: Client) -> None:
    """A discounted amount other than original price less price is refused."""
    more = ",unitPriceOriginal,discountedAmount"
    rows = [f"{LAMP},{cells}" for cells in ("25.99,5", "25.99,", "25.99,6")]
    lines = client.report(csv(*rows, more=more), type="products")

    assert len(lines) == 2
    assert "discountedAmount" in lines[1]


def test_products_are_changed_by_id(client: Client) -> None:
    """A later file changes the product of the same id."""
    client.run(csv(LAMP + ",Old", more=",brand"), type="products")
    client.run(csv(LAMP.replace("20.99", "18")), type="products")
    product = client.sandbox.account.products["L1"]

    assert (product["unitPrice"], product["brand"]) == ("18", "Old")


def test_existing_products_can_be_left_alone(start: Start) -> None:
    """Without overriding, a product that exists stays, as success or error."""
    client = start(existing_rows="error")
    client.run(csv(LAMP), type="products")
    shown = client.run(csv(LAMP), type="products", overrideExisting="false")

    assert shown["errors"] == 1


def test_decimals_can_have_a_comma(start: Start) -> None:
    """With that switch a decimal comma is read as a point."""
    client = start(decimal_comma=True)
    client.run(csv(LAMP.replace("20.99", '"20,99"')), type="products")

    assert client.call("GET", "/products/product-id/L1").json()["unitPrice"] == 20.99


def test_every_documented_column_is_known() -> None:
    """The columns of the help article are all there."""
    assert len(product_cells()) == 26
