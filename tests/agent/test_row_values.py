"""Nothing that stands in a row is written anywhere but in the files, if that is wanted."""

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from dropbox_agent.core.checking import CheckPolicy
from dropbox_agent.core.checking.policy import ContactField
from dropbox_agent.core.kind import Kind
from tests.crashes import Fuse, FusedApi
from tests.drops import gzipped
from tests.homes import Home

CANARY = "Zyq"
"""Stands in rows only: no id, hash or word of ours has it."""

REFUSED = "_email,reason\nZyq@example.com,The address Zyq@example.com is taken by zyqzyq\n"
OPTION = ContactField("sex", "radio", options=("1", "2"), name="Sex", labels=("Zyqa", "Zyqb"))

DROPS: dict[str, tuple[str, bytes]] = {
    "refused by the server": ("a.csv", b"_email,_name\nZyq@example.com,Zyq\nok@example.com,X\n"),
    "compressed": ("a.csv.gz", gzipped(b"_email,_name\nZyq@example.com,Zyq\nok@example.com,X\n")),
    "faulty rows": ("a.csv", b'_email,_birthdate\nZyq,Zyq\n"Zyq,Zyq\n'),
    "faulty cells": ("a.csv", b"_email,_birthdate\nZyq,Zyq\nZyq@example.com,Zyq\n"),
    "without a header": ("a.csv", b"Zyq@example.com,Zyq\nZyq2@example.com,Zyq\n"),
    "without a header or a value to know it by": ("a.csv", b"Zyq,Zyqzyq\nZyq2,Zyq\n"),
    "quotes from the header on": (
        "a.csv",
        b'_email,"_name\nZyq@example.com,Zyq",Zyq\nZyq,Zyq,Zyq\n',
    ),
    "not UTF-8": (
        "a.csv",
        "_email,_name\nZyq@example.com,Zyqñózyq\nb@example.com,Zyqñzyq\n".encode("cp1252"),
    ),
    "both encodings": ("both.csv", "_email,_name\nZyq@example.com,Zyqñzyq\n".encode()),
    "labels of options": ("a.csv", b"_email,sex\nZyq@example.com,Zyqa\nb@example.com,Zyqb\n"),
    "another kind": ("a.csv", b"code\nZyq\nZyq\n"),
    "the same key twice": ("a.csv", b"_email\nZyq@example.com\nZyq@example.com\n"),
    "cut off": ("a.csv", b"_email,_name\nZyq@example.com,Zyq\nZyq"),
}
TELLING = {
    "refused by the server", "compressed", "faulty cells", "not UTF-8", "both encodings",
    "labels of options", "without a header or a value to know it by", "quotes from the header on",
}  # fmt: skip
"""Those of which something is told that stands in rows, unless that is not wanted."""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home whose server refuses a row, and says of it what it holds."""
    with Home(tmp_path) as home:
        api = FusedApi(home.clock, Fuse())
        api.refused, api.faulty_rows = REFUSED.encode(), 1
        home.api = api
        home.policy = CheckPolicy(quotes_rows=False, contact_fields=(OPTION,))
        yield home


def places_of_canaries(home: Home) -> list[str]:
    """List the files of a home, but for the payloads, that tell what stands in rows."""
    payloads = {path.parent / report["file"]["archived_as"] for path, report in home.reports()}
    files = [path for path in home.root.rglob("*") if path.is_file() and path not in payloads]
    assert {"journal.sqlite", "status.json"} <= {path.name for path in files}
    return [
        path.name for path in files if CANARY.lower() in path.read_bytes().decode("latin-1").lower()
    ]


def take(home: Home, case: str) -> None:
    """Have a file taken to its end."""
    name, content = DROPS[case]
    if name == "both.csv":
        home.encodings = {Kind.CONTACTS: "windows-1252"}
    if case == "faulty cells":
        home.policy = replace(home.policy, row_faults="reject")
    home.drop(Kind.CONTACTS, name, content)
    home.rest()
    home.run_for(60)
    assert len(home.reports()) == 1


@pytest.mark.parametrize("case", DROPS)
def test_stripped_they_are_nowhere_but_in_the_file(home: Home, case: str) -> None:
    """Neither in report, rows to fix, journal and status, nor in what was made of the file."""
    take(home, case)
    assert places_of_canaries(home) == []
    ((_, report),) = home.reports()
    assert report["row_values"] == "stripped"
    told = json.dumps([each.reason and each.reason.message for each in home.witness.steps])
    assert CANARY.lower() not in told.lower()


@pytest.mark.parametrize("case", sorted(TELLING))
def test_otherwise_some_of_them_are_told(home: Home, case: str) -> None:
    """The canaries above sing where nothing keeps them from it."""
    home.policy = replace(home.policy, quotes_rows=True)
    take(home, case)
    assert places_of_canaries(home)
    assert home.reports()[0][1]["row_values"] == "kept"


def test_the_lines_of_refused_rows_are_still_told(home: Home) -> None:
    """The rows to fix have them without the rows, and the report says so."""
    take(home, "refused by the server")
    ((path, report),) = home.reports()
    with (path.parent / report["rows_to_fix"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["_line", "_error"],
        ["2", "Connectif refused this row; its list of imports says why."],
    ]
    assert "nothing that stands in them" in report["reason"]["hint"]


def test_places_of_bad_bytes_are_still_told(home: Home) -> None:
    """Line, character and encoding are enough to mend a file by."""
    take(home, "not UTF-8")
    ((_, report),) = home.reports()
    (issue,) = (each for each in report["check"]["issues"] if each["code"] == "not-utf8")
    assert "in line 2, character" in issue["message"]
    assert "CONTACTS_ENCODING=windows-1252" in issue["hint"]


def test_a_first_line_that_may_be_a_row_is_not_quoted(home: Home) -> None:
    """Where no name in it is known, it cannot be told from a row."""
    take(home, "without a header or a value to know it by")
    assert home.report("a.csv")["reason"]["code"] == "header-missing"
