"""What a file of vouchers may hold: one column, ``code`` (documented)."""

from dropbox_agent.core.checking.rule import Cell, KindRules, Rule
from dropbox_agent.core.issue import Severity
from dropbox_agent.core.kind import Kind

SET_LIMIT = 500_000

TOO_MANY_CODES = Rule(
    "too-many-codes",
    Severity.ERROR,
    f"The file has {{rows}} codes; a voucher set takes {SET_LIMIT:,}.",
    "Cut the file up, and make a further set in Connectif for the rest of the codes.",
    "documented (change history, January 2026); what happens beyond the limit is not",
)
_CODE = Cell(
    Rule(
        "voucher-form",
        Severity.WARNING,
        "The code contains a space, comma, semicolon, tab or bar.",
        "Write one code per line and nothing else. Connectif does not say which characters codes"
        " may have; a shop's checkout would probably not find this one.",
        "inferred: the documentation says nothing of the form of codes",
    ),
    r"[^\s\0,;|]++",
)

VOUCHERS_RULES = KindRules(
    kind=Kind.VOUCHERS,
    columns={"code": _CODE},
    keys=("code",),
    rules=(TOO_MANY_CODES,),
)
