"""Checks claimed payloads: expands and converts them, checks them, and makes what is sent."""

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dropbox_agent.adapters.checker import Checker
from dropbox_agent.adapters.spool import DiskSpool
from dropbox_agent.core.account import Account
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.checking.rulebook import rules_for
from dropbox_agent.core.checking.rules_file import COLUMN_UNKNOWN
from dropbox_agent.core.columns_file import (
    NO_FILE,
    ColumnsFile,
    ColumnsFileBroken,
    read_columns_file,
)
from dropbox_agent.core.expanding import NotExpandable, of_payload
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.job import Job
from dropbox_agent.core.kind import Kind


@dataclass(frozen=True, slots=True)
class PayloadChecker:
    """Checks claimed payloads under the policy of the settings.

    Attributes:
        spool: Holds them.
        checker: Reads what is in them.
        policy: How strictly.
        encodings: What payloads of a kind are in that are not UTF-8.
    """

    spool: DiskSpool
    checker: Checker
    policy: CheckPolicy
    encodings: Mapping[Kind, str | None] = field(default_factory=dict)

    def check(self, job: Job, account: Account) -> Verdict:
        """Read all that is in a payload and decide about it, and make what is sent of it.

        Size and hash in the verdict are always those of the payload itself.
        """
        policy = account.policy(self.policy)
        says = self._columns_file(job, account, policy)
        policy = replace(policy, column_map=says.column_map)
        verdict = self._verdict(job, policy, says.encoding or self.encodings.get(job.kind))
        return self.spool.make_sendable(job.id, verdict, policy.max_slice_bytes)

    def _columns_file(self, job: Job, account: Account, policy: CheckPolicy) -> ColumnsFile:
        """Read what the folder's ``columns.toml`` says by now; the job keeps what came of it."""
        if (found := self.spool.columns_text(job.kind, job.folder)) is None:
            return NO_FILE
        try:
            return read_columns_file(found.raw, str(found.path), rules_for(job.kind, policy))
        except ColumnsFileBroken:
            account.stand_by({COLUMN_UNKNOWN.code})
            raise

    def _verdict(self, job: Job, policy: CheckPolicy, encoding: str | None) -> Verdict:
        try:
            made = self.spool.make_content(job.id, encoding)
        except NotExpandable as fault:
            return of_payload(fault.as_verdict(), *self.spool.measure(job.id))
        try:
            verdict = self.checker.check(made.path, job.kind, policy)
        except FileNotFoundError as error:
            if made.content.is_payload:
                raise
            # Not to be mixed up with a payload that is gone: this one is made again.
            raise OSError(errno.EAGAIN, "removed while it was checked", str(made.path)) from error
        if made.content.is_payload:
            return verdict
        verdict = made.content.judged(verdict, job.kind, quotes_rows=policy.quotes_rows)
        return of_payload(verdict, *self.spool.measure(job.id))
