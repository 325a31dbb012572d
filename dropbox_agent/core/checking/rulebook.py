"""Which rules hold for which kind of file, and the list of them all."""

from collections.abc import Iterator

from dropbox_agent.core.checking.policy import CheckPolicy
from dropbox_agent.core.checking.rule import KindRules, Rule
from dropbox_agent.core.checking.rules_compressed import COMPRESSED_RULES
from dropbox_agent.core.checking.rules_contacts import CELLS_BY_TYPE, contacts_rules
from dropbox_agent.core.checking.rules_encoding import ENCODING_RULES
from dropbox_agent.core.checking.rules_file import SHARED_RULES
from dropbox_agent.core.checking.rules_products import PRODUCTS_RULES
from dropbox_agent.core.checking.rules_sending import SENDING_RULES
from dropbox_agent.core.checking.rules_vouchers import VOUCHERS_RULES
from dropbox_agent.core.kind import Kind

DOCUMENTED = {
    Kind.CONTACTS: contacts_rules(None),
    Kind.PRODUCTS: PRODUCTS_RULES,
    Kind.VOUCHERS: VOUCHERS_RULES,
}
"""The rules of each kind, without anything that only the account knows."""


def rules_for(kind: Kind, policy: CheckPolicy) -> KindRules:
    """Return the rules of a kind, with what the policy knows of the account."""
    if kind is Kind.CONTACTS and policy.contact_fields is not None:
        return contacts_rules(policy.contact_fields)
    return DOCUMENTED[kind]


def all_rules() -> tuple[Rule, ...]:
    """Return every rule there is: for files of all kinds, for one kind, for single cells."""
    return tuple(dict.fromkeys(rule for rules in grouped_rules().values() for rule in rules))


def grouped_rules() -> dict[str, tuple[Rule, ...]]:
    """Return every rule by what it is about; those of common cells stand in more than one group."""
    return {
        "file": SHARED_RULES,
        "encoding": ENCODING_RULES,
        "compressed": COMPRESSED_RULES,
        **{kind.value: tuple(dict.fromkeys(_of(kind))) for kind in Kind},
        "sending": SENDING_RULES,
    }


def _of(kind: Kind) -> Iterator[Rule]:
    rules = DOCUMENTED[kind]
    yield from rules.rules
    by_account = CELLS_BY_TYPE.values() if kind is Kind.CONTACTS else ()
    for cell in (*rules.columns.values(), *by_account):
        if cell is not None:
            yield cell.rule
            yield from filter(None, (cell.uniform,))
            yield from (doubt.rule for doubt in cell.doubts)
