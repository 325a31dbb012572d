"""Safety nets: reasons to hold a file that can be sent, because it is not like those before it.

An export that broke off, or lost a column, may be a perfectly good file. Each net is off unless it
is set, and a person decides about what it holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from dropbox_agent.core.issue import FileFacts

FEWEST_TO_COMPARE = 3
"""So many files must have been imported before a number of rows can be called usual."""

MOST_TO_COMPARE = 10
"""How many of the latest files tell what is usual."""


@dataclass(frozen=True, slots=True)
class SafetyNets:
    """What holds a file back.

    Attributes:
        least_rows: The share of the usual number of rows, 0 to 1, under which a file is held.
        all_columns: Whether a file is held that lacks columns of the one before it.
        most_faulty: The share of faulty rows, 0 to 1, above which a file is held.
    """

    least_rows: float | None = None
    all_columns: bool = False
    most_faulty: float | None = None

    @property
    def look_back(self) -> bool:
        """Whether earlier files have to be known."""
        return self.all_columns or self.least_rows is not None

    def doubt(self, facts: FileFacts, past: Sequence[FileFacts]) -> str | None:
        """Say in what a file is not as it should be; None if it is.

        Args:
            facts: What was learned about it.
            past: The same of the files of its kind that were imported last, the newest first.
        """
        return self._few_rows(facts, past) or self._columns(facts, past) or self._faulty(facts)

    def _few_rows(self, facts: FileFacts, past: Sequence[FileFacts]) -> str | None:
        if self.least_rows is None or len(past) < FEWEST_TO_COMPARE:
            return None
        usual = median(each.rows for each in past[:MOST_TO_COMPARE])
        if facts.rows >= self.least_rows * usual:
            return None
        return (
            f"it has {facts.rows:,} rows, and {usual:,.0f} are usual; fewer than "
            f"{self.least_rows:.0%} of that are held"
        )

    def _columns(self, facts: FileFacts, past: Sequence[FileFacts]) -> str | None:
        if not self.all_columns or not past:
            return None
        missing = [each for each in past[0].columns if each not in facts.columns]
        if not missing:
            return None
        return f"it lacks columns that the file before it had: {', '.join(missing)}"

    def _faulty(self, facts: FileFacts) -> str | None:
        if self.most_faulty is None or facts.row_faults <= self.most_faulty * facts.rows:
            return None
        return (
            f"there are {facts.row_faults:,} faults in its {facts.rows:,} rows; more than "
            f"{self.most_faulty:.0%} are held"
        )
