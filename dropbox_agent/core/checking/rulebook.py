"""Which rules hold for which kind of file, and the list of them all."""

from dropbox_agent.core.checking import cells
from dropbox_agent.core.checking.policy import CheckPolicy
from dropbox_agent.core.checking.rule import Cell, KindRules, Rule
from dropbox_agent.core.checking.rules_compressed import COMPRESSED_RULES
from dropbox_agent.core.checking.rules_contacts import contacts_rules
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
    of_kinds = [rule for rules in DOCUMENTED.values() for rule in rules.rules]
    of_cells = [cell.rule for cell in vars(cells).values() if isinstance(cell, Cell)]
    of_columns = [
        cell.rule for rules in DOCUMENTED.values() for cell in rules.columns.values() if cell
    ]
    return tuple(
        dict.fromkeys(
            [
                *SHARED_RULES,
                *ENCODING_RULES,
                *SENDING_RULES,
                *COMPRESSED_RULES,
                *of_kinds,
                *of_cells,
                *of_columns,
            ]
        )
    )
