"""Coverage of the modules that keep the promise: every line and every branch of them is tested.

    python benchmarks/promise_coverage.py

Runs the tests of the core, the loop and the adapters, shows what of these modules they did not
reach, and ends with 1 unless that is nothing. What is given behind the command goes to pytest.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]

MODULES = (
    "adapters/journal/database.py",
    "adapters/journal/journal.py",
    "adapters/spool/archive.py",
    "adapters/spool/bodies.py",
    "adapters/spool/claims.py",
    "adapters/spool/disk.py",
    "adapters/spool/inboxes.py",
    "adapters/spool/mark.py",
    "adapters/spool/spool.py",
    "agent/agent.py",
    "agent/asking.py",
    "agent/board.py",
    "agent/files.py",
    "agent/held.py",
    "agent/sending.py",
    "core/delivery.py",
    "core/duplicates.py",
    "core/events.py",
    "core/filing.py",
    "core/gates.py",
    "core/imports.py",
    "core/job.py",
    "core/judging.py",
    "core/lifecycle.py",
    "core/reception.py",
    "core/reconciling.py",
    "core/recording.py",
    "core/settling.py",
)

TESTS = ("tests/core", "tests/agent", "tests/adapters")


def main() -> int:
    """Run the tests, then report on these modules alone."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COVERAGE_FILE"] = str(Path(folder, "coverage"))
        tested = _run("pytest", "-q", *TESTS, "--cov=dropbox_agent", "--cov-report=", *sys.argv[1:])
        include = ",".join(f"dropbox_agent/{each}" for each in MODULES)
        covered = _run("coverage", "report", "--fail-under=100", f"--include={include}")
    return int(bool(tested or covered))


def _run(module: str, *arguments: str) -> int:
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - our own words


if __name__ == "__main__":
    sys.exit(main())
