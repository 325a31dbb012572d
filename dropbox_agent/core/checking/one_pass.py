"""The story of a check: the beginning, the rows, the end of the file, and the verdict."""

from typing import BinaryIO, NamedTuple

from dropbox_agent.core.checking.delimiter import ALLOWED
from dropbox_agent.core.checking.header import columns_have
from dropbox_agent.core.checking.opening import Opening, read_opening
from dropbox_agent.core.checking.policy import CheckPolicy
from dropbox_agent.core.checking.rows import Rows
from dropbox_agent.core.checking.rule import KindRules
from dropbox_agent.core.checking.rulebook import rules_for
from dropbox_agent.core.checking.rules_file import HEADER_BLANK, NO_ROWS
from dropbox_agent.core.checking.rules_sending import LINE_ENDS_NORMALISED, TRAILING_DELIMITERS
from dropbox_agent.core.checking.rules_vouchers import SET_LIMIT, TOO_MANY_CODES
from dropbox_agent.core.checking.slicing import Slicer
from dropbox_agent.core.checking.source import Source
from dropbox_agent.core.checking.tally import Tally
from dropbox_agent.core.checking.writing import header_line
from dropbox_agent.core.issue import FileFacts, Plan, Slice, Verdict
from dropbox_agent.core.kind import Kind


def check(file: BinaryIO, kind: Kind, policy: CheckPolicy) -> Verdict:
    """Find everything that is wrong with a file, in one pass from its beginning to its end.

    Memory does not grow with the file, but for 12 bytes a row and key column.

    Args:
        file: Open at its beginning; it need not be seekable.
        kind: What its rows are.
        policy: How strict to be.

    Raises:
        OSError: The file cannot be read.
    """
    rules = rules_for(kind, policy)
    tally = Tally(policy.max_issues, quotes_rows=policy.quotes_rows)
    source = Source(file, tally, block_bytes=policy.block_bytes)
    opening = read_opening(source, rules, policy.column_map, tally)
    body = _read_body(source, opening, rules, policy, tally) if opening else _Body()
    sha256 = source.drain()
    encoding = source.foreign.tell(tally, kind) if source.foreign else source.encoding
    rejects_rows = policy.rejects(tally.row_faults, rows=body.rows)
    issues, errors, warnings = tally.result(rows_reject=rejects_rows)
    facts = FileFacts(
        bytes=source.size,
        sha256=sha256,
        rows=body.rows,
        encoding=encoding,
        delimiter=opening.delimiter if opening and opening.delimiter in ALLOWED else None,
        columns=opening.selection.names if opening and opening.positions is not None else (),
        header_lines=opening.last_line if opening else 1,
        row_faults=tally.row_faults,
    )
    return Verdict(
        facts=facts,
        issues=issues,
        errors=errors,
        warnings=warnings,
        header=b"" if errors else body.header,
        slices=() if errors else body.slices,
        plan=None if errors else body.plan,
    )


class _Body(NamedTuple):
    """What comes behind the header, and what shall be sent of it all."""

    rows: int = 0
    header: bytes = b""
    slices: tuple[Slice, ...] = ()
    plan: Plan | None = None


def _read_body(
    source: Source, opening: Opening, rules: KindRules, policy: CheckPolicy, tally: Tally
) -> _Body:
    selection = opening.selection
    header = opening.header
    rows_start = opening.start + len(header)
    if selection.changes_header:
        line_end = b"\r\n" if header.endswith(b"\r\n") else b"\n"
        header = header_line(selection.all_sent, opening.delimiter, line_end)
    slicer = Slicer(
        start=rows_start if selection.changes_header else opening.start,
        rows_start=rows_start,
        header_bytes=len(header),
        limit=policy.max_slice_bytes,
    )
    rows = Rows(
        selection,
        opening.positions or {},
        delimiter=opening.delimiter,
        rules=rules,
        policy=policy,
        slicer=slicer,
        tally=tally,
    )
    rows.check(source)
    if not (rows.count or rows.broken or source.gave_up or opening.positions is None):
        tally.add(NO_ROWS)
    if rules.kind is Kind.VOUCHERS and rows.count > SET_LIMIT:
        tally.add(TOO_MANY_CODES, rows=f"{rows.count:,}")
    if opening.positions is not None:
        _tell_of_nameless(rows, opening, tally)
    lone_cr = rows.lone_cr or opening.header.endswith(b"\r")
    if lone_cr and not rows.broken:
        tally.add(LINE_ENDS_NORMALISED)
    plan = selection.plan(other_line_ends=lone_cr)
    if plan and plan.copies_rows:
        header = header_line(plan.names, opening.delimiter)
    return _Body(rows.count, header, slicer.slices(), plan)


def _tell_of_nameless(rows: Rows, opening: Opening, tally: Tally) -> None:
    """Tell of columns without a name behind all others: delimiters, or something to mend."""
    if filled := rows.filled_without_name():
        line, position = filled
        why = f", but line {line} has something in it"
        columns = columns_have([position + 1])
        tally.add(HEADER_BLANK, line=opening.line, columns=columns, why=why)
    elif count := len(opening.selection.nameless):
        tally.add(TRAILING_DELIMITERS, line=opening.line, count=count)
