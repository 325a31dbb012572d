"""The story of a check: the beginning, the rows, the end of the file, and the verdict."""

from typing import BinaryIO, NamedTuple

from dropbox_agent.core.checking.delimiter import ALLOWED
from dropbox_agent.core.checking.opening import Opening, read_opening
from dropbox_agent.core.checking.policy import CheckPolicy
from dropbox_agent.core.checking.rows import Rows
from dropbox_agent.core.checking.rule import KindRules
from dropbox_agent.core.checking.rulebook import rules_for
from dropbox_agent.core.checking.rules_file import NO_ROWS
from dropbox_agent.core.checking.rules_vouchers import SET_LIMIT, TOO_MANY_CODES
from dropbox_agent.core.checking.slicing import Slicer
from dropbox_agent.core.checking.source import Source
from dropbox_agent.core.checking.tally import Tally
from dropbox_agent.core.issue import FileFacts, Slice, Verdict
from dropbox_agent.core.kind import Kind


def check(file: BinaryIO, kind: Kind, policy: CheckPolicy) -> Verdict:
    """Find everything that is wrong with a file, in one pass from its beginning to its end.

    Memory does not grow with the file, but for 12 bytes a row to tell its keys apart.

    Args:
        file: Open at its beginning; it need not be seekable.
        kind: What its rows are.
        policy: How strict to be.

    Raises:
        OSError: The file cannot be read.
    """
    rules = rules_for(kind, policy)
    tally = Tally(policy.max_issues)
    source = Source(file, tally, block_bytes=policy.block_bytes)
    opening = read_opening(source, rules, tally)
    body = _read_body(source, opening, rules, policy, tally) if opening else _Body()
    sha256 = source.drain()
    rejects_rows = policy.rejects(tally.row_faults, rows=body.rows)
    issues, errors, warnings = tally.result(rows_reject=rejects_rows)
    facts = FileFacts(
        bytes=source.size,
        sha256=sha256,
        rows=body.rows,
        encoding=source.encoding,
        delimiter=opening.delimiter if opening and opening.delimiter in ALLOWED else None,
        columns=opening.names if opening and opening.positions is not None else (),
    )
    return Verdict(
        facts=facts,
        issues=issues,
        errors=errors,
        warnings=warnings,
        header=opening.header if opening and not errors else b"",
        slices=() if errors else body.slices,
    )


class _Body(NamedTuple):
    """What comes behind the header."""

    rows: int = 0
    slices: tuple[Slice, ...] = ()


def _read_body(
    source: Source, opening: Opening, rules: KindRules, policy: CheckPolicy, tally: Tally
) -> _Body:
    slicer = Slicer(
        start=opening.start,
        header_end=opening.start + len(opening.header),
        limit=policy.max_slice_bytes,
    )
    rows = Rows(
        opening.names,
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
    return _Body(rows.count, slicer.slices())
