"""Coupon rows: one column of codes, each new to its set."""

from collections.abc import Sequence

from dropbox_agent.sandbox.account import MAX_CODES, CouponSet
from dropbox_agent.sandbox.options import SandboxOptions
from dropbox_agent.sandbox.rows.checking import Cells, Refusals, positions_of


class CouponRows:
    """Checks and applies the rows of one coupons file.

    Codes that are there already, in the file or the set, are refused; so are codes with white
    space in them (both inferred) and those beyond what a set can hold.

    Raises:
        HeaderRefused: There is no column ``code``, or an unknown one while the options refuse it.
    """

    def __init__(
        self, columns: Sequence[str], coupon_set: CouponSet, options: SandboxOptions
    ) -> None:
        refuse_unknown = options.unknown_columns == "refuse"
        places = positions_of(columns, ["code"], ["code"], refuse_unknown=refuse_unknown)
        self._code = places["code"]
        self._width = len(columns)
        self._codes = coupon_set.codes

    def apply(self, rows: Sequence[Cells]) -> Refusals:
        """Add the good codes to the set; give the reasons for the others."""
        refused = {}
        for index, row in enumerate(rows):
            reason = self._add(row)
            if reason is not None:
                refused[index] = reason
        return refused

    def _add(self, row: Cells) -> str | None:
        if len(row) != self._width:
            return f"The row has {len(row)} cells, the header has {self._width}"
        code = row[self._code]
        if not code:
            return "code is blank"
        if len(code.split()) > 1 or code != code.strip():
            return "code has white space in it"
        if code in self._codes:
            return "code is in the coupon set already"
        if len(self._codes) >= MAX_CODES:
            return f"The coupon set is full: it holds {MAX_CODES} codes"
        self._codes.add(code)
        return None
