"""What the people who run the agent decided about checking."""

from dataclasses import dataclass
from typing import Literal

from dropbox_agent.core.checking.column_map import NO_MAP, ColumnMap


@dataclass(frozen=True, slots=True)
class ContactField:
    """What the account says of one contact field.

    Attributes:
        id: The name a column must have.
        type: The server's word: ``text``, ``email``, ``phone``, ``integer``, ``decimal``,
            ``date``, ``boolean``, ``radio`` or ``checkbox``.
        options: The ids that a cell of a ``radio`` or ``checkbox`` field may hold.
        max_length: Most characters of a ``text`` field; None when not told.
        read_only: Whether an import must leave the field alone.
        name: What people call the field; empty when not told.
        labels: What people call each of the options, in the same order; empty when not told.
    """

    id: str
    type: str
    options: tuple[str, ...] = ()
    max_length: int | None = None
    read_only: bool = False
    name: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckPolicy:
    """How strictly a file is checked, and how it is cut.

    Attributes:
        row_faults: What faults of single rows lead to: ``warn`` leaves the last word to the
            server, ``reject`` keeps the file back, and a share keeps it back when the faults
            are more than that share of the rows (0.05: more than 5 in 100).
        max_slice_bytes: Most bytes of one import, header included. The API takes files of
            50 MB (documented; whether MB or MiB is open).
        max_issues: How many issues are listed; all are counted.
        block_bytes: How much is read at a time.
        contact_fields: The account's contact fields; None when they are not known.
        column_map: Which columns are renamed, left out or added.
        quotes_rows: Whether faults may show a few characters of what stands in a row.
    """

    row_faults: Literal["warn", "reject"] | float = "warn"
    max_slice_bytes: int = 49_000_000
    max_issues: int = 1_000
    block_bytes: int = 131_072
    contact_fields: tuple[ContactField, ...] | None = None
    column_map: ColumnMap = NO_MAP
    quotes_rows: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.row_faults, str):
            known = self.row_faults in {"warn", "reject"}
        else:
            known = 0 <= self.row_faults <= 1
        if not known:
            raise ValueError(f"row_faults must be warn, reject or 0 to 1, not {self.row_faults!r}")
        sizes = (self.max_slice_bytes, self.max_issues, self.block_bytes)
        if min(sizes) < 1:
            raise ValueError("sizes and limits of a check must be above zero")

    def rejects(self, row_faults: int, *, rows: int) -> bool:
        """Whether so many faults of single rows keep a file of so many rows from being sent."""
        if self.row_faults == "warn":
            return False
        share = 0.0 if self.row_faults == "reject" else float(self.row_faults)
        return row_faults > share * rows
