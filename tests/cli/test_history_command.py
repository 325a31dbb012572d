"""``history``: for people, machines and spreadsheets."""

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.cli.history import HEADER
from dropbox_agent.core.job import Job, Mark, Stage
from dropbox_agent.core.kind import Kind
from dropbox_agent.folders import JOURNAL_NAME
from dropbox_agent.sandbox import Sandbox
from tests.cli.conftest import Command
from tests.crashes import QuickJournal
from tests.drops import contacts, products
from tests.jobs import job_at, new_job
from tests.processes import UNHURRIED, Home, Program, account


@pytest.fixture
def busy(home: Home, command: Command) -> Home:
    """Make a home in which three files were filed."""
    home.drop("contacts", "people.csv", contacts(1_234))
    home.drop("products", "Chairs.csv", products(2))
    home.drop("contacts", "=bad.csv", b"Email\nada@example.com\n")
    with Sandbox(UNHURRIED) as sandbox:
        command("once", "--home", home.path, **account(sandbox))
    return home


def fill(home: Home, jobs: Sequence[Job]) -> None:
    """Record jobs as filed, one after the other."""
    with QuickJournal(home.path / "state" / JOURNAL_NAME) as journal:
        for job in jobs:
            journal.save(job_at(Stage.FILED, journal.add(job)))


def lines(printed: str) -> list[Any]:
    """Read JSON lines."""
    return [json.loads(line) for line in printed.splitlines()]


def test_people_see_what_became_of_each_file_and_the_sum(busy: Home, command: Command) -> None:
    """Not on a terminal, nothing is cut and each line has the path of its report."""
    told = command("history", "--home", busy.path)
    assert told.exit_code == 0
    printed = told.out.splitlines()
    for name in ("people.csv", "Chairs.csv", "=bad.csv"):
        (line,) = [each for each in printed if f"  {name} " in each]
        assert line.endswith(str(busy.reports[name].path))
        assert busy.reports[name].outcome in line
    assert printed[-1] == ("3 files: 2 imported, 1 rejected; 1,237 rows: 1,236 in, 0 refused.")
    assert [line for line in printed if line != line.rstrip()] == []


def test_machines_get_one_object_a_line(busy: Home, command: Command) -> None:
    """All that status tells of a file, and a little more."""
    told = {
        each["name"]: each for each in lines(command("history", "--home", busy.path, "--json").out)
    }
    assert told.keys() == {"people.csv", "Chairs.csv", "=bad.csv"}
    bad = told["=bad.csv"]
    assert (bad["outcome"], bad["reason"]) == ("rejected", "column-misspelt")
    assert bad["report"] == str(busy.reports["=bad.csv"].path)
    report = busy.reports["people.csv"].content
    people = told["people.csv"]
    assert people["imports"] == [each["id"] for each in report["imports"]]
    assert people["received_at"] == report["file"]["received_at"] < people["filed_at"]
    assert (people["rows"], people["success"], people["errors"]) == (1_234, 1_234, 0)


def test_spreadsheets_get_cells_that_are_not_calculated(busy: Home, command: Command) -> None:
    """Whatever senders call their files."""
    printed = command("history", "--home", busy.path, "--csv").out
    assert printed.startswith("\ufeff")
    assert printed.count("\r\n") == 4
    rows = list(csv.DictReader(io.StringIO(printed.removeprefix("\ufeff"), newline="")))
    assert tuple(rows[0]) == HEADER
    names = {row["name"]: row for row in rows}
    assert names.keys() == {"people.csv", "Chairs.csv", "'=bad.csv"}
    assert names["people.csv"]["rows"] == "1234"
    assert names["people.csv"]["report"] == str(busy.reports["people.csv"].path)


@pytest.mark.parametrize(
    "name", ["x;=1+1.csv", "\uff1d1+1.csv", " =1+1.csv", "\u3000\uff20x.csv", "-2.csv", "+2.csv"]
)
def test_no_name_becomes_a_formula_in_a_spreadsheet(
    home: Home, command: Command, name: str
) -> None:
    """Nor a part of one where semicolons part the cells, nor one that begins otherwise."""
    fill(home, [new_job(name=name)])
    _, line = command("history", "--home", home.path, "--csv").out.splitlines()
    guarded = name if name.startswith("x") else f"'{name}"
    assert f',"{guarded}",' in line


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (["--kind", "products"], {"Chairs.csv"}),
        (["--kind", "products", "--kind", "contacts"], {"Chairs.csv", "people.csv", "=bad.csv"}),
        (["--outcome", "rejected", "--outcome", "failed"], {"=bad.csv"}),
        (["--name", "CHAIRS*"], {"Chairs.csv"}),
        (["--since", "1h", "--outcome", "imported"], {"Chairs.csv", "people.csv"}),
        (["--until", "1h"], set()),
        (["--limit", "0"], {"Chairs.csv", "people.csv", "=bad.csv"}),
    ],
)
def test_what_is_not_asked_for_is_left_out(
    busy: Home, command: Command, options: list[str], names: set[str]
) -> None:
    """Filters that are given together count together."""
    found = lines(command("history", "--home", busy.path, "--json", *options).out)
    assert {each["name"] for each in found} == names


