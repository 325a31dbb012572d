"""What the account is known to have: its contact fields and its coupon sets.

Both change while the agent runs, because people work in Connectif's web application. So what is
known has an age, and no file is rejected for what may be otherwise by now.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from dropbox_agent.core.checking.policy import CheckPolicy, ContactField
from dropbox_agent.core.coupon_sets import SET_UNKNOWN, SET_UNSUITABLE, CouponSet
from dropbox_agent.core.imports import ApiUnavailable
from dropbox_agent.core.job import AccountUse, Reason
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import AgentError, TryLater


class AccountApi(Protocol):
    """What the account tells about itself."""

    def contact_fields(self) -> tuple[ContactField, ...]:
        """List the contact fields, system fields included.

        Raises:
            ApiUnavailable: No answer to be had now, or the key may not ask.
        """
        ...

    def coupon_sets(self) -> tuple[CouponSet, ...]:
        """List the coupon sets.

        Raises:
            ApiUnavailable: No answer to be had now, or the key may not ask.
        """
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """What one check knows of the account.

    Attributes:
        fields: The contact fields; None when they are not known, or do not matter.
        sets: The coupon sets; likewise.
        fetched_at: When the server was asked for what is known; None when nothing is.
        may_be_outdated: Whether it was asked before the file arrived.
        why_unknown: What kept us from knowing; None when all is known that matters.
    """

    fields: tuple[ContactField, ...] | None = None
    sets: tuple[CouponSet, ...] | None = None
    fetched_at: datetime | None = None
    may_be_outdated: bool = False
    why_unknown: Reason | None = None

    def policy(self, settings: CheckPolicy) -> CheckPolicy:
        """Say how files are checked, by the settings and by what is known here."""
        return replace(settings, contact_fields=self.fields)

    @property
    def use(self) -> AccountUse | None:
        """Say for the report what was known; None when there was nothing to know."""
        if self.why_unknown:
            return AccountUse(used=False, why=self.why_unknown)
        return AccountUse(used=True, fetched_at=self.fetched_at) if self.fetched_at else None

    def stand_by(self, faults: Collection[str]) -> None:
        """Make sure that a file may be rejected for these faults.

        Args:
            faults: Codes of what is held against the file.

        Raises:
            AccountOutdated: The account may have changed so that they are none any more.
            TryLater: They come from not knowing the account, and that will pass.
        """
        if self.may_be_outdated and not RESTING_ON_ACCOUNT.isdisjoint(faults):
            raise AccountOutdated(
                "The account may have changed since it was asked for its fields and sets.",
                hint="Nothing to do: it is asked again, and the file is checked once more.",
                code="account-outdated",
            )
        passing = self.why_unknown is not None and self.why_unknown.code not in LASTING
        if self.why_unknown and passing and SET_UNKNOWN in faults:
            raise TryLater(
                "Which coupon set is meant by that name can only be found out by asking Connectif. "
                f"{self.why_unknown.message}",
                hint=self.why_unknown.hint,
                code="coupon-set-unresolved",
            )


class AccountOutdated(TryLater):
    """A file would be rejected for what the account may have by now: ask it first."""


Question = Callable[[], Account]
"""Asks the server for what the checks of one kind have to know; may raise ApiUnavailable."""

RESTING_ON_ACCOUNT = frozenset(
    {
        "column-misspelt",
        "column-read-only",
        "column-unknown",
        "label-instead-of-option",
        "too-long",
        "value-not-allowed",
        SET_UNKNOWN,
        SET_UNSUITABLE,
        "coupon-set-ambiguous",
    }
)
"""Codes of the faults that may be none any more when somebody changes the account."""

FORBIDDEN = "api-key-forbidden"
LASTING = frozenset({FORBIDDEN, "wrong-address"})
"""Reasons for not knowing that do not pass by themselves, while files can still be sent."""

WHAT = {Kind.CONTACTS: "contact fields", Kind.VOUCHERS: "coupon sets"}
"""What the checks of a kind have to know; there is nothing for the other ones."""

_INSTEAD = {
    Kind.CONTACTS: "with the documented fields only: other columns could not be verified",
    Kind.VOUCHERS: "without them: only ids can name a set, and the set was not verified",
}


def questions(api: AccountApi, kinds: Collection[Kind]) -> Mapping[Kind, Question]:
    """Say how to find out what the checks of each kind have to know."""
    asked: dict[Kind, Question] = {
        Kind.CONTACTS: lambda: Account(fields=api.contact_fields()),
        Kind.VOUCHERS: lambda: Account(sets=api.coupon_sets()),
    }
    return {kind: question for kind, question in asked.items() if kind in kinds}


def unknown(kind: Kind, error: AgentError) -> Account:
    """Say that what a kind needs is not known, and why."""
    hint = error.hint
    if error.code == FORBIDDEN:
        hint = (
            f"In Connectif, give the API key the right to read {WHAT[kind]} as well, or live "
            "without it: files are sent all the same."
        )
    message = f"The account's {WHAT[kind]} are not known. {error.message}"
    return Account(why_unknown=Reason(error.code, f"{message} Checked {_INSTEAD[kind]}.", hint))


def slow(kind: Kind, seconds: float) -> Account:
    """Say that the server has not answered in the time that a check waits for it."""
    return unknown(
        kind,
        ApiUnavailable(
            f"Connectif had not told them after {seconds:g} seconds.",
            hint="Nothing to do: the answer serves the next files.",
            code="account-slow",
        ),
    )
