"""What can be written about how long things are kept, and what it becomes.

``90 days``, ``20 GB``, ``90 days, 20 GB``, or for some outcomes each:
``imported, duplicate: 30 days; partial: 90 days 5 GB; failed: for ever``.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator

from dropbox_agent.core.job import Outcome
from dropbox_agent.core.keeping import Clause, Keeping
from dropbox_agent.settings.faults import Unusable, shown

EXAMPLE: Final = "imported: 30 days; partial: 90 days, 5 GB; failed: 1 year"

LEAST_REMEMBERED: Final = timedelta(days=30)

LONGEST_AGE: Final = timedelta(days=100 * 365)

_DAYS: Final = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30, "year": 365}
_BYTES: Final = {"kb": 1_000, "mb": 1_000**2, "gb": 1_000**3, "tb": 1_000**4}
_AMOUNT: Final = re.compile(r"(\d{1,6})\s*([a-z]*)\s*,?\s*")
_FOR_EVER: Final = {"for ever", "forever"}


def _keeping(least_age: timedelta | None = None) -> Callable[[str], Keeping]:
    def read(text: str) -> Keeping:
        clauses = list(_clauses(text.lower()))
        if any(least_age and clause.age and clause.age < least_age for clause in clauses):
            raise Unusable(
                "the journal is needed for 30 days at least, to know imports and mended files.",
                instead="1 year",
            )
        return Keeping(tuple(clauses))

    return read


def _clauses(text: str) -> Iterator[Clause]:
    """Read one clause after the other; one that names no outcome is for all the others."""
    open_to: set[Outcome] = set(Outcome)
    for_others = None
    for each in filter(None, map(str.strip, text.split(";"))):
        names, _, amounts = each.rpartition(":")
        if not names:
            if for_others is not None:
                raise Unusable(f"{shown(each)} names no outcome, nor does what is before it.")
            for_others = amounts
            continue
        outcomes = _outcomes(names)
        if not outcomes <= open_to:
            twice = ", ".join(sorted(outcomes - open_to))
            raise Unusable(f"{twice}: said twice, and only one can count.", instead=EXAMPLE)
        open_to -= outcomes
        yield _clause(outcomes, amounts)
    if for_others is not None:
        yield _clause(frozenset(open_to), for_others)


def _outcomes(text: str) -> frozenset[Outcome]:
    names = {name.strip() for name in text.split(",")}
    if unknown := sorted(names - set(Outcome)):
        known = ", ".join(Outcome)
        raise Unusable(f"{shown(unknown[0])} is no outcome; they are {known}.", instead=EXAMPLE)
    return frozenset(map(Outcome, names))


def _clause(outcomes: frozenset[Outcome], text: str) -> Clause:
    text = text.strip()
    if text in _FOR_EVER:
        return Clause(outcomes)
    if not re.fullmatch(f"(?:{_AMOUNT.pattern})+", text):
        raise Unusable(f"{shown(text)} is neither a time nor a size.", instead=EXAMPLE)
    age, most_bytes = None, None
    for number, unit in _AMOUNT.findall(text):
        if int(number) == 0:
            raise Unusable(f"{shown(text)} would keep nothing at all.", instead="1 day")
        if (days := _DAYS.get(unit.removesuffix("s"))) and age is None:
            age = timedelta(days=int(number) * days)
            if age > LONGEST_AGE:
                raise Unusable(f"{shown(text)} is more than 100 years.", instead="for ever")
        elif (factor := _BYTES.get(unit)) and most_bytes is None:
            most_bytes = int(number) * factor
        else:
            raise Unusable(
                f"{shown(text)} is not one time (hours, days, weeks, months, years), one size (kB, "
                "MB, GB, TB), or one of each.",
                instead=EXAMPLE,
            )
    return Clause(outcomes, age, most_bytes)


KeepingText = Annotated[Keeping, BeforeValidator(_keeping())]
JournalKeepingText = Annotated[Keeping, BeforeValidator(_keeping(LEAST_REMEMBERED))]
