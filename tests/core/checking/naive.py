"""The same checks as a plain loop over rows: slow, obvious, and what the fast way must agree with.

It looks at what comes behind the header, with rules written down anew and not as patterns.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable
from dataclasses import dataclass, field

Found = tuple[str, int | None, str | None]
"""The code, line and column of an issue."""


def is_email(text: str) -> bool:
    """Whether a text is one complete address."""
    if any(c.isspace() or c in '\0,;:<>()[]"\\' for c in text) or text.count("@") != 1:
        return False
    local, domain = text.split("@")
    return all(local.split(".")) and all(domain.split(".")) and "." in domain


def is_date(text: str) -> bool:
    """Whether a text is a day between the years 1000 and 2999."""
    if len(text) != len("1990-12-31") or not text.isascii() or text[0] not in "12":
        return False
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def is_integer(text: str) -> bool:
    """Whether a text is a whole number that begins with 1 to 9."""
    digits = text.removeprefix("-")
    return _is_digits(digits) and digits[0] != "0"


def is_phone(text: str) -> bool:
    """Whether a text is a phone number without spaces."""
    digits = text.removeprefix("+")
    return _is_digits(digits) and 6 <= len(digits) <= 15


def is_price(text: str) -> bool:
    """Whether a text is a number with or without a decimal point."""
    whole, point, decimals = text.partition(".")
    return _is_digits(whole) and (not point or _is_digits(decimals))


def has_decimal_comma(text: str) -> bool:
    """Whether a text is a number with a comma in front of its decimals."""
    whole, comma, decimals = text.partition(",")
    return bool(comma) and _is_digits(whole) and _is_digits(decimals)


def is_url(text: str) -> bool:
    """Whether a text is a web address without spaces."""
    scheme, _, rest = text.partition("://")
    return scheme.lower() in {"http", "https"} and bool(rest) and not _has_gap(rest)


def is_code(text: str) -> bool:
    """Whether a text can be a voucher's code."""
    return bool(text) and not _has_gap(text) and not set(text) & set(",;|")


def _has_gap(text: str) -> bool:
    return any(c.isspace() or c == "\0" for c in text)


FORMS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "_email": ("email-form", is_email),
    "_externalId": ("too-long", lambda text: len(text) <= 50 and "\0" not in text),
    "_birthdate": ("date-form", is_date),
    "_mobilePhone": ("phone-form", is_phone),
    "_points": ("integer-form", is_integer),
    "_emailStatus": (
        "value-not-allowed",
        lambda text: text in {"active", "bounced", "paused", "banned"},
    ),
    "productDetailUrl": ("url-form", is_url),
    "unitPrice": ("decimal-form", is_price),
    "code": ("voucher-form", is_code),
}
DOUBTS: dict[str, tuple[str, Callable[[str], bool]]] = {
    "_points": ("integer-zero", lambda text: text == "0"),
    "unitPrice": ("decimal-comma", has_decimal_comma),
}
UNIFORM = {
    "_birthdate": "values-partly-blank",
    "_mobilePhone": "column-partly-blank",
    "_points": "values-partly-blank",
    "_emailStatus": "values-partly-blank",
}
KEYS = ("_externalId", "_email", "productId", "code")
REQUIRED = ("productDetailUrl", "name", "unitPrice")


@dataclass
class Naive:
    """One run over a file's rows."""

    names: list[str]
    delimiter: str
    rows: int = 0
    records: list[list[str]] = field(default_factory=list)
    found: list[tuple[int, int, str, str | None]] = field(default_factory=list)
    seen: dict[str, dict[str, int]] = field(default_factory=dict)
    filled: dict[str, list[tuple[int, bool]]] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)
    blank: list[int] = field(default_factory=list)
    last_row: int = 0
    cut_off: int = 0

    def run(self, text: str, *, first_line: int) -> list[Found]:
        """Look at all rows of a text that begins in the given line."""
        lines = list(io.StringIO(text, newline=""))
        if lines and not lines[-1].endswith(("\n", "\r")):
            self.cut_off = first_line + len(lines) - 1
        at = 0
        while at < len(lines):
            reader = csv.reader(lines[at:], delimiter=self.delimiter, strict=True)
            start = 0
            try:
                for row in reader:
                    self._row(row, first_line + at + start, first_line + at + reader.line_num - 1)
                    start = reader.line_num
            except csv.Error:
                self._add("quoting-broken", first_line + at + start)
            at += reader.line_num
        self._mixed_columns()
        between = [line for line in self.blank if line < self.last_row]
        if between:
            self._add("blank-lines", between[0])
        return [(code, line, name) for line, _, code, name in sorted(self.found, key=_place)]

    def _row(self, row: list[str], line: int, last_line: int) -> None:
        if not row:
            self.blank.append(line)
            return
        self.rows += 1
        self.records.append(row)
        self.last_row = line
        if len(row) > len(self.names):
            self._add("ragged-row-long", line)
        elif len(row) < len(self.names):
            cut_off = last_line == self.cut_off
            self._add("truncated-last-row" if cut_off else "ragged-row-short", line)
        elif len(row) > 1 and not "".join(row).strip():
            self._add("row-empty", line)
        else:
            self._cells(row, line)

    def _cells(self, row: list[str], line: int) -> None:
        keys = [name for name in self.names if name in KEYS]
        for name, cell in zip(self.names, row, strict=True):
            code, is_good = FORMS.get(name, ("", lambda _: True))
            if [name] == keys and not cell.strip():
                self._add("key-blank", line, name)
            elif name in REQUIRED and not cell.strip():
                self._add("value-blank", line, name)
            elif cell and not is_good(cell):
                self._bad_cell(code, cell, line, name)
            if name in UNIFORM:
                self.filled.setdefault(name, []).append((line, bool(cell)))
            if name in KEYS and cell.strip():
                key = cell.lower() if name == "_email" else cell
                if self.seen.setdefault(name, {}).setdefault(key, line) != line:
                    self._add("key-duplicate", line, name)
        if len(keys) > 1 and not any(row[self.names.index(key)].strip() for key in keys):
            position = min(self.names.index(key) for key in keys)
            self.found.append((line, position, "key-blank", None))

    def _bad_cell(self, code: str, cell: str, line: int, name: str) -> None:
        doubt, is_in_doubt = DOUBTS.get(name, ("", lambda _: False))
        if not is_in_doubt(cell):
            self._add(code, line, name)
        elif doubt not in self.told:
            self.told.add(doubt)
            self._add(doubt, line, name)

    def _mixed_columns(self) -> None:
        for name, rows in self.filled.items():
            changes = [line for line, filled in rows if filled is not rows[0][1]]
            if changes:
                self._add(UNIFORM[name], changes[0], name)

    def _add(self, code: str, line: int, name: str | None = None) -> None:
        self.found.append((line, self.names.index(name) if name else 0, code, name))


def _place(found: tuple[int, int, str, str | None]) -> tuple[int, int, str]:
    return found[:3]
