"""Safeguards: take them out one by one, and see that a test notices each time.

    python benchmarks/safeguards.py

Copies this checkout into a temporary folder. There every safeguard of ``safeguards.toml`` is
taken out by itself, the tests named with it are run, and it is put back. Ends with 1 if a test
does not notice, if a safeguard is not where the list says, or if the tests fail all the same.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

REPOSITORY = Path(__file__).parents[1]
LIST = Path(__file__).with_suffix(".toml")

PASSED, FAILED = 0, 1
"""How pytest ends when it has run tests; anything else means that it could not."""


@dataclass(frozen=True, slots=True)
class Safeguard:
    """Something that keeps a promise, and who notices when it is gone.

    Attributes:
        name: What it is, in plain words.
        file: Where it stands, from the root of the repository.
        old: Its text there.
        new: What to put in its place to take it out.
        tests: Node ids of tests; each must fail without it, or at least one of its examples.
    """

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    @classmethod
    def read(cls, table: dict[str, Any]) -> "Safeguard":
        """Read an entry of the list."""
        return cls(**{**table, "tests": tuple(table["tests"])})

    def taken_out_of(self, text: str) -> str:
        """Return the text of its file without it.

        Raises:
            ValueError: It is not there, or there are several like it.
        """
        if (found := text.count(self.old)) != 1:
            raise ValueError(f"{self.file} has its text {found} times")
        return text.replace(self.old, self.new)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of tests has shown.

    Attributes:
        code: How pytest ended.
        failed: Node ids of the tests that failed.
        seconds: How long it took.
        output: All that it printed.
    """

    code: int
    failed: tuple[str, ...]
    seconds: float
    output: str

    def unmoved(self, tests: Iterable[str]) -> list[str]:
        """List the tests, out of those named, of which no example failed."""
        failed = {*self.failed, *(each.partition("[")[0] for each in self.failed)}
        return [test for test in tests if test not in failed]


def safeguards() -> tuple[Safeguard, ...]:
    """Read the list."""
    with LIST.open("rb") as file:
        return tuple(Safeguard.read(table) for table in tomllib.load(file)["safeguard"])


def copy_checkout(target: Path) -> None:
    """Copy the files of this checkout as they are now, those not committed yet as well."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)  # noqa: S603 - fixed words
    for name in os.fsdecode(listed.stdout).split("\0"):
        if name and (REPOSITORY / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(REPOSITORY / name, target / name)


def run_tests(root: Path, tests: Iterable[str], *, keep_bytecode: bool = False) -> Run:
    """Run tests on the code below a folder, and on no other that may be installed.

    Args:
        root: The copy of the repository.
        tests: Node ids.
        keep_bytecode: Whether the code is as it will stay.
    """
    environ = {**os.environ, "PYTHONPATH": str(root)}
    if not keep_bytecode:
        environ["PYTHONDONTWRITEBYTECODE"] = "1"
    options = ("-q", "-rf", "--tb=no", "-p", "no:cacheprovider", f"--basetemp={root / 'tmp'}")
    began = time.monotonic()
    done = subprocess.run(  # noqa: S603 - our own tests
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=root,
        env=environ,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    failed = (line for line in done.stdout.splitlines() if line.startswith("FAILED "))
    names = tuple(line.removeprefix("FAILED ").partition(" - ")[0] for line in failed)
    return Run(done.returncode, names, time.monotonic() - began, done.stdout)


def run_without(root: Path, safeguard: Safeguard) -> Run:
    """Run the tests of a safeguard while it is taken out.

    Raises:
        ValueError: It is not where the list says.
    """
    file = root / safeguard.file
    whole = file.read_text(encoding="utf-8")
    file.write_text(safeguard.taken_out_of(whole), encoding="utf-8")
    try:
        return run_tests(root, safeguard.tests)
    finally:
        file.write_text(whole, encoding="utf-8")


def try_all(root: Path, listed: Sequence[Safeguard]) -> int:
    """Take out each safeguard by itself and print who noticed; return how many are not needed."""
    width = max(len(each.name) for each in listed)
    print(f"{'safeguard':{width}} | tests that noticed | seconds")
    unneeded = 0
    for safeguard in listed:
        try:
            run = run_without(root, safeguard)
        except ValueError as error:
            told, is_needed, seconds = f"NOT TRIED: {error}", False, 0.0
        else:
            told, is_needed = _told(run, safeguard)
            seconds = run.seconds
        unneeded += not is_needed
        print(f"{safeguard.name:{width}} | {told} | {seconds:.1f}", flush=True)
    return unneeded


def _told(run: Run, safeguard: Safeguard) -> tuple[str, bool]:
    """Say who noticed that a safeguard was gone, and whether all did that should."""
    if run.code not in {PASSED, FAILED}:
        return f"NOT TRIED: pytest ended with {run.code}\n{run.output}", False
    if unmoved := run.unmoved(safeguard.tests):
        return f"NOT NOTICED by {', '.join(unmoved)}", False
    names = (each.rpartition("::")[2].removeprefix("test_") for each in run.failed)
    count = Counter(each.partition("[")[0] for each in names)
    return ", ".join(f"{name} ({times})" for name, times in count.items()), True


def main() -> None:
    """Read the command line, run the tests with all safeguards, then without each of them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="a word in the names of those to take out")
    word = parser.parse_args().only
    listed = [each for each in safeguards() if word in each.name]
    if not listed:
        sys.exit(f"no safeguard has '{word}' in its name")
    with TemporaryDirectory(prefix="safeguards-") as folder:
        root = Path(folder).resolve()
        copy_checkout(root)
        tests = dict.fromkeys(test for each in listed for test in each.tests)
        whole = run_tests(root, tests, keep_bytecode=True)
        if whole.code != PASSED:
            sys.exit(f"{whole.output}\nWith nothing taken out the tests do not pass.")
        print(f"nothing taken out: all tests pass, {whole.seconds:.1f} seconds\n", flush=True)
        unneeded = try_all(root, listed)
    print(f"\n{len(listed)} safeguards, {len(listed) - unneeded} of them noticed when taken out")
    sys.exit(1 if unneeded else 0)


if __name__ == "__main__":
    main()
