"""A disk is really full: nothing is lost or half done, and with room again it goes on by itself."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.drops import contacts, products
from tests.processes import UNHURRIED, Home, Program, account

MOUNT = shutil.which("mount")
SLOW = SandboxOptions(rows_per_second=6_000, requests_per_minute=None)
LARGE = contacts(4_000)
LEFT_BYTES = len(LARGE) // 2
"""Room that is left: a copy of the large file comes as far as its half."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a disk of eight megabytes, where that is allowed."""
    if sys.platform != "linux" or MOUNT is None or os.geteuid() != 0:
        pytest.skip("mounting a disk needs Linux and its administrator")
    folder = tmp_path / "small disk"
    folder.mkdir()
    command = [MOUNT, "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder)]
    with ExitStack() as stack:
        if subprocess.run(command, check=False, capture_output=True).returncode:  # noqa: S603 - no text from outside
            pytest.skip("mounting a disk is not permitted here")
        stack.callback(subprocess.run, ["umount", "-l", str(folder)], check=True)
        yield folder


@contextmanager
def filled(disk: Path, *, left: int = 0) -> Iterator[None]:
    """Fill a disk but for some bytes, and make room again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while file.write(bytes(16_384)):
            pass
    os.truncate(ballast, ballast.stat().st_size - left)
    assert shutil.disk_usage(disk).free < left + 16_384
    yield
    ballast.unlink()


def visible(folder: Path) -> list[str]:
    """List what people see in an archive."""
    return sorted(each.name for each in folder.glob("*/[!.]*"))


def test_a_full_archive_delays_filing_and_nothing_else(home: Home, small_disk: Path) -> None:
    """The file stays claimed, whole, until there is room; then it is filed, and was sent once."""
    with Sandbox(SLOW) as sandbox:
        settings = account(sandbox) | {
            "AGENT_PROCESSED": str(small_disk),
            "AGENT_MIN_FREE": "1 KB",
        }
        with Program(home, "run", settings=settings) as agent:
            home.drop("contacts", "large.csv", LARGE)
            agent.until(lambda: sandbox.imports)
            with filled(small_disk, left=LEFT_BYTES):
                agent.until(lambda: "No space left on device" in agent.log)
                assert visible(small_disk) == []
                assert home.claimed == ["large.csv"]

                home.drop("contacts", "next.csv", LARGE)
                home.drop("products", "bad.csv", b"productId\n1\n")
                agent.until(lambda: "too little free space" in agent.log)
                assert home.waiting == ["bad.csv", "next.csv"]
            agent.until(lambda: len(visible(small_disk)) == 4)
            agent.until(lambda: len(home.reports) == 1)
            assert "Traceback" not in agent.log
        assert len(sandbox.imports) == 2
    reports = [each.name for each in small_disk.glob("*/*.report.json")]
    payloads = {each.read_bytes() for each in small_disk.glob("*/*.csv")}
    assert (len(reports), payloads) == (2, {LARGE})
    assert list(small_disk.glob("*/.*")) == []
    assert home.claimed == home.waiting == []


def test_a_full_disk_under_the_journal_delays_everything(home: Home, small_disk: Path) -> None:
    """What cannot be recorded is not done: files wait in the inbox, and all goes on with room."""
    with Sandbox(UNHURRIED) as sandbox:
        settings = account(sandbox) | {"AGENT_STATE": str(small_disk), "AGENT_MIN_FREE": "1 KB"}
        with Program(home, "run", settings=settings) as agent:
            agent.until_watching()
            with filled(small_disk, left=8_192):
                for number in range(20):
                    home.drop("products", f"{number}.csv", products(number + 1))
                agent.until(lambda: "The journal cannot be used" in agent.log)
                assert home.reports == {}
            agent.until(lambda: len(home.reports) == 20)
            assert "Traceback" not in agent.log
        assert len(sandbox.imports) == 20
    assert {each.outcome for each in home.reports.values()} == {"imported"}
    assert home.claimed == home.waiting == []


def test_killed_on_a_full_disk_it_goes_on_when_there_is_room(home: Home, small_disk: Path) -> None:
    """A start on a full disk fails or waits; with room again every file comes to its end, once."""
    with Sandbox(SLOW) as sandbox:
        settings = account(sandbox) | {
            "AGENT_PROCESSED": str(small_disk),
            "AGENT_MIN_FREE": "1 KB",
        }
        home.drop("contacts", "large.csv", LARGE)
        with Program(home, "run", settings=settings) as agent:
            agent.until(lambda: sandbox.imports)
            with filled(small_disk, left=LEFT_BYTES):
                agent.until(lambda: "No space left on device" in agent.log).kill()
                with Program(home, "run", settings=settings) as second:
                    second.until(lambda: "No space left on device" in second.log).kill()
                assert home.claimed == ["large.csv"]
        with Program(home, "once", settings=settings) as third:
            assert third.exit_code() == 0, third.log
        assert len(sandbox.imports) == 1
    assert [each.read_bytes() for each in small_disk.glob("*/*.csv")] == [LARGE]
    assert list(small_disk.glob("*/.*")) == []
