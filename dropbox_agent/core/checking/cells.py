"""What single cells may hold: one pattern and one rule for each kind of value.

How certain each is stands in its ``source``. All are warnings: the server decides about rows.
What the documentation leaves open is no fault of a row: it is told once for a whole column.
"""

import re
from collections.abc import Sequence

from dropbox_agent.core.checking.rule import Cell, Doubt, Rule
from dropbox_agent.core.issue import Severity

_EMAIL_WORD = r"[^\s\0@.,;:<>()\[\]\"\\]++"
_EMAIL = rf"{_EMAIL_WORD}(?:\.{_EMAIL_WORD})*+@{_EMAIL_WORD}(?:\.{_EMAIL_WORD})++"

_LEAP_YEAR = r"(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|(?:1[26]|2[048])00)"  # 1900 was none
_DATE = (
    r"(?:[12][0-9]{3}-(?:"
    r"(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"  # nearly all days, so they are tried first
    r"|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31"
    rf")|{_LEAP_YEAR}-02-29)"
)
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]++)?+)?+"
_ZONE = r"(?:Z|[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])"
_DECIMALS = r"(?:\.[0-9]++)?+"
_COMMA_DECIMALS = r"(?:(?=[^\0]),[0-9]++)"  # within a row, no comma that separates cells

_MOST_LISTED = 20
"""How many values a hint lists; a field may have 120 (documented)."""


def _warning(code: str, message: str, hint: str, source: str) -> Rule:
    return Rule(code, Severity.WARNING, message, hint, source, per_row=True)


DECIMAL_COMMA = Rule(
    "decimal-comma",
    Severity.WARNING,
    "Column {column} holds decimals with a comma, first in line {line}.",
    "Connectif's pages show both 20.99 and 35,56, and do not say which one an import takes. A"
    " point is the safer one; nothing is changed by the agent.",
    "documented both ways (contact fields: comma; product import: point)",
)
INTEGER_ZERO = Rule(
    "integer-zero",
    Severity.WARNING,
    "Column {column} holds 0, first in line {line}.",
    "One of Connectif's pages takes 0 for a good value, another wants whole numbers to begin"
    " with 1 to 9. If such rows are refused, leave the cell blank or the column out.",
    "documented both ways (contact fields; importing contacts)",
)
BOOLEAN_FORM = Rule(
    "boolean-form",
    Severity.WARNING,
    "Column {column} holds something else than true or false, first in line {line}.",
    "Connectif shows true and false for products, and nothing for contacts. If such rows are"
    " refused, write true or false in small letters.",
    "inferred from product import",
)
URL_ENCODED = Rule(
    "url-encoded",
    Severity.WARNING,
    "Column {column} holds web addresses with encoded characters such as %20, first in line"
    " {line}.",
    "Connectif wants the address of a product's page unencoded, as visitors' browsers show it;"
    " otherwise it may not be recognised. It does not say what becomes of others.",
    "documented (product import: unencoded); what an import does otherwise is not",
)


