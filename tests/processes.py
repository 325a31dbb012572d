"""The program as processes of its own, on homes of their own.

Only stories use it: a process takes real time, so they wait for what shall happen, with a deadline
that no working program comes near.
"""

import contextlib
import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from dropbox_agent.cli import exit_code
from dropbox_agent.sandbox import DEFAULT_COUPON_SET, Sandbox, SandboxOptions
from dropbox_agent.settings.reading import OUR_PREFIXES

DEADLINE_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 0.02

UNHURRIED: Final = SandboxOptions(rows_per_second=None, requests_per_minute=None)
"""A sandbox that imports at once and counts no requests."""

IMPATIENT: Final = {
    "AGENT_SETTLE_SECONDS": "0.1",
    "AGENT_EMPTY_HOLD_SECONDS": "0.1",
    "AGENT_TRUNCATED_HOLD_SECONDS": "0.1",
    "AGENT_RESCAN_SECONDS": "0.5",
    "AGENT_POLL_FLOOR_SECONDS": "0.1",
    "AGENT_POLL_CEILING_SECONDS": "0.5",
    "AGENT_BACKOFF_FLOOR_SECONDS": "0.05",
    "AGENT_BACKOFF_CEILING_SECONDS": "0.1",
    "AGENT_UNKNOWN_GRACE_SECONDS": "0.2",
    "AGENT_STOP_SECONDS": "0.2",
}
"""Settings for an agent that waits as little as possible."""

if sys.platform == "win32":
    STOPS: Final = (signal.CTRL_BREAK_EVENT,)
    _OWN_GROUP: Final = subprocess.CREATE_NEW_PROCESS_GROUP
else:
    STOPS: Final = (signal.SIGTERM, signal.SIGINT)
    _OWN_GROUP: Final = 0
"""The ways in which an operating system asks a process to stop."""


def account(sandbox: Sandbox, url: str = "") -> dict[str, str]:
    """Write the settings that make a sandbox the account, at its own address unless told."""
    return {
        "CONNECTIF_API_URL": url or sandbox.url,
        "CONNECTIF_API_KEY": sandbox.api_key,
        "VOUCHERS_COUPON_SET": DEFAULT_COUPON_SET,
    }


@dataclass(frozen=True)
class Home:
    """A home folder, as its users see it."""

    path: Path

    @classmethod
    def made(cls, path: Path) -> "Home":
        """Make a home as people do."""
        with contextlib.redirect_stdout(io.StringIO()):
            assert exit_code(["init", "--home", str(path)]) == 0
        return cls(path)

    def drop(self, kind: str, name: str, content: bytes) -> Path:
        """Drop a file as good senders do: under another name first."""
        target = self.path / "inbox" / kind / name
        unfinished = target.with_name(f"{name}.part")
        unfinished.write_bytes(content)
        return unfinished.replace(target)

    @property
    def waiting(self) -> list[str]:
        """Names of the files in the inboxes, without those that are claimed."""
        return sorted(each.name for each in (self.path / "inbox").glob("[!.]*/*"))

    @property
    def claimed(self) -> list[str]:
        """Names of the claimed payloads."""
        return sorted(each.name for each in (self.path / "inbox" / ".claimed").glob("*/*"))

    @property
    def reports(self) -> dict[str, "Report"]:
        """The reports there are, by the names that the senders gave."""
        found = (Report.read(each) for each in self.path.glob("*/*/*.report.json"))
        return {each.content["file"]["name"]: each for each in found}


@dataclass(frozen=True)
class Report:
    """One report, and where it lies."""

    path: Path
    content: dict[str, Any]

    @classmethod
    def read(cls, path: Path) -> "Report":
        """Read a report."""
        return cls(path, json.loads(path.read_text(encoding="utf-8")))

    @property
    def outcome(self) -> str:
        """What became of the file."""
        return str(self.content["outcome"])

    @property
    def folder(self) -> str:
        """The two folders it lies in: ``processed/contacts``."""
        return "/".join(self.path.parts[-3:-1])

    @property
    def payload(self) -> bytes:
        """The bytes of the file beside it."""
        return self.path.with_name(self.content["file"]["archived_as"]).read_bytes()


class Program:
    """``dropbox-agent`` as a process; killed when its block ends.

    Args:
        home: The home it is started on; None for a command without one.
        arguments: The command and its options.
        settings: Settings to be found in its environment.
    """

    def __init__(
        self, home: Home | None, *arguments: str, settings: Mapping[str, str] | None = None
    ) -> None:
        self._command = [sys.executable, "-m", "dropbox_agent", *arguments]
        if home is not None:
            self._command += ["--home", str(home.path)]
        self._environ = foreign_environ() | IMPATIENT | dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None
        self._outputs = contextlib.ExitStack()

    def __enter__(self) -> Self:
        folder = Path(self._outputs.enter_context(tempfile.TemporaryDirectory()))
        self._stdout, self._stderr = folder / "stdout", folder / "stderr"
        with self._stdout.open("wb") as stdout, self._stderr.open("wb") as stderr:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                self._command,
                env=self._environ,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                creationflags=_OWN_GROUP,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.kill()
        self._outputs.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._started.pid

    @property
    def printed(self) -> str:
        """What it has written to standard output so far."""
        return self._stdout.read_text(encoding="utf-8")

    @property
    def log(self) -> str:
        """What it has written to standard error so far."""
        return self._stderr.read_text(encoding="utf-8")

    def until(self, condition: Callable[[], object]) -> Self:
        """Wait until something is so; it is a failure when it is not so in time."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not condition():
            ended = self._started.poll()
            assert ended is None or condition(), f"it ended with {ended}:\n{self.log}"
            assert time.monotonic() < deadline, f"it did not happen in time:\n{self.log}"
            time.sleep(LOOK_SECONDS)
        return self

    def until_watching(self) -> Self:
        """Wait until it watches its inboxes."""
        return self.until(lambda: "watching" in self.log)

    def ask_to_stop(self, way: signal.Signals) -> Self:
        """Ask it to stop, as service managers and keyboards do."""
        self._started.send_signal(way)
        return self

    def kill(self) -> None:
        """End it at once and without warning, as kill -9 does."""
        self._started.kill()
        self._started.wait()

    def exit_code(self) -> int:
        """Wait for its end and return its exit code."""
        try:
            return self._started.wait(DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it did not end in time:\n{self.log}") from None

    @property
    def _started(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "use it in a with statement"
        return self._process


def foreign_environ() -> dict[str, str]:
    """Return the environment without any setting of ours."""
    return {name: text for name, text in os.environ.items() if not name.startswith(OUR_PREFIXES)}
