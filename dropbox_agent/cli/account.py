"""What ``check --account`` asks the account, and what it makes of the answers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from dropbox_agent.core.account import Account, Question, unknown
from dropbox_agent.core.imports import ApiUnavailable
from dropbox_agent.core.issue import Issue, Severity, Verdict
from dropbox_agent.core.job import Reason
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.naming import shown
from dropbox_agent.core.report import Json, account_told
from dropbox_agent.core.terms import Terms
from dropbox_agent.settings import Settings


class AccountAtHand:
    """What the account has, asked once for each kind of file."""

    def __init__(self, questions: Mapping[Kind, Question], terms: Terms | None) -> None:
        """Take what to ask, and the terms of imports; neither where no account is wanted."""
        self._questions = questions
        self._terms = terms
        self._known: dict[Kind, Account] = {}

    def of(self, kind: Kind) -> Account:
        """Return what is known for the check of a kind; where that is nothing, say why."""
        if kind not in self._known:
            self._known[kind] = self._ask(kind)
        return self._known[kind]

    def told(self, kind: Kind) -> Json:
        """Say for machines how far the check of a kind could rest on the account."""
        return {"account": account_told(self.of(kind).use)}

    def _ask(self, kind: Kind) -> Account:
        question, now = self._questions.get(kind), datetime.now(UTC)
        if question is None:
            return Account()
        try:
            return replace(question(), fetched_at=now)
        except ApiUnavailable as error:
            account = unknown(kind, error)
            if why := account.why_unknown:
                click.secho(shown(f"Warning: {why.message} {why.hint}"), fg="yellow", err=True)
            return account

    def judged(self, verdict: Verdict, path: Path, kind: Kind) -> Verdict:
        """Add to a verdict on vouchers what is wrong with the set that they would go into."""
        folder = path.absolute().parent
        names_set = folder.parent.name == Kind.VOUCHERS
        dropped = names_set or folder.name == Kind.VOUCHERS
        if self._terms is None or kind is not Kind.VOUCHERS:
            return verdict
        if not dropped and self._terms.default_set is None:
            return verdict  # it lies somewhere else, so who can say where it will be dropped
        delimiter = verdict.facts.delimiter or ","
        options = self._terms.options(
            kind, folder.name if names_set else None, delimiter, self.of(kind).sets
        )
        if not isinstance(options, Reason):
            return verdict
        fault = Issue(options.code, Severity.ERROR, options.message, options.hint)
        issues = (fault, *verdict.issues)
        return replace(verdict, issues=issues, errors=verdict.errors + 1, header=b"", slices=())


@contextmanager
def account_at_hand(settings: Settings, *, wanted: bool) -> Iterator[AccountAtHand]:
    """Give the account of a home for as long as the block lasts, or none if it is not wanted.

    Raises:
        BadConfiguration: It is wanted, and there is no key.
    """
    from dropbox_agent.wiring import account_questions, terms_of

    if not wanted:
        yield AccountAtHand({}, None)
        return
    with account_questions(settings) as questions:
        yield AccountAtHand(questions, terms_of(settings))
