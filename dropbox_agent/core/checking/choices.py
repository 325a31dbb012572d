"""Cells of contact fields with options: they hold ids, where people tend to write labels."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from dropbox_agent.core.checking import cells
from dropbox_agent.core.checking.policy import ContactField
from dropbox_agent.core.checking.rule import Cell, Rule, Wording, quoted
from dropbox_agent.core.issue import Severity

LABEL_INSTEAD_OF_OPTION = Rule(
    "label-instead-of-option",
    Severity.WARNING,
    "Column {column} holds the label of an option; the import needs its id.",
    "Write the option's id in place of its label.",
    "documented (contact fields: cells carry ids); that labels are refused is inferred",
    per_row=True,
)
BETWEEN_OPTIONS = "|"


class _Option(NamedTuple):
    """One option: what a cell must hold, and what people call it."""

    id: str
    label: str


def one_option(field: ContactField) -> Cell:
    """Describe a cell that holds the id of one option."""
    return replace(cells.one_of(*field.options), slip=_slip(field))


def some_options(field: ContactField) -> Cell:
    """Describe a cell that holds ids of options, joined by ``|``."""
    return replace(cells.some_of(*field.options), slip=_slip(field, BETWEEN_OPTIONS))


def _slip(field: ContactField, between: str | None = None) -> Callable[[str], Rule | None] | None:
    """Return what recognises the labels of a field's options, also among ids.

    The messages name labels and ids as the account has them, never a cell.
    """
    labelled = _labelled(field)
    if not labelled:
        return None
    by_label = {key: _one_label(each) for key, each in labelled.items()}
    several = _several_labels(labelled.values())

    def slip(text: str) -> Rule | None:
        items = text.split(between) if between else [text]
        labels = {_plain(item) for item in items if item not in field.options}
        if not labelled.keys() >= labels:
            return None
        return by_label[labels.pop()] if len(labels) == 1 else several

    return slip


def _labelled(field: ContactField) -> dict[str, _Option]:
    """Index options by the plain form of their labels, where these mean one option only."""
    options = [_Option(*each) for each in zip(field.options, field.labels, strict=False)]
    labels = Counter(_plain(each.label) for each in options)
    found = {_plain(each.label): each for each in options if labels[_plain(each.label)] == 1}
    others = {_plain(each): each for each in field.options}
    return {
        label: option
        for label, option in found.items()
        if label and others.get(label, option.id) == option.id
    }


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _one_label(option: _Option) -> Rule:
    label, option_id = cells.listed([quoted(option.label)]), cells.listed([option.id])
    return replace(
        LABEL_INSTEAD_OF_OPTION,
        message=f"Column {{column}} holds the label of an option, {label}; the import needs its "
        "id.",
        hint=f"Write {option_id} in place of the label. Capitals count.",
        discreet=Wording(LABEL_INSTEAD_OF_OPTION.message, LABEL_INSTEAD_OF_OPTION.hint),
    )


def _several_labels(options: Iterable[_Option]) -> Rule:
    pairs = [f"{each.id} for {quoted(each.label)}" for each in options]
    return replace(
        LABEL_INSTEAD_OF_OPTION,
        message="Column {column} holds labels of options; the import needs their ids.",
        hint=f"Write {cells.listed(pairs)}, joined by |. Capitals count.",
        discreet=Wording(LABEL_INSTEAD_OF_OPTION.message, LABEL_INSTEAD_OF_OPTION.hint),
    )
