"""The benchmarks of a whole agent run through in tiny sizes and give tables of one form."""

import importlib
import sys

import pytest

from benchmarks.measuring import Scale

needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="they read /proc")


DEAR = pytest.mark.exhaustive
"""They take many seconds each, however tiny the sizes."""


@needs_linux
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("arrival", marks=DEAR),
        "durability",
        pytest.param("idle", marks=DEAR),
        pytest.param("journey", marks=DEAR),
    ],
)
def test_a_benchmark_gives_tables(name: str) -> None:
    """Each row has a cell for each column; how long anything took is not looked at."""
    tables = list(importlib.import_module(f"benchmarks.{name}").measure(Scale(quick=True)))
    assert tables
    for table in tables:
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert table.title in str(table)