EMAIL = Cell(
    _warning(
        "email-form",
        "Column {column} does not hold a complete e-mail address.",
        "Write one address such as ana@example.com, without spaces, name or brackets.",
        "documented (contact fields: full address); the exact form is inferred",
    ),
    _EMAIL,
)
PHONE = Cell(
    _warning(
        "phone-form",
        "Column {column} does not hold a phone number as the import needs it.",
        "Write digits only, with or without a leading + and country code: +34651234567.",
        "documented (importing contacts, contact fields)",
    ),
    r"\+?+[0-9]{6,15}+",
)
DATE = Cell(
    _warning(
        "date-form",
        "Column {column} does not hold a date of the calendar written as yyyy-mm-dd.",
        "Write dates as 1990-12-31. Spreadsheets like to change them: set the column to text.",
        "documented (contact fields)",
    ),
    _DATE,
)
DATE_TIME = Cell(
    _warning(
        "date-time-form",
        "Column {column} does not hold a date and time in ISO 8601 form.",
        "Write it as 2021-03-15T00:00:00Z.",
        "documented (product import)",
    ),
    rf"{_DATE}(?:T{_TIME}{_ZONE}?+)?+",
)
POSITIVE_INTEGER = Cell(
    _warning(
        "integer-form",
        "Column {column} does not hold a whole number that begins with 1 to 9.",
        "Write digits only, without leading zeros, point, comma or unit.",
        "documented (importing contacts)",
    ),
    r"-?+[1-9][0-9]*+",
    doubts=(Doubt(INTEGER_ZERO, "0"),),
)
INTEGER = Cell(
    _warning(
        "integer-form",
        "Column {column} does not hold a whole number.",
        "Write digits only, without leading zeros, point, comma or unit.",
        "documented (product import); no leading zeros is inferred",
    ),
    r"(?:0|-?+[1-9][0-9]*+)",
)
DECIMAL = Cell(
    _warning(
        "decimal-form",
        "Column {column} does not hold a number with a decimal point.",
        "Write 1234.50: a point before the decimals, no comma, no currency, no unit.",
        "documented (product import, contact fields)",
    ),
    rf"-?+[0-9]++{_DECIMALS}",
    doubts=(Doubt(DECIMAL_COMMA, rf"-?+[0-9]++{_COMMA_DECIMALS}"),),
)
PRICE = Cell(
    DECIMAL.rule,
    rf"[0-9]++{_DECIMALS}",
    doubts=(Doubt(DECIMAL_COMMA, rf"[0-9]++{_COMMA_DECIMALS}"),),
)
RATING = Cell(
    _warning(
        "rating-range",
        "Column {column} does not hold a rating from 0 to 5.",
        "Write a number such as 4.5, with a decimal point; convert other scales to 0 to 5.",
        "documented for the product tag; inferred for imports",
    ),
    rf"(?:[0-4]{_DECIMALS}|5(?:\.0++)?+)",
    doubts=(Doubt(DECIMAL_COMMA, rf"[0-4]{_COMMA_DECIMALS}"),),
)
PERCENTAGE = Cell(
    _warning(
        "percentage-range",
        "Column {column} does not hold a percentage from 0 to 100.",
        "Write the number alone, without a % sign: 15 or 12.5.",
        "documented (product import)",
    ),
    rf"(?:100(?:\.0++)?+|[0-9]{{1,2}}{_DECIMALS})",
    doubts=(Doubt(DECIMAL_COMMA, rf"[0-9]{{1,2}}{_COMMA_DECIMALS}"),),
)
URL = Cell(
    _warning(
        "url-form",
        "Column {column} does not hold a complete web address.",
        "Write the whole address, beginning with https://, without spaces.",
        "documented (product import: URLs); the exact form is inferred",
    ),
    r"[Hh][Tt][Tt][Pp][Ss]?+://[^\s\0]++",
)
PAGE_URL = Cell(
    URL.rule,
    r"[Hh][Tt][Tt][Pp][Ss]?+://(?=[^\s\0])[^\s\0%]*+(?:%(?![0-9A-Fa-f]{2})[^\s\0%]*+)*+",
    doubts=(Doubt(URL_ENCODED, URL.pattern),),
)
ITEMS = Cell(
    _warning(
        "list-form",
        "Column {column} holds a list with an empty item.",
        "Separate items by a single |, with none at the beginning or end.",
        "documented (items joined by |); that empty items do harm is inferred",
    ),
    r"[^|\0]++(?:\|[^|\0]++)*+",
)


def one_of(*values: str) -> Cell:
    """Describe a cell that holds one of a few fixed values."""
    return Cell(
        _warning(
            "value-not-allowed",
            "Column {column} holds a value it does not take.",
            f"Write one of: {listed(values)}. Capitals count.",
            "documented (contact and product fields)",
        ),
        _alternatives(values),
    )


def some_of(*values: str) -> Cell:
    """Describe a cell that holds any of a few fixed values, joined by ``|``."""
    item = _alternatives(values)
    return Cell(one_of(*values).rule, rf"{item}(?:\|{item})*")


def at_most(length: int) -> Cell:
    """Describe a text of limited length, in characters."""
    return Cell(
        _warning(
            "too-long",
            f"Column {{column}} holds more than {length} characters.",
            f"Shorten it to {length} characters.",
            "documented (contact fields, external id)",
        ),
        rf"[^\0]{{1,{length}}}+",
    )


def _alternatives(values: tuple[str, ...]) -> str:
    return "(?:" + "|".join(map(_literal, values)) + ")"


def _literal(value: str) -> str:
    """Write the pattern of one value; within a row it must not reach beyond its cell."""
    within_cell = rf"(?=[^\0]{{{len(value)}}})" if set(value) & set(",;\n") else ""
    return within_cell + re.escape(value)


def listed(words: Sequence[str]) -> str:
    """Write the first of some words one after the other, fit for the text of a rule."""
    more = len(words) - _MOST_LISTED
    shown = [each if each.isprintable() else ascii(each) for each in words[:_MOST_LISTED]]
    text = ", ".join(shown) + (f" and {more} more" if more > 0 else "")
    return text.replace("{", "{{").replace("}", "}}")


BOOLEAN = one_of("true", "false")
OPEN_BOOLEAN = Cell(BOOLEAN.rule, BOOLEAN.pattern, doubts=(Doubt(BOOLEAN_FORM, r"[^\0]++"),))
