"""What a file of contacts may hold.

Column names are the ids of contact fields. The system fields and their types are documented (the
API's single-contact resource); that an import takes the same ones is inferred. The set grows over
time: an account's own list, when it is known, counts more than this table.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from dropbox_agent.core.checking import cells
from dropbox_agent.core.checking.choices import (
    LABEL_INSTEAD_OF_OPTION,
    one_option,
    some_options,
)
from dropbox_agent.core.checking.naming import plain_name
from dropbox_agent.core.checking.policy import ContactField
from dropbox_agent.core.checking.rule import Cell, KindRules, Rule
from dropbox_agent.core.issue import Severity
from dropbox_agent.core.kind import Kind

EMAIL_COLUMN_MISSING = Rule(
    "email-column-missing",
    Severity.WARNING,
    "The file has no column _email; contacts are told apart by _externalId alone.",
    "This works when the account knows these external ids. Contacts that were made by e-mail"
    " are not found this way and would be made a second time.",
    "documented (external id); the API page still says that _email is required",
)
COLUMN_UNVERIFIED = Rule(
    "column-unverified",
    Severity.WARNING,
    "It cannot be told from here whether the account has these contact fields: {columns}.",
    "Make sure that these are ids of contact fields, letter for letter (in Connectif: Contacts,"
    " Contact fields).",
    "documented (column names are field ids)",
)
PARTLY_BLANK = Rule(
    "column-partly-blank",
    Severity.WARNING,
    "Column {column} is filled in some rows and blank in others; it changes in line {line}.",
    "Connectif says that a phone column must be filled for all contacts of a file or for none."
    " If rows are refused, put the contacts without a phone into a file without the column.",
    "documented (importing contacts); what happens to such rows is not",
)
OTHERS_PARTLY_BLANK = Rule(
    "values-partly-blank",
    Severity.WARNING,
    "Column {column} is filled in some rows and blank in others; it changes in line {line}.",
    "Connectif used to say, and says no more, that columns of dates, numbers and single choices"
    " must be filled for all contacts of a file or for none. If rows are refused, put the"
    " contacts without a value into a file without the column.",
    "documented in older editions only (importing contacts)",
)


def _all_or_none(cell: Cell, rule: Rule = OTHERS_PARTLY_BLANK) -> Cell:
    return replace(cell, uniform=rule)


_DATE = _all_or_none(cells.DATE)
_INTEGER = _all_or_none(cells.POSITIVE_INTEGER)
_PHONE = _all_or_none(cells.PHONE, PARTLY_BLANK)
_SUBSCRIPTION = _all_or_none(cells.one_of("subscribed", "unsubscribed", "none"))

CONTACTS_ONLY = (
    EMAIL_COLUMN_MISSING,
    COLUMN_UNVERIFIED,
    PARTLY_BLANK,
    OTHERS_PARTLY_BLANK,
    LABEL_INSTEAD_OF_OPTION,
)
KEYS = ("_externalId", "_email")

SYSTEM_FIELDS: dict[str, Cell | None] = {
    "_email": cells.EMAIL,
    "_externalId": cells.at_most(50),
    "_name": None,
    "_surname": None,
    "_birthdate": _DATE,
    "_mobilePhone": _PHONE,
    "_points": _INTEGER,
    "_newsletterSubscriptionStatus": _SUBSCRIPTION,
    "_smsSubscriptionStatus": _SUBSCRIPTION,
    "_emailStatus": _all_or_none(cells.one_of("active", "bounced", "paused", "banned")),
    "_mobilePhoneStatus": _all_or_none(cells.one_of("active", "bounced", "paused")),
}
READ_ONLY = frozenset(
    {
        "id",
        "_averagePurchasesAmount",
        "_churnRate",
        "_clv",
        "_createdAt",
        "_emailBouncedReason",
        "_emailLastBouncedDate",
        "_emailLastSoftBounceDate",
        "_emailLastUnsubscribedDate",
        "_emailLastUnsubscribedIp",
        "_emailSoftBounces",
        "_expectedPurchases",
        "_firstPurchaseDate",
        "_frequency",
        "_hasPushSubscriptions",
        "_isAnonymous",
        "_lastPurchaseDate",
        "_monetary",
        "_pAlive",
        "_recency",
        "_rfm",
        "_totalPurchases",
        "_totalPurchasesAmount",
        "_updatedAt",
    }
)
CELLS_BY_TYPE = {
    "boolean": cells.OPEN_BOOLEAN,
    "date": _DATE,
    "decimal": _all_or_none(cells.DECIMAL),
    "email": cells.EMAIL,
    "integer": _INTEGER,
    "phone": _PHONE,
}


def contacts_rules(fields: Iterable[ContactField] | None) -> KindRules:
    """Return the rules for contacts, from the account's fields where these are known."""
    told = {field.id: field for field in fields or ()}
    closed = {each for each, field in told.items() if field.read_only} - set(KEYS)
    writable = {each: _cell(field) for each, field in told.items() if each not in closed}
    documented = {each: cell for each, cell in SYSTEM_FIELDS.items() if each not in closed}
    return KindRules(
        kind=Kind.CONTACTS,
        columns=documented | writable,
        keys=KEYS,
        read_only=(READ_ONLY | closed) - writable.keys(),
        folded_keys=frozenset({"_email"}),
        open_ended=fields is None,
        known_as=_ids_by_name(told[each] for each in writable),
        rules=CONTACTS_ONLY,
    )


def _cell(field: ContactField) -> Cell | None:
    """Describe the cells of a field: what the account says of it, or else what is documented."""
    if field.options and field.type == "radio":
        return _all_or_none(one_option(field))
    if field.options and field.type == "checkbox":
        return some_options(field)
    if field.max_length is not None and field.type == "text":
        return cells.at_most(field.max_length)
    return CELLS_BY_TYPE.get(field.type) or SYSTEM_FIELDS.get(field.id)


def _ids_by_name(fields: Iterable[ContactField]) -> dict[str, str]:
    """Index fields by the plain form of the names that people see, where these are unique."""
    pairs = [(plain_name(field.name), field.id) for field in fields]
    names = Counter(name for name, _ in pairs)
    return {name: each for name, each in pairs if name and names[name] == 1}
