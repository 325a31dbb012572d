"""Files of contacts with one row, no two of them alike in all of a run."""

from itertools import count
from pathlib import Path

from benchmarks.yard import HEADERS, ROWS

NUMBERS = count(1)


def small_files(folder: Path, files: int) -> list[Path]:
    """Write some more."""
    paths = []
    for _ in range(files):
        number = next(NUMBERS)
        paths.append(folder / f"small-{number:06}.csv")
        paths[-1].write_text(f"{HEADERS['contacts']}\n{ROWS['contacts'].format(number)}\n")
    return paths
