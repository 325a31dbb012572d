"""The end of a job: judged, its file brought to its place, and the report written beside it.

Both steps can be repeated after an interruption at any point: what is there already is left.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from dropbox_agent.core import events
from dropbox_agent.core.imports import ApiUnavailable, Import, ImportApi
from dropbox_agent.core.issue import Issue
from dropbox_agent.core.job import Checked, Job, Outcome, Stage
from dropbox_agent.core.mending import (
    Refusals,
    Refused,
    faults_of_rows,
    is_about_rows,
    read_refusals,
)
from dropbox_agent.core.naming import report_of
from dropbox_agent.core.ports import Journal, Spool, Witness
from dropbox_agent.core.recording import Recorder
from dropbox_agent.core.report import Origin, build_report


class Filing:
    """Files jobs that have ended. May be used by several threads."""

    def __init__(
        self,
        *,
        api: ImportApi,
        spool: Spool,
        journal: Journal,
        recorder: Recorder,
        witness: Witness,
        origin: Origin,
        quotes_rows: bool = True,
    ) -> None:
        """Take the outside world, what reports say of this agent, and whether they quote rows."""
        self._api = api
        self._spool = spool
        self._journal = journal
        self._recorder = recorder
        self._witness = witness
        self._origin = origin
        self._quotes_rows = quotes_rows

    def judge(self, job: Job) -> Job:
        """Decide the outcome and the final names of a job that has ended."""
        return self._recorder.judge(job)

    def file(self, job: Job) -> Job:
        """Bring file, rows to fix and report to their final place, the report last.

        Raises:
            OSError: There is no room or no right to; it is tried again.
        """
        self._spool.archive(job)
        there = self._spool.is_archived(job)
        issues = self._journal.issues(job.id)
        refused = self._refused(job, issues) if there else Refused()
        if refused:
            refused = replace(refused, quotes_rows=self._quotes_rows)
            self._spool.write_rows_to_fix(job, refused)
        filed = self._recorder.after(job, events.Filed())
        report = build_report(
            filed,
            issues,
            self._origin,
            payload_there=there,
            rows_to_fix=bool(refused),
            quotes_rows=self._quotes_rows,
        )
        self._spool.write_report(job, report)
        self._tell_earlier(job)
        self._recorder.record(filed)
        self._spool.clear(job.id)
        return filed

    def _tell_earlier(self, job: Job) -> None:
        """Name a job in the report of the one that its file comes from."""
        follows = job.checked.follows if job.checked else None
        earlier = self._journal.find(follows.job) if follows else None
        if earlier and earlier.stage is Stage.FILED:
            self._spool.name_follower(earlier, {"job": job.id, "report": report_of(job)})

    def _refused(self, job: Job, issues: Sequence[Issue]) -> Refused:
        """Find out which rows were refused, by the server or by us."""
        if job.checked is None:
            return Refused()
        if job.outcome is Outcome.REJECTED:
            is_readable = job.checked.errors > 0 and is_about_rows(issues)
            return Refused(by_us=faults_of_rows(issues)) if is_readable else Refused()
        refusals = self._refusals(job, job.checked)
        return Refused(refusals, faults_of_rows(issues)) if refusals else Refused()

    def _refusals(self, job: Job, checked: Checked) -> tuple[Refusals, ...]:
        """Fetch which rows the server refused; without them the report still has the counts."""
        plan = checked.plan
        sent, added = (plan.names, plan.constants) if plan else (checked.facts.columns, ())
        found = []
        for part in job.parts:
            if part.last and part.last.errors:
                try:
                    report = self._error_report(part.last)
                except ApiUnavailable as error:
                    self._witness.troubled(error, job)
                else:
                    found.append(read_refusals(report, sent, added))
        return tuple(each for each in found if each.reasons)

    def _error_report(self, last: Import) -> bytes:
        """Fetch one error report; links expire, and asking for the import makes a new one."""
        if last.error_report_url:
            with suppress(ApiUnavailable):
                return self._api.error_report(last.error_report_url)
        fresh = self._api.get(last.id)
        link = fresh.error_report_url if fresh else None
        return self._api.error_report(link) if link else b""
