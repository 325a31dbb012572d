"""An inbox full of hostile names and things: the good files go in, nothing else does any harm."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dropbox_agent.sandbox import Sandbox
from tests.drops import contacts
from tests.processes import UNHURRIED, Home, Program, account

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows forbids these names")

TAKEN = (
    b"two\nlines.csv",
    b"bell\x07 and \x1b[31mcolour.csv",
    b"right \xe2\x80\xae to left.csv",
    b"no text \xff\xfe.csv",
    "composed caf\u00e9.csv".encode(),
    "composed cafe\u0301.csv".encode(),
    b"a" * 251 + b".csv",
    b"-rf.csv",
    b"CON.csv",
    b"quote ' and \" and $(touch x).csv",
    b"UPPER.CSV",
    b"many dots...csv",
)
"""Names that are odd, and names of drops all the same."""

LEFT_ALONE = ("trailing dot.csv.", "export.csv.txt", "book.xlsx", ".hidden.csv")


def fill(inbox: Path) -> None:
    """Put all of it into the inbox of contacts, and things of other kinds as well."""
    for number, odd in enumerate(TAKEN):
        (inbox / os.fsdecode(odd)).write_bytes(contacts(2, first=number * 2))
    for name in LEFT_ALONE:
        (inbox / name).write_bytes(contacts(1))
    outside = inbox.parent.parent / "outside.txt"
    outside.write_bytes(contacts(1, name="Secret"))
    (inbox / "link.csv").symlink_to(outside)
    (inbox / "dangling.csv").symlink_to("nowhere.csv")
    (inbox / "circle.csv").symlink_to("circle.csv")
    (inbox / "up.csv").symlink_to("..")
    (inbox / "folder.csv").mkdir()
    (inbox / "folder").mkdir()
    os.mkfifo(inbox / "pipe.csv")
    os.link(inbox / "UPPER.CSV", inbox.parent.parent / "second name.csv")


def status(home: Home) -> dict[str, Any]:
    """Ask what the agent sees."""
    command = [sys.executable, "-m", "dropbox_agent", "status", "--json", "--home", str(home.path)]
    answer = subprocess.run(command, capture_output=True, check=True)  # noqa: S603 - our own
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def test_hostile_names_and_things_neither_harm_nor_hide_the_good_files(home: Home) -> None:
    """Every odd name is imported once; links, pipes and folders stay, each listed with a reason."""
    inbox = home.path / "inbox" / "contacts"
    fill(inbox)
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        agent.until(lambda: len(list(home.path.glob("processed/*/*.report.json"))) == len(TAKEN))
        agent.until(lambda: len(status(home)["drops"]) == 6)
        seen = status(home)
        imported = len(sandbox.account.contacts)
        log = agent.log
    assert "Traceback" not in log
    assert "\x1b" not in log
    assert imported == 2 * len(TAKEN)
    assert not any("Secret" in str(each) for each in sandbox.account.contacts.values())
    left = {Path(each["path"]).name: each for each in seen["drops"]}
    assert set(left) == {
        "link.csv", "dangling.csv", "circle.csv", "up.csv", "folder.csv", "pipe.csv",
    }  # fmt: skip
    assert {each["gate"] for each in left.values()} == {"regular"}
    mistakes = {Path(each["path"]).name: each["why"] for each in seen["mistakes"]}
    assert set(mistakes) == {"trailing dot.csv.", "export.csv.txt", "book.xlsx", "folder"}
    assert all(mistakes.values())
    assert sorted(each.name for each in inbox.iterdir()) == sorted(
        [*left, *mistakes, ".hidden.csv"]
    )
    assert (home.path / "second name.csv").exists()
    for report in home.path.glob("processed/*/*.report.json"):
        assert report.name.isprintable()
        assert report.parent == home.path / "processed" / "contacts"
