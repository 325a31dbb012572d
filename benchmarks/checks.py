"""Ways to check a file, or only to read it: ours, and what people write instead.

Each takes a path and a kind, and returns how many rows it found and how many faults. They are run
in processes of their own, so that each starts alike and its memory is its own.
"""

import csv
import gc
import importlib
import io
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import row_loop
from benchmarks.row_loop import FORMS, KEYS, LONGEST_CELL, MOST_LISTED, REQUIRED
from dropbox_agent.adapters.checker import Checker
from dropbox_agent.core.checking import CheckPolicy, ContactField, check
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind

Counts = dict[str, int]
Way = Callable[[str, str], Counts]

POLICY = CheckPolicy(contact_fields=(ContactField("loyaltyTier", "text"),))
"""As with an account whose fields are known; otherwise a column of its own is a doubt."""


def ours(path: str, kind: str) -> Counts:
    """Check as the agent's child process does."""
    gc.disable()
    with io.FileIO(path) as file:
        return _counted(check(file, Kind(kind), POLICY))


def ours_started(path: str, kind: str) -> Counts:
    """Check as the agent does, the start of the child process included."""
    return _counted(Checker(small_bytes=0).check(Path(path), Kind(kind), POLICY))


def counting(path: str, _: str) -> Counts:
    """Only count the cells."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        rows = cells = 0
        for row in csv.reader(file):
            rows += 1
            cells += len(row)
    return {"rows": rows - 1, "faults": 0}


def loop(path: str, _: str) -> Counts:
    """Check with the row loop."""
    with Path(path).open("rb") as file:
        report = row_loop.check(file)
    return {"rows": report.rows, "faults": report.totals.total(), "listed": len(report.listed)}


def objects(path: str, _: str) -> Counts:
    """Check with a rule object for each thing that can be wrong, as frameworks do."""
    csv.field_size_limit(LONGEST_CELL)
    rows = faults = 0
    listed: list[tuple[int, str]] = []
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        rules = _rules_for(reader.fieldnames or ())
        line = reader.line_num + 1
        for row in reader:
            rows += 1
            for rule in rules:
                problem = rule.problem_of(row)
                if problem is not None:
                    faults += 1
                    if len(listed) < MOST_LISTED:
                        listed.append((line, problem))
            line = reader.line_num + 1
    return {"rows": rows, "faults": faults, "listed": len(listed)}


class _Form:
    """A cell must be of a form."""

    def __init__(self, column: str, is_good: Callable[[str], object], code: str) -> None:
        self.column = column
        self.is_good = is_good
        self.code = code

    def problem_of(self, row: dict[str, str | None]) -> str | None:
        cell = row[self.column]
        return self.code if cell and not self.is_good(cell) else None


class _Filled:
    """A cell must be filled."""

    def __init__(self, column: str) -> None:
        self.column = column

    def problem_of(self, row: dict[str, str | None]) -> str | None:
        return None if (row[self.column] or "").strip() else "blank"


class _Unique:
    """A cell must not repeat another one."""

    def __init__(self, column: str) -> None:
        self.column = column
        self.seen: set[str | None] = set()

    def problem_of(self, row: dict[str, str | None]) -> str | None:
        cell = row[self.column]
        if cell in self.seen:
            return "duplicate"
        self.seen.add(cell)
        return None


class _Complete:
    """A row must have as many cells as the header."""

    def problem_of(self, row: dict[str, str | None]) -> str | None:
        return "ragged" if None in row or None in row.values() else None


def _rules_for(names: Sequence[str]) -> list[_Form | _Filled | _Unique | _Complete]:
    return [
        _Complete(),
        *(_Filled(name) for name in names if name in (*KEYS, *REQUIRED)),
        *(_Unique(name) for name in names if name in KEYS),
        *(_Form(name, FORMS[name].is_good, FORMS[name].code) for name in names if name in FORMS),
    ]


def polars(path: str, _: str) -> Counts:
    """Read every cell as text, with polars."""
    frame = _engine("polars").read_csv(path, infer_schema=False)
    return {"rows": len(frame), "faults": 0}


def pyarrow(path: str, _: str) -> Counts:
    """Read every cell as text, with pyarrow."""
    reader = _engine("pyarrow.csv")
    names = _header(path)
    types = dict.fromkeys(names, _engine("pyarrow").string())
    table = reader.read_csv(
        path,
        parse_options=reader.ParseOptions(newlines_in_values=True),
        convert_options=reader.ConvertOptions(column_types=types),
    )
    return {"rows": table.num_rows, "faults": 0}


def duckdb(path: str, _: str) -> Counts:
    """Read every cell as text, with DuckDB."""
    table = _engine("duckdb").sql(
        f"SELECT * FROM read_csv('{path}', all_varchar=true, header=true, delim=',', quote='\"')"  # noqa: S608 - our own path
    )
    return {"rows": table.to_arrow_table().num_rows, "faults": 0}


def installed(engine: str) -> bool:
    """Whether a package is there."""
    return find_spec(engine) is not None


def _engine(name: str) -> Any:  # noqa: ANN401 - not there for the type checker
    return importlib.import_module(name)


def _header(path: str) -> list[str]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return next(csv.reader(file))


def _counted(verdict: Verdict) -> Counts:
    about_rows = verdict.errors + verdict.warnings
    # What is told of the file or its header comes first, and is always listed.
    about_rows -= sum((issue.line or 0) <= 1 for issue in verdict.issues)
    return {"rows": verdict.facts.rows, "faults": about_rows, "listed": len(verdict.issues)}
