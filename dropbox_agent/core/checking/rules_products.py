"""What a file of products may hold: columns with exactly these names (documented)."""

from dropbox_agent.core.checking import cells
from dropbox_agent.core.checking.rule import KindRules, Rule
from dropbox_agent.core.issue import Severity
from dropbox_agent.core.kind import Kind

DISCOUNT_DIFFERS = Rule(
    "discount-differs",
    Severity.WARNING,
    "The discount is not the original price less the price: discountedAmount must equal"
    " unitPriceOriginal - unitPrice.",
    "Correct the three columns of the row, or leave discountedAmount out of the file.",
    "documented (product import); what an import does otherwise is not",
    per_row=True,
)
DISCOUNT_COLUMNS = ("unitPriceOriginal", "unitPrice", "discountedAmount")
"""Of which the second and the third add up to the first."""

PRODUCTS_RULES = KindRules(
    kind=Kind.PRODUCTS,
    columns={
        "productId": None,
        "productDetailUrl": cells.PAGE_URL,
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
    rules=(DISCOUNT_DIFFERS,),
)
