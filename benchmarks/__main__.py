"""Runs the benchmarks.

    python -m benchmarks                          all of them, into benchmarks/RESULTS.md
    python -m benchmarks --only checking idle     some, printed only
    python -m benchmarks --thorough               all, with 100,000 random inputs
    python -m benchmarks --quick                  tiny sizes, to see that all of it works

All together take less than ten minutes. On a busy machine the ratios still say something, the
seconds do not.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.machine import described
from benchmarks.measuring import REPOSITORY, Scale, Table, Target, markdown

BENCHMARKS = (
    "checking",
    "uploading",
    "journey",
    "arrival",
    "idle",
    "durability",
    "polling",
)
_HOW_TO_READ = """\
Written by `python -m benchmarks`, in {minutes:.1f} minutes. Figures are medians, with the least and
the greatest in brackets; ratios are of the same round."""
RESULTS = REPOSITORY / "benchmarks" / "RESULTS.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmarks that are asked for."""
    asked = _parser().parse_args(arguments)
    scale = Scale(quick=asked.quick, thorough=asked.thorough)
    print(described(), end="\n\n", flush=True)
    start = time.monotonic()
    found = {name: list(_printed(name, scale)) for name in asked.only or BENCHMARKS}
    minutes = (time.monotonic() - start) / 60
    print(f"{minutes:.1f} minutes")
    into = asked.into or (None if asked.only or asked.quick else RESULTS)
    if into:
        into.write_text(_page(found, minutes), encoding="utf-8", newline="\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--only", nargs="+", choices=BENCHMARKS, metavar="NAME", help="just these")
    parser.add_argument("--quick", action="store_true", help="tiny sizes; the figures mean nothing")
    parser.add_argument("--thorough", action="store_true", help="however long it takes")
    parser.add_argument("--into", type=Path, metavar="FILE", help="write the results there")
    return parser


def _printed(name: str, scale: Scale) -> Iterator[Table]:
    module = importlib.import_module(f"benchmarks.{name}")
    measure: Callable[[Scale], Iterator[Table]] = module.measure
    print(f"## {module.TITLE}\n", flush=True)
    for table in measure(scale):
        print(table, flush=True)
        yield table


def _page(found: dict[str, list[Table]], minutes: float) -> str:
    targets = [target for tables in found.values() for table in tables for target in table.targets]
    parts = [
        "# Results of the last run",
        _HOW_TO_READ.format(minutes=minutes),
        described(),
        "## Targets",
        markdown(
            ("what", "wanted", "measured", ""),
            [(each.what, each.wanted, each.measured, _mark(each)) for each in targets],
        ),
        *(_limits(targets)),
    ]
    for name, tables in found.items():
        parts.append(f"## {importlib.import_module(f'benchmarks.{name}').TITLE}")
        parts += [str(table).rstrip() for table in tables]
    return "\n\n".join(parts) + "\n"


def _mark(target: Target) -> str:
    return "met" if target.met else "**missed**"


def _limits(targets: Sequence[Target]) -> Iterator[str]:
    missed = [each for each in targets if not each.met]
    if missed:
        yield "What limits those that are missed:"
        yield "\n".join(f"- {each.what}: {each.limited_by or 'not known'}" for each in missed)


if __name__ == "__main__":
    sys.exit(main())
