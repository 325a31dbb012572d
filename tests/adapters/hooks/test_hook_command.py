"""The program of a hook is found at the start, and finds no secrets in its environment."""

import os
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.hooks.command import find_program, plain_environ
from dropbox_agent.errors import BadConfiguration
from tests.processes import foreign_environ

needs_unix = pytest.mark.skipif(sys.platform == "win32", reason="any file may be run there")


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """Make a program in a folder of the home."""
    path = tmp_path / "hooks" / "tell.sh"
    path.parent.mkdir()
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_path_begins_at_the_home(tmp_path: Path, script: Path) -> None:
    """Or at the root, if it is whole."""
    assert find_program(("hooks/tell.sh", "x"), tmp_path, {}) == script
    assert find_program((str(script),), Path("/nowhere"), {}) == script


def test_a_name_is_looked_for_on_the_path(tmp_path: Path) -> None:
    """Nowhere else: not in the current folder."""
    python = Path(sys.executable)
    found = find_program((python.name,), tmp_path, {"PATH": str(python.parent)})
    assert found == python


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("hooks/gone.sh", "whole path"),
        ("tell-nobody", "whole path"),
        ("here.sh", "AGENT_HOOK=./here.sh"),
        ("hooks", "whole path"),
    ],
)
def test_one_that_is_not_there_is_named(tmp_path: Path, script: Path, word: str, hint: str) -> None:
    """With what to write instead, and the exit code of wrong settings."""
    (tmp_path / "here.sh").touch(script.stat().st_mode)
    with pytest.raises(BadConfiguration) as caught:
        find_program((word,), tmp_path, {"PATH": os.defpath})
    assert word in caught.value.message
    assert hint in caught.value.hint
    assert (caught.value.code, caught.value.exit_code) == ("hook-not-found", 78)


@needs_unix
def test_one_that_may_not_be_run_is_named(tmp_path: Path, script: Path) -> None:
    """With the command that mends it."""
    script.chmod(0o644)
    with pytest.raises(BadConfiguration) as caught:
        find_program(("hooks/tell.sh",), tmp_path, {})
    assert "may not be run" in caught.value.message
    assert "chmod" in caught.value.hint


def test_the_environment_of_a_hook_has_no_setting_and_no_secret() -> None:
    """Only names that are known to be harmless."""
    environ = foreign_environ() | {
        "PATH": "/bin",
        "LC_ALL": "C.UTF-8",
        "CONNECTIF_API_KEY": "id:secret",
        "AGENT_NOTIFY": "mailto://user:secret@example.com",
        "CREDENTIALS_DIRECTORY": "/run/credentials",
        "HTTPS_PROXY": "http://user:secret@proxy.example.com",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "NOTIFY_SOCKET": "/run/notify",
    }
    plain = plain_environ(environ)
    assert plain["PATH"] == "/bin"
    assert plain["LC_ALL"] == "C.UTF-8"
    assert "secret" not in str(plain)
    assert not {"CREDENTIALS_DIRECTORY", "NOTIFY_SOCKET"} & plain.keys()


def test_without_a_path_a_hook_has_the_usual_one() -> None:
    """A service may have none."""
    assert plain_environ({}) == {"PATH": os.defpath}
