"""The page of the documentation that lists every rule, made from the rules themselves."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.checking.rulebook import grouped_rules
from dropbox_agent.core.issue import Severity

_INTRODUCTION: Final = """\
<!-- Made by: python -m dropbox_agent.cli.rules_page > docs/checks.md -->
# What is checked

Before a file is sent, all of it is read, and everything that is wrong with it is told at once: in
the report, and by `dropbox-agent check FILE`, which sends nothing. Each fault has a code, by which
you find it here, the line in your file, the column, and what to do.

| effect | means |
|---|---|
| **rejects** | The file is not sent: importing it would be impossible or dangerous. |
| row | The row is faulty. The file is sent and Connectif decides about the row, unless `AGENT_ROW_FAULTS` says otherwise. |
| note | You should know. Either something is left out or written otherwise in what is sent, or Connectif's documentation leaves open what becomes of it. It never counts as a fault of a row. |

*Documented* rules stand in Connectif's own documentation, *inferred* ones follow from it or from the
usual form of CSV files. Where you see …, the report names what was found.

There are {count} rules.
"""  # noqa: E501 - rows of a table cannot be broken

_GROUPS: Final = {
    "file": ("All files", "The file as a whole, its header, and its rows, whatever they are."),
    "encoding": (
        "Encoding",
        (
            "Which bytes stand for which letters. UTF-8 is taken as it is, and UTF-16 where it"
            " begins with a byte-order mark; other encodings where they are declared."
        ),
    ),
    "compressed": ("Compressed files", "Files whose names end in `.csv.gz` or `.zip`."),
    "contacts": (
        "Contacts",
        (
            "Where the key may read the account's contact fields, their types, options and lengths"
            " are checked by the same rules."
        ),
    ),
    "products": ("Products", "The columns have exactly the names that Connectif documents."),
    "vouchers": (
        "Vouchers",
        (
            "One column, `code`. The coupon set is looked up too, where the key may do that:"
            " `coupon-set-missing`, `coupon-set-unknown`, `coupon-set-single` and"
            " `coupon-set-ambiguous` say what is wrong with it."
        ),
    ),
    "sending": (
        "What is sent in place of the file",
        "Nothing is changed in silence. Values never are, and the archived file stays as it was.",
    ),
}
_FILLED_IN: Final = re.compile(r"\{\w+[^}]*\}")
_AT_HAND: Final = "The report says what to do in the case at hand."


def rules_page() -> str:
    """Return all rules as a Markdown page, grouped by what they are about."""
    groups = grouped_rules()
    codes = {rule.code for rules in groups.values() for rule in rules}
    parts = [_INTRODUCTION.format(count=len(codes))]
    for group, rules in groups.items():
        title, about = _GROUPS[group]
        parts.append(f"\n## {title}\n\n{about}\n\n{_table(rules)}")
    return "".join(parts)


def _table(rules: Iterable[Rule]) -> str:
    by_code: dict[str, list[Rule]] = {}
    for rule in rules:
        by_code.setdefault(rule.code, []).append(rule)
    lines = ["| code | what is told | what to do | effect | how certain |", "|---|---|---|---|---|"]
    lines += [_row(code, alike) for code, alike in by_code.items()]
    return "\n".join(lines) + "\n"


def _row(code: str, alike: Sequence[Rule]) -> str:
    """Write one line for all rules of a code, which differ in what they list."""
    told = (
        " / ".join(dict.fromkeys(shown_rule_text(text) for text in texts))
        for texts in (
            [rule.message for rule in alike],
            [rule.hint for rule in alike],
            [effect(rule) for rule in alike],
            [rule.source for rule in alike],
        )
    )
    return f"| `{code}` | {' | '.join(told)} |"


def shown_rule_text(text: str) -> str:
    """Write a message or hint without what is filled in, fit for a table."""
    plain = _FILLED_IN.sub("…", text).replace("|", "\\|").replace("<", "&lt;")
    return _AT_HAND if plain == "…" else plain


def effect(rule: Rule) -> str:
    """Say in a word what the breach of a rule leads to."""
    if rule.severity is Severity.ERROR:
        return "**rejects**"
    return "row" if rule.per_row else "note"
