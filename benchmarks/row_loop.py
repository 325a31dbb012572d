"""The careful bare loop over ``csv.reader`` that our check has to keep up with, and agree with.

It does the same checks of rows in the obvious way, one row and one cell at a time, with a set of
keys and compiled patterns. It shares no code with the agent; its rules are written down anew. What
it leaves out (the header, other encodings, the hash, cutting into parts) is to its advantage.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO, NamedTuple

MOST_LISTED = 1_000
LONGEST_CELL = 1_000_000

_ADDRESS = re.compile(r"([^\s@.,;:<>()\[\]\"\\]+\.)*[^\s@.,;:<>()\[\]\"\\]+"
                      r"@[^\s@.,;:<>()\[\]\"\\]+(\.[^\s@.,;:<>()\[\]\"\\]+)+")  # fmt: skip
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}"
    r"(T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?(Z|[+-]([01][0-9]|2[0-3]):?[0-5][0-9])?)?"
)

Check = Callable[[str], object]


class Doubt(NamedTuple):
    """What is told once for a column, and is no fault of a row."""

    code: str
    applies: Check


class Form(NamedTuple):
    """What a cell that is not blank has to look like."""

    code: str
    is_good: Check
    doubt: Doubt | None = None


class Found(NamedTuple):
    """One issue: where it sorts, and what it is."""

    line: int
    position: int
    code: str
    column: str | None


@dataclass
class Report:
    """What the loop found."""

    rows: int = 0
    totals: Counter[str] = field(default_factory=Counter)
    listed: list[Found] = field(default_factory=list)

    def add(self, code: str, line: int, position: int = 0, column: str | None = None) -> None:
        """Count an issue, and list it if it is one of the first."""
        self.totals[code] += 1
        if len(self.listed) < MOST_LISTED:
            self.listed.append(Found(line, position, code, column))


def _pattern(text: str) -> Check:
    return re.compile(text).fullmatch


def is_day(text: str) -> bool:
    """Whether a text is a day of the calendar."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_moment(text: str) -> bool:
    """Whether a text is a day, or one with a time."""
    return bool(_MOMENT.fullmatch(text)) and is_day(text[:10])


_COMMA = "decimal-comma"
_URL = _pattern(r"[Hh][Tt][Tt][Pp][Ss]?://\S+")
_SUBSCRIPTION = Form(
    "value-not-allowed", frozenset({"subscribed", "unsubscribed", "none"}).__contains__
)
_PRICE = Form(
    "decimal-form", _pattern(r"[0-9]+(\.[0-9]+)?"), Doubt(_COMMA, _pattern("[0-9]+,[0-9]+"))
)
_INTEGER = Form("integer-form", _pattern("0|-?[1-9][0-9]*"))
_LIST = Form("list-form", _pattern(r"[^|]+(\|[^|]+)*"))
FORMS = {
    "_email": Form("email-form", _ADDRESS.fullmatch),
    "_externalId": Form("too-long", lambda text: len(text) <= 50),  # noqa: PLR2004 - the rule
    "_birthdate": Form("date-form", is_day),
    "_mobilePhone": Form("phone-form", _pattern(r"\+?[0-9]{6,15}")),
    "_points": Form(
        "integer-form", _pattern("-?[1-9][0-9]*"), Doubt("integer-zero", _pattern("0"))
    ),
    "_newsletterSubscriptionStatus": _SUBSCRIPTION,
    "_smsSubscriptionStatus": _SUBSCRIPTION,
    "_emailStatus": Form("value-not-allowed", _pattern("active|bounced|paused|banned")),
    "_mobilePhoneStatus": Form("value-not-allowed", _pattern("active|bounced|paused")),
    "productDetailUrl": Form(
        "url-form",
        _pattern(r"[Hh][Tt][Tt][Pp][Ss]?://(?!\S*%[0-9A-Fa-f]{2})\S+"),
        Doubt("url-encoded", _URL),
    ),
    "unitPrice": _PRICE,
    "imageUrl": Form("url-form", _URL),
    "thumbnailUrl": Form("url-form", _URL),
    "categories": _LIST,
    "tags": _LIST,
    "relatedExternalProductIds": _LIST,
    "ratingCount": _INTEGER,
    "reviewCount": _INTEGER,
    "priority": _INTEGER,
    "inStockUnits": _INTEGER,
    "rating": Form(
        "rating-range",
        _pattern(r"[0-4](\.[0-9]+)?|5(\.0+)?"),
        Doubt(_COMMA, _pattern("[0-4],[0-9]+")),
    ),
    "unitPriceOriginal": _PRICE,
    "unitPriceWithoutVAT": _PRICE,
    "discountedPercentage": Form(
        "percentage-range",
        _pattern(r"100(\.0+)?|[0-9]{1,2}(\.[0-9]+)?"),
        Doubt(_COMMA, _pattern("[0-9]{1,2},[0-9]+")),
    ),
    "discountedAmount": Form(
        "decimal-form", _pattern(r"-?[0-9]+(\.[0-9]+)?"), Doubt(_COMMA, _pattern("-?[0-9]+,[0-9]+"))
    ),
    "publishedAt": Form("date-time-form", is_moment),
    "availability": Form("value-not-allowed", _pattern("instock|outofstock")),
    "isBlacklisted": Form("value-not-allowed", _pattern("true|false")),
    "code": Form("voucher-form", _pattern(r"[^\s,;|]+")),
}
ALL_OR_NONE = {
    "_birthdate": "values-partly-blank",
    "_mobilePhone": "column-partly-blank",
    "_points": "values-partly-blank",
    "_newsletterSubscriptionStatus": "values-partly-blank",
    "_smsSubscriptionStatus": "values-partly-blank",
    "_emailStatus": "values-partly-blank",
    "_mobilePhoneStatus": "values-partly-blank",
}
KEYS = ("_email", "_externalId", "productId", "code")
REQUIRED = ("productDetailUrl", "name", "unitPrice")
FOLDED = ("_email",)
DISCOUNT = ("unitPriceOriginal", "unitPrice", "discountedAmount")


