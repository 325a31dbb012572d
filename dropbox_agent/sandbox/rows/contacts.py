"""Contact rows: keyed by external id or e-mail address, typed by the account's contact fields."""

from collections.abc import Sequence

from dropbox_agent.sandbox.account import Account
from dropbox_agent.sandbox.fields import ContactField, ContactFields
from dropbox_agent.sandbox.options import SandboxOptions
from dropbox_agent.sandbox.problems import Invalid
from dropbox_agent.sandbox.rows.cells import cell_of
from dropbox_agent.sandbox.rows.checking import (
    Cells,
    ColumnRule,
    HeaderRefused,
    Refusals,
    positions_of,
    refusals,
)
from dropbox_agent.sandbox.rows.writing import Overwriting, ShelfWriter

EMAIL, EXTERNAL_ID = "_email", "_externalId"
_BLANK_REFUSED = frozenset({"phone", "date", "integer", "decimal", "radio"})


class ContactRows:
    """Checks and applies the rows of one contacts file.

    The external id has priority over the e-mail address when both columns are there
    (documented); contacts under one key are never merged with those under the other (documented).

    Raises:
        HeaderRefused: The header has no key column, a column twice, or an unknown one while the
            options refuse that.
    """

    def __init__(
        self,
        columns: Sequence[str],
        overwriting: Overwriting,
        account: Account,
        fields: ContactFields,
        options: SandboxOptions,
    ) -> None:
        writable = {field.id: field for field in fields if not field.read_only}
        places = positions_of(
            columns,
            [EMAIL] if options.require_email else [],
            list(writable),
            refuse_unknown=options.unknown_columns == "refuse",
        )
        if EMAIL not in places and EXTERNAL_ID not in places:
            raise HeaderRefused(Invalid("file", f"A column {EMAIL} or {EXTERNAL_ID} is required."))
        self._width = len(columns)
        self._positions = list(places.values())
        self._email = places.get(EMAIL)
        self._external_id = places.get(EXTERNAL_ID)
        self._rules = [_rule(writable[name], at, options) for name, at in places.items()]
        self._phones = [
            (index, f"+{writable[name].default_country_code or ''}")
            for index, name in enumerate(places)
            if writable[name].type == "phone"
        ]
        self._whole_row = not self._phones and self._positions == list(range(self._width))
        self._by_email = ShelfWriter(account.contacts, tuple(places), overwriting)
        self._by_external_id = ShelfWriter(
            account.contacts_by_external_id, tuple(places), overwriting
        )

    def apply(self, rows: Sequence[Cells]) -> Refusals:
        """Apply the good rows to the account; give the reasons for the others."""
        refused = refusals(rows, self._width, self._rules)
        for index, row in enumerate(rows):
            if index in refused:
                continue
            reason = self._write(row)
            if reason is not None:
                refused[index] = reason
        return refused

    def _write(self, row: Cells) -> str | None:
        cells = row if self._whole_row else self._kept(row)
        if self._external_id is not None and row[self._external_id]:
            return self._by_external_id.write(row[self._external_id], cells)
        if self._email is not None and row[self._email]:
            return self._by_email.write(row[self._email].lower(), cells)
        return f"Neither {EMAIL} nor {EXTERNAL_ID} is filled"

    def _kept(self, row: Cells) -> Cells:
        """Pick the cells of known columns, phones with their country code (documented)."""
        cells = [row[at] for at in self._positions]
        for index, prefix in self._phones:
            if cells[index] and not cells[index].startswith("+"):
                cells[index] = prefix + cells[index]
        return cells


def _rule(field: ContactField, position: int, options: SandboxOptions) -> ColumnRule:
    refuse_blank = options.blank_cells == "refuse" and field.type in _BLANK_REFUSED
    return ColumnRule(
        name=field.id,
        position=position,
        cell=cell_of(field, decimal_comma=options.decimal_comma),
        blank="is blank" if refuse_blank else None,
    )
