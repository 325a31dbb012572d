"""What the tests of the commands share."""

import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from dropbox_agent.adapters.logs import stop_logging
from dropbox_agent.cli import exit_code
from tests.processes import IMPATIENT, Home, foreign_environ


@dataclass(frozen=True)
class Told:
    """How a command ended, and what it wrote."""

    exit_code: int
    out: str
    err: str


Command = Callable[..., Told]


@pytest.fixture
def command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """Run commands in this process; settings for their environment may be added by name."""
    for name in os.environ.keys() - foreign_environ().keys():
        monkeypatch.delenv(name)

    def run(*arguments: object, **settings: str) -> Told:
        with monkeypatch.context() as environ:
            for name, text in (IMPATIENT | settings).items():
                environ.setenv(name, text)
            capsys.readouterr()
            code = exit_code([str(each) for each in arguments])
        stop_logging()
        return Told(code, *capsys.readouterr())

    yield run
    stop_logging()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Make a home."""
    return Home.made(tmp_path / "home")


@pytest.fixture
def dead_account() -> Iterator[dict[str, str]]:
    """Give the settings of an account whose server does not answer."""
    with socket.socket() as never_listening:
        never_listening.bind(("127.0.0.1", 0))
        port = never_listening.getsockname()[1]
        yield {"CONNECTIF_API_URL": f"http://127.0.0.1:{port}", "CONNECTIF_API_KEY": "some:key123"}
