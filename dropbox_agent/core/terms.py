"""The terms an account imports under, and the reason a rejected file is given."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dropbox_agent.core.checking.rule import quoted
from dropbox_agent.core.coupon_sets import SET_UNKNOWN, CouponSet, choose_set
from dropbox_agent.core.imports import ImportOptions
from dropbox_agent.core.issue import Issue, Severity, Verdict
from dropbox_agent.core.job import Reason
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.mending import is_about_rows

SET_ID = re.compile(r"[0-9a-fA-F]{24}")
"""What coupon set ids look like in the vendor's examples (seen in clients)."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the settings say about the imports of each kind.

    Attributes:
        options: For each kind; the delimiter is set for each file.
        default_set: Id or name of the coupon set for vouchers dropped outside a set's folder.
    """

    kinds: Mapping[Kind, ImportOptions]
    default_set: str | None = None

    def options(
        self,
        kind: Kind,
        folder: str | None,
        delimiter: str,
        sets: Sequence[CouponSet] | None = None,
    ) -> ImportOptions | Reason:
        """Return the options for one file, or the reason why there are none.

        Args:
            kind: What its rows are.
            folder: The folder below the kind's inbox that it lay in.
            delimiter: What separates its columns.
            sets: The account's coupon sets; None when they are not known.
        """
        options = replace(self.kinds[kind], delimiter=delimiter)
        if kind is not Kind.VOUCHERS:
            return options
        wanted = folder or self.default_set
        if wanted is None:
            return _NO_SET
        chosen = _taken_for_id(wanted) if sets is None else choose_set(wanted, sets)
        return chosen if isinstance(chosen, Reason) else replace(options, coupon_set=chosen)


def reason_for(verdict: Verdict) -> Reason:
    """Sum up why a file is rejected: its first fault, and how many more there are."""
    first = next(each for each in verdict.issues if each.severity is Severity.ERROR)
    more = verdict.errors - 1
    others = f" There {'is 1 more fault' if more == 1 else f'are {more} more faults'}."
    message = f"{_place(first)}{first.message}{others if more else ''}"
    hint = f"{first.hint} {_MEND_WHOLE}" if is_about_rows(verdict.issues) else first.hint
    return Reason(first.code, message, hint)


_MEND_WHOLE = (
    "None of the rows was sent: mend the file and drop all of it again. The file that ends in "
    ".errors.csv, beside the report, has only the rows at fault, with their lines and the reasons."
)


def _place(issue: Issue) -> str:
    """Say where an issue is, as the beginning of a sentence; its message may name the column."""
    places = [f"line {issue.line}"] if issue.line else []
    if issue.column and (column := quoted(issue.column)) not in issue.message:
        places.append(f"column {column}")
    place = ", ".join(places)
    return f"{place[0].upper()}{place[1:]}: " if place else ""


_NO_SET = Reason(
    "coupon-set-missing",
    "Connectif needs to know which coupon set the vouchers go into, and none is named.",
    "Put the file into a folder named by the set's id or name (inbox/vouchers/<id or name>/), or "
    "write that of the set for all other vouchers as VOUCHERS_COUPON_SET into agent.env.",
)


def _taken_for_id(wanted: str) -> str | Reason:
    """Return what looks like an id; names mean nothing without the account's list of sets."""
    if SET_ID.fullmatch(wanted):
        return wanted
    return Reason(
        SET_UNKNOWN,
        f"{quoted(wanted)} is not the id of a coupon set: an id has 24 digits and letters a to f. "
        "Which set has that name cannot be told without the account's list of sets.",
        "Find the set's id in Connectif and use it for the folder inside inbox/vouchers, or for "
        "VOUCHERS_COUPON_SET in agent.env; or let the API key read coupon sets.",
    )
