"""Write accepted rows to a shelf of the account, by the import's options."""

from collections.abc import Sequence
from dataclasses import dataclass

from dropbox_agent.sandbox.account import Layout, Shelf

LEFT_ALONE = "The element exists already and overrideExisting is false"


@dataclass(frozen=True, slots=True)
class Overwriting:
    """What happens to elements that exist already.

    Attributes:
        override_existing: Whether they are changed at all.
        only_empty: Whether only what is empty in them is filled.
        refuse_existing: Whether a row for one that is left alone counts as an error.
    """

    override_existing: bool
    only_empty: bool
    refuse_existing: bool


class ShelfWriter:
    """Writes records of one layout to one shelf."""

    def __init__(self, shelf: Shelf, columns: Sequence[str], overwriting: Overwriting) -> None:
        self._shelf = shelf
        self._layout: Layout = shelf.layout(tuple(columns))
        self._overwriting = overwriting

    def write(self, key: str, cells: Sequence[str]) -> str | None:
        """Write one record; give the reason when that is an error."""
        if self._shelf.put_new(key, self._layout, cells):
            return None
        if self._overwriting.override_existing:
            only_empty = self._overwriting.only_empty
            self._shelf.merge(key, self._layout, cells, only_empty=only_empty)
            return None
        return LEFT_ALONE if self._overwriting.refuse_existing else None
