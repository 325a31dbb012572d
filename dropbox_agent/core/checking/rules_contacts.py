"""What a file of contacts may hold.

Column names are the ids of contact fields. The system fields and their types are documented (the
API's single-contact resource); that an import takes the same ones is inferred. The set grows over
time: an account's own list, when it is known, counts more than this table.
"""

from collections.abc import Iterable

from dropbox_agent.core.checking import cells
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

SYSTEM_FIELDS: dict[str, Cell | None] = {
    "_email": cells.EMAIL,
    "_externalId": cells.at_most(50),
    "_name": None,
    "_surname": None,
    "_birthdate": cells.DATE,
    "_mobilePhone": cells.PHONE,
    "_points": cells.POSITIVE_INTEGER,
    "_newsletterSubscriptionStatus": cells.one_of("subscribed", "unsubscribed", "none"),
    "_smsSubscriptionStatus": cells.one_of("subscribed", "unsubscribed", "none"),
    "_emailStatus": cells.one_of("active", "bounced", "paused", "banned"),
    "_mobilePhoneStatus": cells.one_of("active", "bounced", "paused"),
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
_TYPES = {
    "boolean": cells.BOOLEAN,
    "date": cells.DATE,
    "decimal": cells.DECIMAL,
    "email": cells.EMAIL,
    "integer": cells.POSITIVE_INTEGER,
    "phone": cells.PHONE,
}


def contacts_rules(fields: Iterable[ContactField] | None) -> KindRules:
    """Return the rules for contacts, from the account's fields where these are known."""
    known = SYSTEM_FIELDS
    read_only = READ_ONLY
    if fields is not None:
        writable = [field for field in fields if not field.read_only]
        read_only |= {field.id for field in fields if field.read_only}
        known = known | {f.id: known.get(f.id) or _cell(f) for f in writable}
    return KindRules(
        kind=Kind.CONTACTS,
        columns=known,
        keys=("_externalId", "_email"),
        read_only=read_only,
        folded_keys=frozenset({"_email"}),
        open_ended=fields is None,
        rules=(EMAIL_COLUMN_MISSING, COLUMN_UNVERIFIED, PARTLY_BLANK),
    )


def _cell(field: ContactField) -> Cell | None:
    if field.options and field.type == "radio":
        return cells.one_of(*field.options)
    if field.options and field.type == "checkbox":
        return cells.some_of(*field.options)
    if field.max_length is not None and field.type == "text":
        return cells.at_most(field.max_length)
    return _TYPES.get(field.type)
