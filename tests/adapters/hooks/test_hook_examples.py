"""The examples of the documentation do what it says."""

import csv
import json
import os
import re
import sys
from pathlib import Path

import pytest

from dropbox_agent.adapters.hooks.command import PASSED_ON, plain_environ
from dropbox_agent.adapters.hooks.runner import Ended, Runner
from dropbox_agent.core.job import Stage
from dropbox_agent.core.report import Origin, build_report
from dropbox_agent.settings import read_settings
from dropbox_agent.settings.reading import HOOK_VARIABLES
from tests.jobs import job_at

PAGE = (Path(__file__).parents[3] / "docs" / "hooks.md").read_text(encoding="utf-8")
EXAMPLES = dict(re.findall(r"<!-- example: (\S+) -->\n```\w+\n(.*?)```", PAGE, re.DOTALL))
JOB = job_at(Stage.FILED)
REPORT = json.dumps(build_report(JOB, (), Origin("0", "host"))).encode()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Make a home with both examples, a report and its file."""
    (tmp_path / "hooks").mkdir()
    for name, code in EXAMPLES.items():
        path = tmp_path / "hooks" / name
        path.write_text(code, encoding="utf-8")
        path.chmod(0o755)
    (tmp_path / "x.report.json").write_bytes(REPORT)
    (tmp_path / "x.csv").touch()
    return tmp_path


def words(home: Path, name: str) -> tuple[str, ...]:
    """Read the command as the example says that it be written."""
    (line,) = re.findall(r"^# (AGENT_HOOK=.*)$", EXAMPLES[name], re.MULTILINE)
    (home / "agent.env").write_text(line, encoding="utf-8")
    return read_settings(home, {}).hook


def run(home: Path, *command: str, **environ: str) -> Ended:
    """Run a hook as the agent does."""
    about = {"AGENT_REPORT": str(home / "x.report.json"), **environ}
    return Runner(command, home, 60.0).run(REPORT, plain_environ(os.environ) | about)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell of Unix")
def test_the_shell_script_hands_back_what_was_not_imported(home: Path) -> None:
    """Report and file, or the report alone if the file is gone."""
    command = words(home, "hand-back.sh")
    assert command[0] == "hooks/hand-back.sh"
    program = str(home / command[0])
    assert run(home, program, "both", AGENT_PAYLOAD=str(home / "x.csv")) == Ended(0)
    assert {each.name for each in (home / "both").iterdir()} == {"x.csv", "x.report.json"}
    assert run(home, program, *command[1:]) == Ended(0)
    assert {each.name for each in (home / "for-the-shop").iterdir()} == {"x.report.json"}


def test_the_python_script_keeps_a_list(home: Path) -> None:
    """A line for each outcome."""
    command = words(home, "list.py")
    for _ in range(2):
        assert run(home, sys.executable, *command) == Ended(0)
    with (home / command[-1]).open(encoding="utf-8", newline="") as file:
        first, second = csv.reader(file)
    assert first == second
    assert first[1:] == ["c1", "contacts", "customers.csv", "imported", "10", "10", "0"]


def test_the_page_names_all_that_a_hook_finds_in_its_environment() -> None:
    """What is only there on Windows is summed up."""
    for name in HOOK_VARIABLES:
        assert f"| `{name}` |" in PAGE
    told = set(re.findall(r"`([A-Z]+)`", PAGE))
    assert {each for each in PASSED_ON if each in os.environ or each == "PATH"} <= told
