"""What a rule is made of; the rules themselves stand in the ``rules_*`` modules, as data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from dropbox_agent.core.issue import Issue, Severity
from dropbox_agent.core.kind import Kind

_LONGEST_NAME = 60


class Wording(NamedTuple):
    """What a rule says, and its hint."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One thing that can be wrong. Two rules are equal only when they are the same object.

    Attributes:
        code: A stable kebab-case name.
        severity: Whether a breach keeps the file from being sent.
        message: What is wrong; words in braces are filled in.
        hint: What to do about it; likewise.
        source: Where the rule comes from, and how certain it is.
        per_row: Whether it concerns single rows, so that the policy for row faults applies.
        discreet: The same without anything that stands in a row; None where that is so anyhow.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    source: str
    per_row: bool = False
    discreet: Wording | None = None

    def issue(
        self,
        *,
        line: int | None,
        column: str | None,
        words: Mapping[str, object],
        quotes_rows: bool = True,
    ) -> Issue:
        """Tell of one breach.

        Args:
            line: The physical line.
            column: The header of the column.
            words: What is to be filled in.
            quotes_rows: Whether anything out of a row may be shown.
        """
        said = Wording(self.message, self.hint)
        if self.discreet and not quotes_rows:
            said = self.discreet
        shown = {"line": line, "column": quoted(column or ""), **words}
        return Issue(
            code=self.code,
            severity=self.severity,
            message=said.message.format_map(shown),
            hint=said.hint.format_map(shown),
            line=line,
            column=column,
        )


@dataclass(frozen=True, slots=True)
class Doubt:
    """Cells of which the documentation does not say whether they are good.

    One of them is no fault of its row. So it is told once, for all of the column.

    Attributes:
        rule: What to say when there is one.
        pattern: Regular expression of such a cell, as for a ``Cell``.
    """

    rule: Rule
    pattern: str


@dataclass(frozen=True, slots=True)
class Cell:
    """What a filled cell must look like.

    Attributes:
        rule: What to say of a cell that does not.
        pattern: Regular expression of a good cell. Its repeats are possessive, so that no value
            can make it slow, and "any character" is written as a negated class (never as a
            dot), because within a whole row such a class must also stop at delimiters.
        uniform: The rule that a column breaks which is filled in some rows and blank in others;
            None where that does not matter.
        doubts: What may be good as well.
        slip: Recognises in a bad cell what was probably meant, and gives the rule that says so in
            place of ``rule``; None for a cell that is just wrong.
    """

    rule: Rule
    pattern: str
    uniform: Rule | None = None
    doubts: tuple[Doubt, ...] = ()
    slip: Callable[[str], Rule | None] | None = None


@dataclass(frozen=True, slots=True)
class KindRules:
    """What the files of one kind consist of.

    Attributes:
        kind: The kind.
        columns: Each known column and what its filled cells must look like; None for free text.
        keys: The columns that tell rows apart. A file needs one of them; each row fills one.
        required: The columns that must be there and be filled, beside the keys.
        read_only: Columns that exist but must not be sent.
        folded_keys: Keys in which capitals make no difference.
        open_ended: Whether the account may have columns that we do not know.
        known_as: Names that people have for columns, in their plain form, and the right name.
        rules: The rules that only this kind has.
    """

    kind: Kind
    columns: Mapping[str, Cell | None]
    keys: tuple[str, ...]
    required: tuple[str, ...] = ()
    read_only: frozenset[str] = frozenset()
    folded_keys: frozenset[str] = frozenset()
    open_ended: bool = False
    known_as: Mapping[str, str] = field(default_factory=dict)
    rules: tuple[Rule, ...] = field(default=())


def quoted(name: str) -> str:
    """Show a header's name in a message: in quotes, in one line, and not endlessly long."""
    short = name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"
    return f"'{short}'" if short.isprintable() else ascii(short)
