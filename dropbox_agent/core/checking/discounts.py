"""Finds rows of products whose discount is not the original price less the price."""

import math
from collections.abc import Sequence

from dropbox_agent.core.checking.rules_products import DISCOUNT_COLUMNS, DISCOUNT_DIFFERS
from dropbox_agent.core.checking.tally import Tally

_HALF_A_CENT = 0.005


class Discounts:
    """The three columns of a file that have to fit together, if it has them all.

    Attributes:
        positions: Where they stand, from 0; none if there is nothing to compare.
    """

    def __init__(self, positions: dict[str, int]) -> None:
        there = positions.keys() >= set(DISCOUNT_COLUMNS)
        self.positions = [positions[name] for name in DISCOUNT_COLUMNS] if there else []

    def check(self, cells: Sequence[Sequence[str]], lines: Sequence[int], tally: Tally) -> None:
        """Compare the three cells of each row; those that are no numbers have their own faults.

        Args:
            cells: One sequence for each column, in the order of ``positions``.
            lines: The physical line of each row.
            tally: Told of rows that do not fit.
        """
        if not cells:
            return
        rows = zip(lines, zip(*cells, strict=True), strict=True)
        wrong = [line for line, row in rows if all(row) and _differs(*row)]
        tally.add_each(DISCOUNT_DIFFERS, wrong)


def _differs(original: str, price: str, discount: str) -> bool:
    try:
        rest = float(original) - float(price) - float(discount)
    except ValueError:
        return False
    return math.isfinite(rest) and abs(rest) >= _HALF_A_CENT