def test_people_are_shown_the_latest_and_told_that_there_are_more(
    home: Home, command: Command
) -> None:
    """Exports hold all, unless told otherwise."""
    fill(home, [new_job(Kind.PRODUCTS, number=number) for number in range(25)])
    printed = command("history", "--home", home.path).out
    assert [f"p{number} " in printed for number in (24, 5, 4)] == [True, True, False]
    assert "20 files: 20 imported; 200 rows: 200 in, 0 refused. There are more:" in printed
    assert "There are more" not in command("history", "--home", home.path, "--limit", "25").out
    assert "25 files" in command("history", "--home", home.path, "--limit", "0").out
    for form in ("--json", "--csv"):
        assert command("history", "--home", home.path, form).out.count("customers.csv") == 25
    two = lines(command("history", "--home", home.path, "--json", "--limit", "2").out)
    assert [each["job"] for each in two] == ["p24", "p23"]


def test_dates_are_those_of_filing(home: Home, command: Command) -> None:
    """Not those of arrival."""
    at = datetime.now(UTC) - timedelta(days=3)
    job = job_at(Stage.FILED)
    with QuickJournal(home.path / "state" / JOURNAL_NAME) as journal:
        journal.add(job)
        journal.save(replace(job, timeline=(*job.timeline[:-1], Mark(Stage.FILED, at))))
    found = [
        len(lines(command("history", "--home", home.path, "--json", *options).out))
        for options in (["--since", "4d"], ["--since", "2d"], ["--until", f"{at:%Y-%m-%dT%H:%MZ}"])
    ]
    assert found == [1, 0, 0]


def test_without_a_journal_nothing_was_filed(home: Home, command: Command) -> None:
    """That is no fault; machines get nothing at all, spreadsheets the header."""
    told = command("history", "--home", home.path)
    assert (told.exit_code, told.out) == (0, "Nothing was filed here yet.\n")
    assert command("history", "--home", home.path, "--json").out == ""
    assert command("history", "--home", home.path, "--csv").out.count("\r\n") == 1
    assert not (home.path / "state" / JOURNAL_NAME).exists()


def test_filters_that_find_nothing_are_not_taken_for_an_empty_history(
    busy: Home, command: Command
) -> None:
    """It is another sentence."""
    told = command("history", "--home", busy.path, "--kind", "vouchers")
    assert (told.exit_code, told.out) == (0, "No such file was filed.\n")


def test_what_is_under_way_or_held_is_not_history(home: Home, command: Command) -> None:
    """Status shows it."""
    with SqliteJournal(home.path / "state" / JOURNAL_NAME) as journal:
        for number, stage in enumerate((Stage.SENT, Stage.HELD, Stage.JUDGED)):
            journal.save(job_at(stage, journal.add(new_job(number=number))))
    assert command("history", "--home", home.path, "--json").out == ""


def test_it_works_beside_a_running_agent_and_opens_no_log(home: Home, command: Command) -> None:
    """It only reads the journal."""
    settings = {"AGENT_LOG_FILE": "state/agent.log"}
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox) | settings) as agent,
    ):
        agent.until_watching()
        home.drop("contacts", "people.csv", contacts(3))
        agent.until(lambda: "people.csv" in command("history", "--home", home.path).out)
        elsewhere: Path = home.path / "other.log"
        command("history", "--home", home.path, AGENT_LOG_FILE=str(elsewhere))
        assert not elsewhere.exists()


@pytest.mark.parametrize(
    "option",
    [
        ["--kind", "people"],
        ["--outcome", "good"],
        ["--since", "soon"],
        ["--limit", "-1"],
        ["--json", "--csv"],
    ],
)
def test_what_it_does_not_understand_it_refuses(
    home: Home, command: Command, option: list[str]
) -> None:
    """With 2, and what it would understand."""
    told = command("history", "--home", home.path, *option)
    assert told.exit_code == 2
    assert option[0] in told.err
