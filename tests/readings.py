"""What must hold between a file, the verdict on it, and what is sent of it, whatever the file."""

import csv
import io
from dataclasses import dataclass, replace

from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.checking.records import LONGEST_CELL
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.core.reshaping import RowTooLarge
from dropbox_agent.sandbox.rows.csv_file import CsvFile, Spool
from tests.exports import Judged, judged
from tests.imported_bytes import cut

Records = list[list[str]]


@dataclass(frozen=True)
class Dropped:
    """A file that somebody drops.

    Attributes:
        payload: Its bytes.
        name: Its name, whose ending tells whether it is compressed.
        kind: The folder it is dropped into.
        policy: How it is checked.
        encoding: What is declared for it.
    """

    payload: bytes
    name: str
    kind: Kind
    policy: CheckPolicy
    encoding: str | None = None

    def judged(self, policy: CheckPolicy) -> Judged:
        """Check it with another policy."""
        return judged(self.payload, self.name, self.kind, policy, self.encoding)


def examine(dropped: Dropped, *, block_bytes: int, limit: int) -> Verdict:
    """Check a file in more than one way, and see to it that all of them agree.

    Args:
        dropped: The file.
        block_bytes: How much to read at a time; the verdict must not depend on it.
        limit: Most bytes of one import, for the second time it is cut.

    Raises:
        AssertionError: They do not.
    """
    verdict, content = dropped.judged(dropped.policy)
    assert verdict.sendable is (verdict.errors == 0), "sendable, or rejected with a reason"
    assert (verdict.errors + verdict.warnings > len(verdict.issues)) is verdict.truncated
    again, _ = dropped.judged(replace(dropped.policy, block_bytes=block_bytes))
    assert again == verdict, f"another verdict with blocks of {block_bytes} bytes"
    if not verdict.sendable:
        assert verdict.slices == ()
        return verdict
    lines = content.splitlines(keepends=True)
    assert all((issue.line or 0) <= len(lines) for issue in verdict.issues), "a line behind the end"
    policy = replace(dropped.policy, max_slice_bytes=limit, block_bytes=block_bytes)
    small, _ = dropped.judged(policy)
    whole = _sent(content, verdict, dropped.policy.max_slice_bytes)
    assert len(whole) == 1, "a small file is one import"
    _same_records(whole, verdict, naive_rows(content, verdict))
    if small.sendable:
        try:
            parts = _sent(content, small, limit)
        except RowTooLarge:
            return verdict
        assert all(len(part) <= limit for part in parts), "a part above the limit"
        _same_records(parts, small, naive_rows(content, verdict))
    return verdict


def naive_rows(content: bytes, verdict: Verdict) -> Records:
    """Read the rows of a file behind its header with nothing but the csv module."""
    text = content.decode("utf-8-sig")
    lines = list(io.StringIO(text, newline=""))[verdict.facts.header_lines :]
    return _read("".join(lines), verdict.facts.delimiter or ",")


def _sent(content: bytes, verdict: Verdict, limit: int) -> list[bytes]:
    return cut(content, verdict, limit)


def _same_records(parts: list[bytes], verdict: Verdict, rows: Records) -> None:
    """Read what is sent as a server does, and compare it with the rows of the file."""
    delimiter = verdict.facts.delimiter or ","
    sent: Records = []
    for part in parts:
        header, *records = _read(part.decode("utf-8-sig"), delimiter)
        _server_takes(part, delimiter, len(records))
        sent += records
        assert header == _header(verdict), "another header"
    assert sent == [_picked(row, verdict) for row in rows], "other records"
    assert len(sent) == verdict.facts.rows, "another number of rows"


def _server_takes(part: bytes, delimiter: str, rows: int) -> None:
    spool = Spool()
    spool.write(part)
    file = CsvFile(spool, delimiter)
    try:
        assert file.fault is None, f"the server cannot read it: {file.fault}"
        assert file.total == rows, "the server counts other rows"
    finally:
        file.close()


def _header(verdict: Verdict) -> list[str]:
    return list(verdict.plan.names if verdict.plan else verdict.facts.columns)


def _picked(row: list[str], verdict: Verdict) -> list[str]:
    if verdict.plan is None:
        return row
    return [
        each.constant if each.source is None else row[each.source] for each in verdict.plan.columns
    ]


def _read(text: str, delimiter: str) -> Records:
    csv.field_size_limit(LONGEST_CELL)
    return list(filter(None, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)))
