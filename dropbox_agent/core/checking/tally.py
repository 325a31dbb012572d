"""Counts every fault and keeps the first ones, in the order of their lines."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from dropbox_agent.core.checking.rule import Rule
from dropbox_agent.core.issue import Issue, Severity


class _Place(NamedTuple):
    """What issues are sorted by."""

    line: int
    position: int
    code: str


class _Kept(NamedTuple):
    """An issue that is perhaps among the first."""

    place: _Place
    rule: Rule
    issue: Issue


class _Shelf:
    """Holds the first so many issues of all that are put on it, in any order."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: list[_Kept] = []
        self._last: _Place | None = None

    def wants(self, place: _Place) -> bool:
        return self._last is None or place < self._last

    def put(self, kept: _Kept) -> None:
        self._kept.append(kept)
        if len(self._kept) >= 2 * self._limit:
            self.first()

    def first(self) -> list[_Kept]:
        """Return the first issues in order, and let go of the others."""
        self._kept.sort(key=lambda kept: kept.place)
        del self._kept[self._limit :]
        if len(self._kept) == self._limit:
            self._last = self._kept[-1].place
        return self._kept


class Tally:
    """The faults found so far.

    Memory is bounded: of any number of faults only the first ``limit`` are kept, and errors are
    not crowded out by warnings.
    """

    def __init__(self, limit: int, *, quotes_rows: bool = True) -> None:
        """Begin with nothing found.

        Args:
            limit: How many faults are kept.
            quotes_rows: Whether they may show anything that stands in a row.
        """
        self.quotes_rows = quotes_rows
        self._limit = limit
        self._counts: Counter[Rule] = Counter()
        self._shelves = {severity: _Shelf(limit) for severity in Severity}

    def add(
        self,
        rule: Rule,
        *,
        line: int | None = None,
        column: str | None = None,
        position: int = 0,
        **words: object,
    ) -> None:
        """Note one fault.

        Args:
            rule: What is wrong.
            line: The physical line; None when it concerns the whole file.
            column: The column's header.
            position: The column's place, to put faults of one line in order.
            words: What the rule's message and hint want to have filled in.
        """
        self.add_each(rule, [line], column=column, position=position, **words)

    def add_each(
        self,
        rule: Rule,
        lines: Sequence[int | None],
        *,
        column: str | None = None,
        position: int = 0,
        **words: object,
    ) -> None:
        """Note the same fault in several lines, given in ascending order."""
        self._counts[rule] += len(lines)
        shelf = self._shelves[rule.severity]
        for line in lines:
            place = _Place(line or 0, position, rule.code)
            if not shelf.wants(place):
                break
            issue = rule.issue(line=line, column=column, words=words, quotes_rows=self.quotes_rows)
            shelf.put(_Kept(place, rule, issue))

    def count(self, rule: Rule, times: int) -> None:
        """Note faults that come behind all those worth keeping."""
        self._counts[rule] += times

    @property
    def row_faults(self) -> int:
        """Number of faults of single rows, which the policy may turn into errors."""
        return sum(times for rule, times in self._counts.items() if rule.per_row)

    def result(self, *, rows_reject: bool) -> tuple[tuple[Issue, ...], int, int]:
        """Return the first issues by line, the number of errors, and that of warnings.

        Args:
            rows_reject: Whether faults of single rows count as errors.
        """
        totals: Counter[Severity] = Counter()
        for rule, times in self._counts.items():
            totals[_severity(rule, rows_reject=rows_reject)] += times
        kept = [each for shelf in self._shelves.values() for each in shelf.first()]
        kept = [_judged(each, rows_reject=rows_reject) for each in kept]
        kept.sort(key=lambda each: (each.issue.severity is not Severity.ERROR, each.place))
        kept = sorted(kept[: self._limit], key=lambda each: each.place)
        issues = tuple(each.issue for each in kept)
        return issues, totals[Severity.ERROR], totals[Severity.WARNING]


def _severity(rule: Rule, *, rows_reject: bool) -> Severity:
    return Severity.ERROR if rule.per_row and rows_reject else rule.severity


def _judged(kept: _Kept, *, rows_reject: bool) -> _Kept:
    severity = _severity(kept.rule, rows_reject=rows_reject)
    return kept._replace(issue=replace(kept.issue, severity=severity))
