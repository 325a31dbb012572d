"""Rows to fix: what the server refused, brought back to the sender's own rows and lines.

What an error report looks like is not documented. So it is understood loosely: columns named as
in the file are the row, all others tell why it was refused.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

LINE_COLUMN = "_line"
ERROR_COLUMN = "_error"

MOST_ROWS = 100_000
"""Refused rows that are brought back; they are held in memory. The counts tell of all."""

MOST_BYTES = 50_000_000
"""Bytes of a report that are read, unpacked."""

LONGEST_CELL = 1_000_000
"""The csv module refuses longer cells than it is told; its own bound is lower than ours."""

ZIP_MAGIC = b"PK\x03\x04"


_NO_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    IndexError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""All that zipfile raises for archives that are damaged, locked, or packed in unknown ways."""


@dataclass(frozen=True, slots=True)
class Refusals:
    """Rows that the server refused.

    Attributes:
        columns: Names that the report shares with the file, in the order of the file.
        reasons: By the cells of these columns, why the row was refused.
    """

    columns: tuple[str, ...]
    reasons: dict[tuple[str, ...], str]


def read_refusals(report: bytes, columns: Sequence[str]) -> Refusals:
    """Understand an error report.

    Args:
        report: The bytes of the CSV, or of a ZIP with one in it.
        columns: The header of the file that was sent.
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
        shared = tuple(name for name in columns if name in header)
        places = [header.index(name) for name in shared]
        others = [place for place in range(len(header)) if place not in places]
        for row in reader:
            cells = [*row, *[""] * (len(header) - len(row))]
            told = "; ".join(cells[place] for place in others if cells[place])
            reasons.setdefault(tuple(cells[place] for place in places), told)
            if len(reasons) >= MOST_ROWS:
                break
    return Refusals(shared, reasons if shared else {})


def rows_to_fix(
    payload: Iterable[str], delimiter: str, refusals: Sequence[Refusals]
) -> Iterator[list[str]]:
    """Yield a header and the refused rows of a file, each with its line and the reason.

    Refusals that fit no row come last, without a line, so that nothing the server said is lost.

    Args:
        payload: The lines of the file that was sent, with their line ends.
        delimiter: What separates its columns.
        refusals: What the server refused, for each import.
    """
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(payload, delimiter=delimiter)
    header = next(reader, [])
    yield [*header, LINE_COLUMN, ERROR_COLUMN]
    known = [(each, [header.index(name) for name in each.columns]) for each in refusals]
    met: set[tuple[str, ...]] = set()
    line = reader.line_num + 1
    for row in reader:
        for each, places in known:
            key = tuple(row[place] if place < len(row) else "" for place in places)
            if key in each.reasons:
                met.add(key)
                yield [*row, str(line), each.reasons[key]]
                break
        line = reader.line_num + 1
    for each in refusals:
        for key, told in each.reasons.items():
            if key not in met:
                cells = dict(zip(each.columns, key, strict=True))
                yield [*(cells.get(name, "") for name in header), "", told]


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
    except _NO_ZIP:
        return b""
