"""What a file of products may hold: columns with exactly these names (documented)."""

from dropbox_agent.core.checking import cells
from dropbox_agent.core.checking.rule import KindRules
from dropbox_agent.core.kind import Kind

PRODUCTS_RULES = KindRules(
    kind=Kind.PRODUCTS,
    columns={
        "productId": None,
        "productDetailUrl": cells.URL,
        "name": None,
        "unitPrice": cells.PRICE,
        "imageUrl": cells.URL,
        "thumbnailUrl": cells.URL,
        "description": None,
        "categories": cells.ITEMS,
        "tags": cells.ITEMS,
        "brand": None,
        "ratingCount": cells.INTEGER,
        "rating": cells.RATING,
        "reviewCount": cells.INTEGER,
        "relatedExternalProductIds": cells.ITEMS,
        "priority": cells.INTEGER,
        "unitPriceOriginal": cells.PRICE,
        "unitPriceWithoutVAT": cells.PRICE,
        "discountedPercentage": cells.PERCENTAGE,
        "discountedAmount": cells.DECIMAL,
        "publishedAt": cells.DATE_TIME,
        "inStockUnits": cells.INTEGER,
        "availability": cells.one_of("instock", "outofstock"),
        "isBlacklisted": cells.BOOLEAN,
        "customField1": None,
        "customField2": None,
        "customField3": None,
    },
    keys=("productId",),
    required=("productDetailUrl", "name", "unitPrice"),
)
