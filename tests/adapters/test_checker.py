"""Files are checked here or in a child process, with the same verdict and a clean end."""

import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import cast

import pytest

from dropbox_agent.adapters.checker import Checker, CheckStopped
from dropbox_agent.core.checking import CheckPolicy, ContactField
from dropbox_agent.core.issue import Verdict
from dropbox_agent.core.kind import Kind
from dropbox_agent.errors import AgentError

NOWHERE = 0
"""A limit in bytes under which no file is small."""


@pytest.fixture
def checker() -> Iterator[Checker]:
    """Give a checker that uses a child process for every file."""
    checker = Checker(timeout_seconds=60, small_bytes=NOWHERE)
    yield checker
    checker.stop()


@pytest.fixture
def contacts(tmp_path: Path) -> Path:
    """Write a file of contacts with one fault."""
    path = tmp_path / "contacts.csv"
    path.write_text("_email,shoe\nana@example.com,1\nb,2\n", encoding="utf-8")
    return path


def test_a_child_comes_to_the_same_verdict(checker: Checker, contacts: Path) -> None:
    """Where a file is checked makes no difference."""
    policy = CheckPolicy(
        row_faults=0.1, contact_fields=(ContactField("_email", "email"), ContactField("shoe", ""))
    )
    there = checker.check(contacts, Kind.CONTACTS, policy)
    here = Checker().check(contacts, Kind.CONTACTS, policy)
    assert there == here
    assert [issue.code for issue in there.issues] == ["email-form"]


def test_a_child_needs_no_current_folder_and_no_installation(
    checker: Checker, contacts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files beside the agent's current folder cannot pose as modules."""
    (tmp_path / "csv.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert checker.check(contacts, Kind.CONTACTS, CheckPolicy()).sendable


@pytest.mark.parametrize("small_bytes", [NOWHERE, 1_000])
def test_a_missing_file_is_an_os_error(tmp_path: Path, small_bytes: int) -> None:
    """What the operating system says of a file is passed on."""
    with pytest.raises(FileNotFoundError):
        Checker(small_bytes=small_bytes).check(tmp_path / "no.csv", Kind.CONTACTS, CheckPolicy())


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("small_bytes", [NOWHERE, 1_000])
def test_links_are_not_followed(tmp_path: Path, contacts: Path, small_bytes: int) -> None:
    """A symbolic link is an error, told with the file's name from a child too."""
    link = tmp_path / "link.csv"
    link.symlink_to(contacts)
    with pytest.raises(OSError, match=r"link\.csv"):
        Checker(small_bytes=small_bytes).check(link, Kind.CONTACTS, CheckPolicy())


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names must be text")
def test_names_need_not_be_text(checker: Checker, tmp_path: Path) -> None:
    """A file whose name is not UTF-8 is checked like any other."""
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9.csv"))
    path.write_text("code\nSUMMER\n", encoding="utf-8")
    assert checker.check(path, Kind.VOUCHERS, CheckPolicy()).facts.rows == 1


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """Write a file that takes minutes when it is read line by line."""
    path = tmp_path / "endless.csv"
    path.write_bytes(b"code\n" + b"S\n" * 5_000_000)
    return path


LINE_BY_LINE = CheckPolicy(block_bytes=1)


def test_a_check_that_takes_too_long_is_given_up(endless: Path) -> None:
    """After the time limit the child is ended and the file named."""
    checker = Checker(timeout_seconds=0.2, small_bytes=NOWHERE)
    with pytest.raises(AgentError, match=r"endless\.csv") as told:
        checker.check(endless, Kind.VOUCHERS, LINE_BY_LINE)
    assert told.value.code == "check-timeout"


@pytest.fixture
def in_background() -> Iterator[ThreadPoolExecutor]:
    """Give a thread to wait in."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def child_of(checker: Checker) -> "subprocess.Popen[bytes]":
    """Wait for the child process of a check under way."""
    pause = threading.Event()
    while not checker._children:
        pause.wait(0.01)
    return next(iter(checker._children))


def check_endlessly(pool: ThreadPoolExecutor, checker: Checker, endless: Path) -> "Future[Verdict]":
    """Begin a check that will not end by itself."""
    return pool.submit(checker.check, endless, Kind.VOUCHERS, LINE_BY_LINE)


def test_stopping_ends_a_check_at_once(
    checker: Checker, endless: Path, in_background: ThreadPoolExecutor
) -> None:
    """The child is killed, and who waits for the verdict is told why there is none."""
    waiting = check_endlessly(in_background, checker, endless)
    process = child_of(checker)
    checker.stop()
    with pytest.raises(CheckStopped):
        waiting.result(timeout=30)
    assert process.returncode


def test_a_stopped_checker_begins_nothing(checker: Checker, contacts: Path) -> None:
    """After the stop further checks are refused."""
    checker.stop()
    with pytest.raises(CheckStopped):
        checker.check(contacts, Kind.CONTACTS, CheckPolicy())


def test_a_killed_child_is_an_error(
    checker: Checker, endless: Path, in_background: ThreadPoolExecutor
) -> None:
    """A child that ends without a verdict is told as such, with the file's name."""
    waiting = check_endlessly(in_background, checker, endless)
    child_of(checker).kill()
    with pytest.raises(AgentError, match=r"endless\.csv") as told:
        waiting.result(timeout=30)
    assert told.value.code == "check-crashed"


def test_a_crash_is_told_with_its_last_lines(checker: Checker, contacts: Path) -> None:
    """What a child wrote about its end is passed on."""
    fields = (ContactField(id=cast("str", 7), type="text"),)
    with pytest.raises(AgentError, match="Error") as told:
        checker.check(contacts, Kind.CONTACTS, CheckPolicy(contact_fields=fields))
    assert told.value.code == "check-crashed"


PARENT = """
import os, signal, sys, threading
from pathlib import Path
from dropbox_agent.adapters.checker import Checker
from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.kind import Kind

checker = Checker(small_bytes=0)
check = lambda: checker.check(Path(sys.argv[1]), Kind.VOUCHERS, CheckPolicy(block_bytes=1))
threading.Thread(target=check, daemon=True).start()
while not checker._children:
    threading.Event().wait(0.01)
print(next(iter(checker._children)).pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="waits for a process that is not its child")
def test_a_child_ends_with_its_parent(endless: Path) -> None:
    """When the agent is killed, no check goes on without it."""
    parent = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PARENT, endless], stdout=subprocess.PIPE, check=False, timeout=60
    )
    try:
        child = os.pidfd_open(int(parent.stdout))
    except ProcessLookupError:
        return
    try:
        assert select.select([child], [], [], 30)[0]
    finally:
        os.close(child)
