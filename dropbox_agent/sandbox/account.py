"""What the account holds: contacts, products and coupon sets, changed by the rows of imports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

MAX_CODES = 500_000
"""Codes that one coupon set can hold (documented since January 2026)."""

COUNTS_LAG_SECONDS = 10.0
"""How far a set's counts may lag behind (documented)."""

DEFAULT_COUPON_SET = "65f0a1b2c3d4e5f607182930"

_BETWEEN_CELLS = "\0"  # files that contain a NUL are refused, so no cell has one


class Layout(NamedTuple):
    """The columns of a record, and the mark that names them in what is kept."""

    mark: str
    columns: tuple[str, ...]


class Shelf(Mapping[str, dict[str, str]]):
    """Records by key.

    Each record is kept as one string, since half a million of them have to fit into memory;
    blank cells are as good as absent.
    """

    def __init__(self) -> None:
        self._packed: dict[str, str] = {}
        self._layouts: dict[tuple[str, ...], Layout] = {}
        self._columns: list[tuple[str, ...]] = []

    def __getitem__(self, key: str) -> dict[str, str]:
        mark, *cells = self._packed[key].split(_BETWEEN_CELLS)
        columns = self._columns[int(mark)]
        return {name: cell for name, cell in zip(columns, cells, strict=True) if cell}

    def __contains__(self, key: object) -> bool:
        return key in self._packed

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed)

    def __len__(self) -> int:
        return len(self._packed)

    def layout(self, columns: tuple[str, ...]) -> Layout:
        """Get the layout for records of these columns."""
        if columns not in self._layouts:
            self._layouts[columns] = Layout(str(len(self._columns)), columns)
            self._columns.append(columns)
        return self._layouts[columns]

    def put_new(self, key: str, layout: Layout, cells: Sequence[str]) -> bool:
        """Keep a record unless there is one of the same key; tell whether it was kept."""
        if key in self._packed:
            return False
        self._packed[key] = _BETWEEN_CELLS.join((layout.mark, *cells))
        return True

    def merge(self, key: str, layout: Layout, cells: Sequence[str], *, only_empty: bool) -> None:
        """Write the cells that are not blank into the record of ``key``."""
        before = self[key]
        given = {name: cell for name, cell in zip(layout.columns, cells, strict=True) if cell}
        after = given | before if only_empty else before | given
        self._packed[key] = _BETWEEN_CELLS.join((self.layout(tuple(after)).mark, *after.values()))

    def copy(self) -> "Shelf":
        """Copy the shelf as it is now."""
        copied = Shelf()
        copied._packed = self._packed.copy()
        copied._layouts = self._layouts.copy()
        copied._columns = self._columns.copy()
        return copied


@dataclass(slots=True)
class CouponSet:
    """A set of coupon codes.

    Attributes:
        type: ``multiple`` for a list of single-use codes, ``single`` for one multi-use code.
        code: The code of a ``single`` set.
        codes: The codes of a ``multiple`` set.
        counted: Number of codes as last shown to clients; lags behind.
        counted_at: When that was, in monotonic seconds.
    """

    id: str
    name: str
    type: Literal["multiple", "single"]
    code: str | None = None
    codes: set[str] = field(default_factory=set)
    counted: int = 0
    counted_at: float = float("-inf")

    def count(self, now: float) -> int:
        """Tell the number of codes, up to ten seconds late."""
        if now - self.counted_at >= COUNTS_LAG_SECONDS:
            self.counted, self.counted_at = len(self.codes), now
        return self.counted


@dataclass(slots=True)
class Account:
    """The data of one store.

    Attributes:
        contacts: Contacts imported by e-mail address, by that address in lower case.
        contacts_by_external_id: Contacts imported by external id; never merged with the others
            (documented).
        products: Products by product id.
        coupon_sets: Coupon sets by id.
    """

    contacts: Shelf = field(default_factory=Shelf)
    contacts_by_external_id: Shelf = field(default_factory=Shelf)
    products: Shelf = field(default_factory=Shelf)
    coupon_sets: dict[str, CouponSet] = field(
        default_factory=lambda: {each.id: each for each in _first_coupon_sets()}
    )

    def copy(self) -> "Account":
        """Copy the account as it is now."""
        return Account(
            contacts=self.contacts.copy(),
            contacts_by_external_id=self.contacts_by_external_id.copy(),
            products=self.products.copy(),
            coupon_sets={
                each.id: replace(each, codes=set(each.codes)) for each in self.coupon_sets.values()
            },
        )


def _first_coupon_sets() -> tuple[CouponSet, ...]:
    return (
        CouponSet(id=DEFAULT_COUPON_SET, name="Sandbox vouchers", type="multiple"),
        CouponSet(id="65f0a1b2c3d4e5f607182931", name="Welcome vouchers", type="multiple"),
        CouponSet(
            id="65f0a1b2c3d4e5f607182932", name="Summer for all", type="single", code="SUMMER"
        ),
    )
