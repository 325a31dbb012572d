"""Rows to fix: what was refused, brought back to the sender's own rows and lines.

What an error report looks like is not documented. So it is understood loosely: columns named as
in the file are the row, all others tell why it was refused.
"""

import csv
import io
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from dropbox_agent.core.checking.column_map import NO_MAP
from dropbox_agent.core.checking.rule import quoted
from dropbox_agent.core.checking.rulebook import all_rules
from dropbox_agent.core.checking.selection import ERROR_COLUMN, LINE_COLUMN, select
from dropbox_agent.core.expanding.unzip import ZIP_TROUBLES
from dropbox_agent.core.issue import FileFacts, Issue, Plan, Severity

MOST_ROWS = 100_000
"""Refused rows that are brought back; they are held in memory. The counts tell of all."""

MOST_BYTES = 50_000_000
"""Bytes of a report that are read, unpacked."""

LONGEST_CELL = 1_000_000
"""The csv module refuses longer cells than it is told; its own bound is lower than ours."""

_OF_ROWS = frozenset(rule.code for rule in all_rules() if rule.per_row)

REFUSED = "Connectif refused this row; its list of imports says why."
"""Instead of the reason, where that may not be written because it may quote the row."""

ZIP_MAGIC = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Refusals:
    """Rows that the server refused.

    Attributes:
        columns: Names that the report shares with the file, in the order of the file.
        reasons: By the cells of these columns, why the row was refused.
    """

    columns: tuple[str, ...]
    reasons: dict[tuple[str, ...], str]


@dataclass(frozen=True, slots=True)
class Refused:
    """Which rows of a file were refused, and why.

    Attributes:
        by_server: What the server refused, for each import.
        by_us: What our own check said of rows, by the physical line each begins in. It refuses them
            where nothing was sent; otherwise it is told of rows that the server refused.
        quotes_rows: Whether what stands in the rows may be written, and what the server said of
            it, which may quote it.
    """

    by_server: tuple[Refusals, ...] = ()
    by_us: Mapping[int, str] = field(default_factory=dict)
    quotes_rows: bool = True

    def __bool__(self) -> bool:
        return bool(self.by_server or self.by_us)


def read_refusals(report: bytes, sent: Sequence[str], added: Collection[str] = ()) -> Refusals:
    """Understand an error report.

    Args:
        report: The bytes of the CSV, or of a ZIP with one in it.
        sent: The header that was sent.
        added: Those of its columns that are not in the sender's file.
    """
    csv.field_size_limit(LONGEST_CELL)
    text = _unpacked(report)[:MOST_BYTES].decode("utf-8-sig", errors="replace")
    first_line = text.partition("\n")[0]
    delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    reasons: dict[tuple[str, ...], str] = {}
    shared: tuple[str, ...] = ()
    with suppress(csv.Error):  # what could be read until then is worth having
        header = next(reader, [])
        shared = tuple(name for name in sent if name in header and name not in added)
        places = [header.index(name) for name in shared]
        others = [n for n, name in enumerate(header) if n not in places and name not in added]
        for row in reader:
            cells = [*row, *[""] * (len(header) - len(row))]
            told = "; ".join(cells[place] for place in others if cells[place])
            reasons.setdefault(tuple(cells[place] for place in places), told)
            if len(reasons) >= MOST_ROWS:
                break
    return Refusals(shared, reasons if shared else {})


def faults_of_rows(issues: Iterable[Issue]) -> dict[int, str]:
    """Say for each line what is wrong with the row that begins there."""
    told: defaultdict[int, list[str]] = defaultdict(list)
    for issue in issues:
        if issue.line and issue.code in _OF_ROWS:
            told[issue.line].append(_with_column(issue))
    return {line: " ".join(dict.fromkeys(each)) for line, each in told.items()}


def is_about_rows(issues: Iterable[Issue]) -> bool:
    """Whether a file is rejected for nothing but faults of single rows."""
    return {each.code for each in issues if each.severity is Severity.ERROR} <= _OF_ROWS


def rows_to_fix(
    content: Iterable[str], facts: FileFacts, plan: Plan | None, refused: Refused
) -> Iterator[list[str]]:
    """Yield a header and the refused rows of a file, each with its line and the reason.

    Refusals that fit no row come last, without a line, so that nothing the server said is lost.
    What we ourselves added to the file before, and columns without a name, are left out.

    Args:
        content: The lines of what was checked, with their line ends.
        facts: What was learned about it.
        plan: What was sent in its place; None when it was sent as it is.
        refused: Which rows it is about.
    """
    csv.field_size_limit(LONGEST_CELL)
    selection = select(facts.columns, NO_MAP)
    kept = [n for n, name in enumerate(selection.sent) if name is not None and refused.quotes_rows]
    yield [*(facts.columns[n] for n in kept), LINE_COLUMN, ERROR_COLUMN]
    sources = _sources(facts, plan)
    known = [(each, [sources[name] for name in each.columns]) for each in refused.by_server]
    met: set[tuple[str, ...]] = set()
    for line, row in _numbered(content, facts):
        reasons = [refused.by_us[line]] if line in refused.by_us else []
        is_refused = bool(reasons) and not refused.by_server
        for each, places in known:
            key = tuple(row[place] if place < len(row) else "" for place in places)
            if key in each.reasons:
                met.add(key)
                reasons.insert(0, each.reasons[key] if refused.quotes_rows else REFUSED)
                is_refused = True
                break
        if is_refused:
            cells = [row[n] if n < len(row) else "" for n in kept]
            yield [*cells, str(line), "; ".join(filter(None, reasons))]
    for each, places in known:
        for key, told in each.reasons.items():
            if key not in met:
                found = dict(zip(places, key, strict=True))
                why = told if refused.quotes_rows else REFUSED
                yield [*(found.get(n, "") for n in kept), "", why]


def _sources(facts: FileFacts, plan: Plan | None) -> dict[str, int]:
    """Say where in the sender's file each column stands that was sent."""
    if plan is None:
        return {name: n for n, name in reversed(list(enumerate(facts.columns)))}
    return {each.name: each.source for each in plan.columns if each.source is not None}


def _numbered(content: Iterable[str], facts: FileFacts) -> Iterator[tuple[int, list[str]]]:
    """Yield all rows that are no blank lines, and the physical line of each."""
    lines = islice(content, facts.header_lines, None)
    reader = csv.reader(lines, delimiter=facts.delimiter or ",")
    line = facts.header_lines + 1
    for row in reader:
        if row:
            yield line, row
        line = facts.header_lines + 1 + reader.line_num


def _with_column(issue: Issue) -> str:
    names_it = issue.column is None or quoted(issue.column) in issue.message
    return issue.message if names_it else f"{quoted(issue.column or '')}: {issue.message}"


def csv_lines(rows: Iterable[Sequence[str]], delimiter: str) -> Iterator[bytes]:
    """Write rows as CSV in UTF-8, one piece a row."""
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=delimiter).writerow(row)
        yield line.getvalue().encode()


def _unpacked(report: bytes) -> bytes:
    if not report.startswith(ZIP_MAGIC):
        return report
    try:
        with zipfile.ZipFile(io.BytesIO(report)) as packed:
            names = [name for name in packed.namelist() if name.lower().endswith(".csv")]
            with packed.open(names[0]) as file:
                return file.read(MOST_BYTES)
    except ZIP_TROUBLES:
        return b""
