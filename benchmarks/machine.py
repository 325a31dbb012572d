"""Says what the benchmarks ran on."""

import os
import platform
import re
import subprocess
from collections.abc import Iterable
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measuring import MEGABYTE

PACKAGES = (
    "dropbox-agent", "requests", "urllib3", "watchdog", "polars", "pyarrow", "duckdb",
)  # fmt: skip
_CPU_INFO = Path("/proc/cpuinfo")


def described() -> str:
    """Describe date, machine and versions in a few lines of Markdown."""
    lines = (
        f"Run on {datetime.now(UTC):%d %B %Y, %H:%M} UTC.",
        f"Machine: {os.cpu_count()} x {_processor()}, {_memory()}{platform.platform()}.",
        f"Versions: {', '.join(_versions())}.",
    )
    return "\n".join(f"- {line}" for line in lines)


def _versions() -> Iterable[str]:
    yield f"{platform.python_implementation()} {platform.python_version()}"
    if node := _said_by("node", "--version"):
        yield f"Node {node.removeprefix('v')}"
    for package in PACKAGES:
        try:
            yield f"{package} {version(package)}"
        except PackageNotFoundError:
            continue


def _processor() -> str:
    text = _CPU_INFO.read_text() if _CPU_INFO.exists() else ""
    found = re.search(r"^model name\s*: (.+)$", text, re.MULTILINE)
    return found[1] if found else platform.processor() or platform.machine()


def _memory() -> str:
    try:
        size = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not told by Windows
        return ""
    return f"{size / MEGABYTE / 1000:.0f} GB, "


def _said_by(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    except OSError:
        return ""
    return done.stdout.strip()