def check(file: BinaryIO) -> Report:
    """Check all rows of a file whose header is known to be good."""
    csv.field_size_limit(LONGEST_CELL)
    text = io.TextIOWrapper(file, "utf-8-sig", newline="")
    delimiter = ";" if ";" in text.readline() else ","
    text.seek(0)
    lines = iter(text)
    names = next(csv.reader(lines, delimiter=delimiter, strict=True))
    loop = _Loop(names)
    line = 2
    while True:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        start = line
        try:
            for row in reader:
                loop.row(row, line)
                line = start + reader.line_num
            break
        except csv.Error:
            loop.report.add("quoting-broken", line)
            loop.last_is_broken = True
            line = start + reader.line_num
    text.detach()
    file.seek(-1, io.SEEK_END)
    return loop.finished(cut_off=file.read() not in b"\r\n")


class _Loop:
    """The rows seen so far."""

    def __init__(self, names: list[str]) -> None:
        self.report = Report()
        self.last_is_broken = False
        self._names = names
        self._width = len(names)
        self._keys = [
            (names.index(key), key, set[str](), key in FOLDED) for key in KEYS if key in names
        ]
        only_key = self._keys[0][1] if len(self._keys) == 1 else None
        self._must = [
            (names.index(name), name, "key-blank" if name == only_key else "value-blank")
            for name in (*REQUIRED, only_key)
            if name in names
        ]
        self._forms = [
            (position, name, FORMS[name].is_good)
            for position, name in enumerate(names)
            if name in FORMS
        ]
        self._mixed: list[tuple[int, bool | None]] = [
            (names.index(name), None) for name in ALL_OR_NONE if name in names
        ]
        self._discount = [names.index(name) for name in DISCOUNT if set(DISCOUNT) <= set(names)]
        self._in_doubt: set[str] = set()
        self._blank: list[int] = []
        self._last = (0, 0)

    def row(self, row: list[str], line: int) -> None:  # noqa: C901, PLR0912 - calls would slow it
        """Check one row, which begins in the given line."""
        self.last_is_broken = False
        if not row:
            self._blank.append(line)
            return
        self.report.rows += 1
        self._last = (line, len(row))
        if len(row) != self._width:
            code = "ragged-row-long" if len(row) > self._width else "ragged-row-short"
            self.report.add(code, line)
            return
        has_key = False
        for position, name, seen, folded in self._keys:
            key = row[position]
            if key.strip():
                has_key = True
                key = key.lower() if folded else key
                if key in seen:
                    self.report.add("key-duplicate", line, position, name)
                else:
                    seen.add(key)
        if not has_key:
            if self._width > 1 and not "".join(row).strip():
                self.report.add("row-empty", line)
                return
            if len(self._keys) > 1:
                self.report.add("key-blank", line, min(key[0] for key in self._keys))
        for position, name, code in self._must:
            if not row[position].strip():
                self.report.add(code, line, position, name)
        for position, name, is_good in self._forms:
            cell = row[position]
            if cell and not is_good(cell):
                self._bad_cell(cell, line, position, name)
        for position, was_filled in self._mixed:
            if bool(row[position]) is not was_filled:
                self._see_whether_filled(row[position], line, position)
        if self._discount:
            self._compare_prices(row, line)

    def finished(self, *, cut_off: bool) -> Report:
        """Tell of what can only be known at the end."""
        line, width = self._last
        if cut_off and width < self._width and not self.last_is_broken:
            self.report.totals["ragged-row-short"] -= 1
            self.report.listed = [
                each._replace(code="truncated-last-row")
                if each.line == line and each.code == "ragged-row-short"
                else each
                for each in self.report.listed
            ]
            self.report.totals["truncated-last-row"] += 1
        if self._blank and self._blank[0] < line:
            self.report.add("blank-lines", self._blank[0])
        self.report.listed.sort(key=lambda each: each[:3])
        return self.report

    def _bad_cell(self, cell: str, line: int, position: int, name: str) -> None:
        form = FORMS[name]
        is_required = any(position == each[0] for each in self._must)
        if is_required and not cell.strip():
            return
        if form.doubt is None or not form.doubt.applies(cell):
            self.report.add(form.code, line, position, name)
        elif name not in self._in_doubt:
            self._in_doubt.add(name)
            self.report.add(form.doubt.code, line, position, name)

    def _see_whether_filled(self, cell: str, line: int, position: int) -> None:
        others = [each for each in self._mixed if each[0] != position]
        if (position, None) in self._mixed:
            self._mixed = [*others, (position, bool(cell))]
        else:
            self._mixed = others
            name = self._names[position]
            self.report.add(ALL_OR_NONE[name], line, position, name)

    def _compare_prices(self, row: list[str], line: int) -> None:
        cells = [row[position] for position in self._discount]
        try:
            original, price, discount = map(float, cells)
        except ValueError:
            return
        if abs(original - price - discount) >= 0.005:  # noqa: PLR2004 - half a cent
            self.report.add("discount-differs", line)
