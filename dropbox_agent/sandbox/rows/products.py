"""Product rows: exactly named columns, typed, keyed by product id (help article on products)."""

from collections.abc import Sequence

from dropbox_agent.sandbox.account import Account
from dropbox_agent.sandbox.options import SandboxOptions
from dropbox_agent.sandbox.rows.cells import (
    BOOLEAN,
    DATE_TIME,
    INTEGER,
    LIST,
    TEXT,
    URL,
    Cell,
    decimal,
    number_between,
    one_of,
)
from dropbox_agent.sandbox.rows.checking import (
    Cells,
    ColumnRule,
    Refusals,
    positions_of,
    refusals,
)
from dropbox_agent.sandbox.rows.writing import Overwriting, ShelfWriter

REQUIRED = ("productDetailUrl", "productId", "name", "unitPrice")

_CENT = 0.005


def product_cells(*, decimal_comma: bool = False) -> dict[str, Cell]:
    """Get the columns that products can have, with their types."""
    price = decimal(comma=decimal_comma)
    return {
        "productDetailUrl": URL,
        "productId": TEXT,
        "name": TEXT,
        "unitPrice": price,
        "imageUrl": URL,
        "thumbnailUrl": URL,
        "description": TEXT,
        "categories": LIST,
        "tags": LIST,
        "brand": TEXT,
        "ratingCount": INTEGER,
        "rating": number_between(price, 0, 5),
        "reviewCount": INTEGER,
        "relatedExternalProductIds": LIST,
        "priority": INTEGER,
        "unitPriceOriginal": price,
        "unitPriceWithoutVAT": price,
        "discountedPercentage": number_between(price, 0, 100),
        "discountedAmount": price,
        "publishedAt": DATE_TIME,
        "inStockUnits": INTEGER,
        "availability": one_of(["instock", "outofstock"]),
        "isBlacklisted": BOOLEAN,
        "customField1": TEXT,
        "customField2": TEXT,
        "customField3": TEXT,
    }


class ProductRows:
    """Checks and applies the rows of one products file.

    Raises:
        HeaderRefused: A required column is missing, a column is there twice, or one is unknown
            while the options refuse that.
    """

    def __init__(
        self,
        columns: Sequence[str],
        overwriting: Overwriting,
        account: Account,
        options: SandboxOptions,
    ) -> None:
        cells = product_cells(decimal_comma=options.decimal_comma)
        places = positions_of(
            columns, REQUIRED, list(cells), refuse_unknown=options.unknown_columns == "refuse"
        )
        self._width = len(columns)
        self._places = places
        self._rules = [
            ColumnRule(name, at, cells[name], "is required" if name in REQUIRED else None)
            for name, at in places.items()
        ]
        self._has_discount = {"unitPriceOriginal", "discountedAmount"} <= places.keys()
        self._writer = ShelfWriter(account.products, tuple(places), overwriting)

    def apply(self, rows: Sequence[Cells]) -> Refusals:
        """Apply the good rows to the account; give the reasons for the others."""
        refused = refusals(rows, self._width, self._rules)
        positions, key = list(self._places.values()), self._places["productId"]
        for index, row in enumerate(rows):
            if index in refused:
                continue
            reason = self._wrong_discount(row) if self._has_discount else None
            reason = reason or self._writer.write(row[key], [row[at] for at in positions])
            if reason is not None:
                refused[index] = reason
        return refused

    def _wrong_discount(self, row: Cells) -> str | None:
        """Compare the discount with the prices it must follow from (documented)."""
        names = ("unitPriceOriginal", "unitPrice", "discountedAmount")
        texts = [row[self._places[name]].replace(",", ".") for name in names]
        if not all(texts):
            return None
        original, price, discount = map(float, texts)
        if abs(original - price - discount) < _CENT:
            return None
        return "discountedAmount is not unitPriceOriginal less unitPrice"
