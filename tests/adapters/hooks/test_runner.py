"""One program is run within its limits, whatever it does."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from dropbox_agent.adapters.hooks.command import plain_environ
from dropbox_agent.adapters.hooks.runner import Ended, NotStartable, Runner
from dropbox_agent.adapters.hooks.tail import KEPT_BYTES

needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such groups")
LONG = 100.0


def runner(folder: Path, code: str, seconds: float = LONG) -> Runner:
    """Run a few lines of Python, each time anew."""
    return Runner((sys.executable, "-c", code), folder, seconds)


def shell(folder: Path, script: str, seconds: float = LONG) -> Runner:
    """Run a few lines of shell, each time anew."""
    return Runner(("/bin/sh", "-c", script), folder, seconds)


def run(one: Runner, given: bytes = b"", **environ: str) -> Ended:
    """Run it with what hooks find in their environment, and a little more."""
    return one.run(given, plain_environ(os.environ) | environ)


@contextmanager
def killed_later(ended: Ended) -> Iterator[None]:
    """End the process whose number was printed last, when the block ends."""
    try:
        yield
    finally:
        with suppress(ProcessLookupError):
            os.kill(int(ended.said.split()[0]), signal.SIGKILL)


def test_it_gets_what_it_is_given_byte_for_byte(tmp_path: Path) -> None:
    """On standard input, from beginning to end."""
    given = bytes(range(256)) * 4_000
    code = "import sys; open('got', 'wb').write(sys.stdin.buffer.read())"
    assert run(runner(tmp_path, code), given) == Ended(0)
    assert (tmp_path / "got").read_bytes() == given


def test_it_is_run_in_its_folder_with_its_environment_and_nothing_else(tmp_path: Path) -> None:
    """Nothing of the agent's own environment comes through by itself."""
    code = "import os; print(os.getcwd()); print(sorted(os.environ))"
    environ = {"AGENT_JOB": "c1", "PATH": os.environ["PATH"]}
    if sys.platform == "win32":
        environ["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    ended = runner(tmp_path, code).run(b"", environ)
    folder, names = ended.said.splitlines()
    assert Path(folder).samefile(tmp_path)
    assert set(eval(names)) - {"LC_CTYPE"} == set(environ)  # noqa: S307 - printed by our own lines


def test_how_it_ended_and_what_it_said_last_is_told(tmp_path: Path) -> None:
    """Both outputs, in the order of printing."""
    code = "import sys; print('one', flush=True); sys.exit('two')"
    assert run(runner(tmp_path, code)) == Ended(1, "one\ntwo\n")


def test_one_that_does_not_read_is_not_waited_for(tmp_path: Path) -> None:
    """However much it was given."""
    assert run(runner(tmp_path, "pass"), b"x" * 5_000_000) == Ended(0)


def test_one_that_prints_without_end_is_listened_to_and_ended(tmp_path: Path) -> None:
    """Only the end of it is kept."""
    ended = run(runner(tmp_path, "while True: print('x' * 1000)", seconds=0.5))
    assert ended.code is None
    assert len(ended.said) <= KEPT_BYTES


def test_one_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    """And what it has said by then is told."""
    code = "import time; print('begun', flush=True); time.sleep(600)"
    ended = run(runner(tmp_path, code, seconds=1.0))
    assert ended == Ended(None, "begun\n")


def test_one_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    """And the next one runs all the same."""
    with pytest.raises(NotStartable):
        run(Runner((str(tmp_path / "gone"),), tmp_path, LONG))


@needs_unix
def test_a_signal_that_ended_it_is_told(tmp_path: Path) -> None:
    """As a number less than 0."""
    assert run(shell(tmp_path, "kill -9 $$")) == Ended(-9)


@needs_unix
def test_all_that_it_has_started_ends_with_it(tmp_path: Path) -> None:
    """A pipe that they all hold open shows when the last of them is gone."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    one = shell(tmp_path, "exec 3>pipe; (trap '' TERM; echo ready >&3; sleep 600) & sleep 600")
    with ThreadPoolExecutor(1) as threads:
        running = threads.submit(run, one)
        with pipe.open("rb") as end:
            assert end.readline() == b"ready\n"
            one.stop()
            assert end.read() == b""
        assert running.result().with_us


@needs_unix
def test_one_that_leaves_a_process_behind_is_not_waited_for(tmp_path: Path) -> None:
    """Even if that keeps the output open."""
    ended = run(shell(tmp_path, "setsid sleep 600 & echo $!"))
    with killed_later(ended):
        assert ended.code == 0


@needs_unix
def test_one_that_leaves_a_process_behind_that_prints_is_not_waited_for(tmp_path: Path) -> None:
    """However fast it prints: it has nobody to print to any more."""
    ended = run(shell(tmp_path, "(sleep 0.3; exec yes) & echo $!; exec 1>&2; sleep 0.1"))
    with killed_later(ended):
        assert ended.code == 0


def test_when_it_is_stopped_nothing_more_is_started(tmp_path: Path) -> None:
    """What would have been run is told as not run."""
    one = runner(tmp_path, "open('run', 'w')")
    one.stop()
    assert run(one) == Ended(None, with_us=True)
    assert list(tmp_path.iterdir()) == []


@needs_unix
def test_ctrl_c_does_not_reach_it(tmp_path: Path) -> None:
    """It is in a session of its own, without a terminal."""
    ended = run(runner(tmp_path, "import os; print(os.getsid(0) == os.getpid())"))
    assert ended.said == "True\n"
