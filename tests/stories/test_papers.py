"""What the agent writes down: reports and logs for machines, without the key and without rows."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.drops import contacts
from tests.processes import Home, Program, account

KEY = "keyid-that-nobody-sees:secret-that-nobody-sees"
CELL = "Wilhelmina-of-the-rows"

FAULTS = (
    "GET:401",
    "GET /imports/:garbled",
    "POST:503",
    "POST:reset-before",
    "GET /imports/:html",
    "GET:redirect=http://127.0.0.1:9/",
)
DROPS = {
    "fine.csv": contacts(2, name=CELL),
    "refused.csv": f"_email,_birthdate\n{CELL}@example.com,2000-01-01\nx@y.z,{CELL}\n".encode(),
    "all-refused.csv": f"_email,_birthdate\na@example.com,{CELL}\n".encode(),
    "ragged.csv": f"_email,_name\na@example.com,{CELL},{CELL}\n".encode(),
    "duplicate.csv": f"_email,_name\n{CELL}@example.com,\n{CELL}@example.com,\n".encode(),
    "latin-1.csv": b"_email,_name\na@example.com," + CELL.encode() + b"\xeb\n",
    "quoted.csv": f'_email,_name\na@example.com,"{CELL}"x\n'.encode(),
    "headless.csv": f"{CELL}@example.com,{CELL}\nb@example.com,{CELL}\n".encode(),
}


@dataclass(frozen=True)
class Aftermath:
    """What was written down in a run in which much went wrong."""

    home: Home
    printed: str
    log: str

    @property
    def papers(self) -> Iterator[Path]:
        """Every file of the home but the senders' own and the rows that go back to them."""
        files = (each for each in self.home.path.rglob("*") if each.is_file())
        return (each for each in files if each.suffix != ".csv")


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """Import files of all fates through a faulty network, with everything logged."""
    home = Home.made(tmp_path_factory.mktemp("papers") / "home")
    for name, content in DROPS.items():
        home.drop("contacts", name, content)
    options = SandboxOptions(api_key=KEY, rows_per_second=200, requests_per_minute=None)
    with Sandbox(options, faults=FAULTS) as sandbox:
        settings = account(sandbox) | {
            "AGENT_LOG_LEVEL": "debug",
            "AGENT_LOG_FORMAT": "json",
            "AGENT_LOG_FILE": "state/agent.log",
        }
        with Program(home, "run", settings=settings) as agent:
            agent.until(lambda: len(home.reports) == len(DROPS))
            yield Aftermath(home, agent.printed, agent.log)


def test_files_of_all_fates_land(aftermath: Aftermath) -> None:
    """The files of this story do go the different ways that they are made for."""
    outcomes = {name: report.outcome for name, report in aftermath.home.reports.items()}
    assert outcomes.pop("fine.csv") == "imported"
    assert outcomes.pop("refused.csv") == "partial"
    assert outcomes.pop("all-refused.csv") == "failed"
    assert outcomes.pop("duplicate.csv") in {"imported", "partial"}
    assert set(outcomes.values()) == {"rejected"}


def test_every_report_follows_the_schema(
    aftermath: Aftermath, report_schema: Draft202012Validator
) -> None:
    """Whatever became of the file, machines can rely on the form of its report."""
    for report in aftermath.home.reports.values():
        report_schema.validate(report.content)


def test_the_key_is_written_nowhere(aftermath: Aftermath) -> None:
    """Neither half of the key is in the outputs or in any file of the home."""
    for secret in KEY.split(":"):
        assert secret not in aftermath.printed
        assert secret not in aftermath.log
        for path in aftermath.papers:
            assert secret.encode() not in path.read_bytes(), path


def test_what_stands_in_rows_is_only_in_files_made_of_rows(aftermath: Aftermath) -> None:
    """No log, report, status file or journal quotes a cell."""
    assert CELL not in aftermath.printed
    assert CELL not in aftermath.log
    for path in aftermath.papers:
        assert CELL.encode() not in path.read_bytes(), path


def test_each_line_of_a_log_in_json_is_an_object_with_time_level_and_job(
    aftermath: Aftermath,
) -> None:
    """Machines can read standard error line by line, and so they can the log file."""
    log_file = (aftermath.home.path / "state" / "agent.log").read_text(encoding="utf-8")
    for lines in (aftermath.log.splitlines(), log_file.splitlines()):
        entries = [json.loads(line) for line in lines]
        assert all({"time", "level", "job", "message"} <= entry.keys() for entry in entries)
        assert {"debug", "info", "warning"} <= {entry["level"] for entry in entries}
