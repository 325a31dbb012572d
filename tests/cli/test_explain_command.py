"""``explain``: whatever people ask for, they learn where it stands and why."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from dropbox_agent.adapters.journal import SqliteJournal
from dropbox_agent.adapters.lock import HomeLock
from dropbox_agent.adapters.status_file import StatusFile
from dropbox_agent.core import events
from dropbox_agent.core.imports import ImportId
from dropbox_agent.core.job import Stage
from dropbox_agent.core.overview import Moment, Overview
from dropbox_agent.core.reasons import why_held
from dropbox_agent.folders import JOURNAL_NAME
from dropbox_agent.sandbox import Sandbox, SandboxOptions
from tests.cli.conftest import Command, Told
from tests.drops import contacts
from tests.jobs import NOON, after, job_at
from tests.processes import UNHURRIED, Home, Program, account
from tests.rights import as_nobody, needs_rights, open_folder


class Asking:
    """Asks about files of one home."""

    def __init__(self, home: Home, command: Command) -> None:
        self.inbox = home.path / "inbox"
        self._home = home
        self._command = command

    def __call__(self, file: object, *options: str, **settings: str) -> Told:
        """Ask as people do; no line ends with blanks."""
        told = self._command("explain", file, "--home", self._home.path, *options, **settings)
        assert [line for line in told.out.splitlines() if line != line.rstrip()] == []
        return told

    def json(self, file: object, **settings: str) -> Any:  # noqa: ANN401 - JSON
        """Ask as machines do."""
        return json.loads(self(file, "--json", **settings).out)

    def thing(self, file: object, **settings: str) -> Any:  # noqa: ANN401 - JSON
        """Ask for what is one thing that is there now."""
        (thing,) = self.json(file, **settings)["found"]
        return thing


@pytest.fixture
def ask(home: Home, command: Command) -> Asking:
    """Ask about files of the home."""
    return Asking(home, command)


@pytest.fixture
def worked_off(home: Home, command: Command) -> Home:
    """Give a home in which two files were worked off, a good one and a bad one."""
    home.drop("contacts", "good.csv", contacts(12))
    home.drop("contacts", "bad.csv", b"Email\nada@example.com\n")
    with Sandbox(UNHURRIED) as sandbox:
        command("once", "--home", home.path, **account(sandbox))
    return home


# What waits in an inbox


def test_without_an_agent_one_look_tells_what_it_can(home: Home, ask: Asking) -> None:
    """Nothing is in the way but that nobody takes the file."""
    home.drop("contacts", "people.csv", contacts(3))
    told = ask("people.csv")
    assert told.exit_code == 0
    assert "No agent is running" in told.out
    assert f"Start an agent with: dropbox-agent run --home {home.path}" in told.out
    thing = ask.thing("people.csv")
    assert {each["gate"] for each in thing["gates"] if each["state"] != "open"} == {"quiet"}


@pytest.mark.parametrize(
    ("name", "content", "gate"),
    [
        ("empty.csv", b"", "not empty"),
        ("cut.csv", contacts(5) + b"ada@", "whole"),
        ("cut.csv", contacts(5) + b'"ada', "whole"),
    ],
)
def test_it_names_the_gate_that_is_shut(
    home: Home, ask: Asking, name: str, content: bytes, gate: str
) -> None:
    """And what keeps it shut."""
    home.drop("contacts", name, content)
    assert f"It waits at the gate '{gate}'" in ask.thing(name)["says"]


def test_a_file_that_somebody_writes_waits_for_him(home: Home, ask: Asking) -> None:
    """On systems where that can be told."""
    path = home.drop("contacts", "slow.csv", contacts(3))
    with path.open("ab"):
        thing = ask.thing("slow.csv")
    gates = {each["gate"]: each["state"] for each in thing["gates"]}
    assert gates["writer"] in {"shut", "not known"}


def test_a_link_is_no_plain_file(home: Home, ask: Asking) -> None:
    """Wherever it leads, it is not read."""
    (home.path / "secret.txt").write_text("secret", encoding="utf-8")
    (home.path / "inbox" / "contacts" / "link.csv").symlink_to(home.path / "secret.txt")
    assert "'regular'" in ask.thing("link.csv")["says"]
    assert ask("inbox/contacts/link.csv").exit_code == 0


def test_a_marker_that_is_missing_is_named(home: Home, ask: Asking) -> None:
    """And what lies beside its file is no drop of its own."""
    home.drop("contacts", "people.csv", contacts(3))
    settings = {"AGENT_DONE_SUFFIX": ".done"}
    assert "people.csv.done" in ask.thing("people.csv", **settings)["says"]
    (home.path / "inbox" / "contacts" / "people.done").touch()
    assert ask.thing("people.done", **settings)["what"] == "marker"
    assert "'done'" not in ask.thing("people.csv", **settings)["says"]


def test_a_running_agent_tells_since_when_and_until_when(home: Home, ask: Asking) -> None:
    """Times, what is held up, and that it is stalled."""
    settings = {"AGENT_TRUNCATED_HOLD_SECONDS": "600", "AGENT_STALLED_SECONDS": "0.1"}
    with (
        Sandbox(UNHURRIED) as sandbox,
        Program(home, "run", settings=account(sandbox) | settings) as agent,
    ):
        agent.until_watching()
        home.drop("contacts", "cut.csv", contacts(5) + b"ada@")
        agent.until(lambda: ask.thing("cut.csv", **settings)["stalled"])
        thing = ask.thing("cut.csv", **settings)
        (shut,) = (each for each in thing["gates"] if each["state"] == "shut")
        assert shut["gate"] == "whole"
        assert shut["since"] < shut["until"]
        told = ask("cut.csv", **settings)
    assert "It is stalled" in told.out
    assert "until" in told.out


# What is no drop


@pytest.mark.parametrize(
    ("path", "what", "says"),
    [
        ("contacts/new.csv.part", "ignored", "'*.part', one of those built in"),
        ("contacts/test-1.csv", "ignored", "'test-*', one from AGENT_IGNORE"),
        ("contacts/.hidden/deep.csv", "ignored", "'.*'"),
        ("contacts/export.csv.txt", "mistake", "does not end in .csv"),
        ("contacts/prices.xlsx", "mistake", "a workbook"),
        ("stray.csv", "mistake", "in no kind's folder"),
        ("contacts/sub/deep.csv", "mistake", "contacts/sub"),
        ("contacts/sub", "mistake", "a folder"),
    ],
)
def test_what_is_not_taken_is_explained(
    home: Home, ask: Asking, path: str, what: str, says: str
) -> None:
    """The pattern, or the mistake."""
    file = home.path / "inbox" / path
    if not path.endswith("sub"):
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(contacts(1))
    else:
        file.mkdir()
    thing = ask.thing(f"inbox/{path}", AGENT_IGNORE="test-*")
    assert (thing["what"], says in thing["says"]) == (what, True)
    assert thing["hint"]


def test_an_inbox_folder_tells_how_many_wait_there(home: Home, ask: Asking) -> None:
    """Of a kind, or of a coupon set."""
    (home.path / "inbox" / "vouchers" / "spring").mkdir()
    home.drop("vouchers/spring", "codes.csv", b"code\nA\n")
    for folder in ("inbox/contacts", "vouchers/spring"):
        assert ask.thing(folder)["what"] == "folder"
    assert "1 wait" in ask.thing("vouchers/spring")["says"]


def test_a_file_in_no_inbox_is_told_where_to_put_it(
    home: Home, ask: Asking, tmp_path: Path
) -> None:
    """But one of that name in an inbox comes first."""
    elsewhere = tmp_path / "people.csv"
    elsewhere.write_bytes(contacts(1))
    thing = ask.thing(elsewhere)
    assert thing["what"] == "elsewhere"
    assert str(home.path / "inbox") in thing["hint"]


def test_a_copy_in_the_current_folder_is_not_meant(
    home: Home, ask: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """People ask from the folder that they have exported to."""
    (tmp_path / "people.csv").write_bytes(contacts(1))
    home.drop("contacts", "people.csv", contacts(1))
    monkeypatch.chdir(tmp_path)
    assert ask.thing("people.csv")["path"] == os.path.join("contacts", "people.csv")  # noqa: PTH118


def test_an_inbox_that_is_away_is_not_taken_for_an_empty_one(worked_off: Home, ask: Asking) -> None:
    """What lies there may be another folder."""
    shutil.rmtree(worked_off.path / "inbox" / ".claimed")
    worked_off.drop("contacts", "people.csv", contacts(1))
    thing = ask.thing("people.csv")
    assert thing["what"] == "unavailable"
    assert "not available" in thing["says"]


@needs_rights
@pytest.mark.parametrize("mode", [0o000, 0o300, 0o400])
def test_a_folder_that_cannot_be_listed_is_named(command: Command, mode: int) -> None:
    """Whether a file is in there nobody can tell; a name alone is not looked for in there."""
    with open_folder() as folder, as_nobody():
        home = Home.made(folder / "home")
        (home.path / "inbox" / "vouchers" / "setx").mkdir()
        home.drop("vouchers/setx", "v.csv", b"code\nA\n")
        (home.path / "inbox" / "vouchers" / "setx").chmod(mode)
        ask = Asking(home, command)
        thing = ask.thing("vouchers/setx/v.csv")
        unknown = ask.json("other.csv")["found"]
        (home.path / "inbox" / "vouchers" / "setx").chmod(0o700)
    assert thing["what"] == "unavailable"
    assert thing["path"] == os.path.join("vouchers", "setx", "v.csv")  # noqa: PTH118
    assert "vouchers/setx cannot be listed" in thing["says"]
    assert unknown == []


def test_a_link_among_the_folders_of_sets_is_not_followed(home: Home, ask: Asking) -> None:
    """It may lead to a folder above, in which all that there is lies."""
    (home.path / "inbox" / "vouchers" / "lnk").symlink_to(home.path.parent)
    (home.path / "inbox" / "stray.csv").write_bytes(contacts(1))
    home.drop("contacts", "people.csv", contacts(1))
    assert ask.thing("stray.csv")["path"] == "stray.csv"
    assert ask.thing("people.csv")["path"] == os.path.join("contacts", "people.csv")  # noqa: PTH118


# What was taken


@pytest.mark.parametrize("by", ["name", "job", "report", "report name", "file", "where it was"])
def test_a_filed_file_tells_its_story_however_it_is_named(
    worked_off: Home, ask: Asking, by: str
) -> None:
    """By its name, its job, or anything in the archive."""
    report = worked_off.reports["good.csv"]
    asked = {
        "name": "good.csv",
        "job": report.content["job"],
        "report": report.path,
        "report name": report.path.name,
        "file": report.path.with_name(report.content["file"]["archived_as"]),
        "where it was": worked_off.path / "inbox" / "contacts" / "good.csv",
    }[by]
    told = ask(asked)
    assert told.exit_code == 0
    for words in ("good.csv: imported", "claimed from inbox/contacts", "12 rows", str(report.path)):
        assert words in told.out
    (job,) = ask.json(asked)["jobs"]
    assert job["imports"][0]["success"] == 12
    assert all(place["is_there"] for place in job["places"])


def test_a_rejected_file_tells_why_and_what_to_do(worked_off: Home, ask: Asking) -> None:
    """And that nothing more happens by itself."""
    told = ask("bad.csv")
    for words in ("bad.csv: rejected", "'_email'", "Nothing more happens by itself."):
        assert words in told.out
    assert str(worked_off.path / "failed") in told.out


def test_a_file_that_somebody_took_out_of_the_archive_is_told_as_gone(
    worked_off: Home, ask: Asking
) -> None:
    """The report is still there."""
    report = worked_off.reports["good.csv"]
    report.path.with_name(report.content["file"]["archived_as"]).unlink()
    assert "is not there any more" in ask("good.csv").out


def test_what_the_journal_does_not_know_in_the_archive_is_said_to_be_so(
    worked_off: Home, ask: Asking
) -> None:
    """Somebody has put it there, or the journal was lost."""
    stray = worked_off.path / "failed" / "contacts" / "mine.csv"
    stray.write_bytes(b"")
    assert ask.thing(stray)["what"] == "archived"


def test_several_files_of_one_name_are_told_the_newest_first(
    worked_off: Home, ask: Asking, command: Command
) -> None:
    """One that waits now comes before all of them."""
    worked_off.drop("contacts", "good.csv", contacts(3))
    with Sandbox(UNHURRIED) as sandbox:
        command("once", "--home", worked_off.path, **account(sandbox))
    assert [job["rows"] for job in ask.json("good.csv")["jobs"]] == [3, 12]
    worked_off.drop("contacts", "good.csv", contacts(1))
    told = ask("good.csv")
    assert told.out.index("No agent is running") < told.out.index("Earlier files of this name")


def test_a_file_under_way_tells_what_happens_next(home: Home, ask: Asking) -> None:
    """The import as the agent last saw it, and whom a later file waits for."""
    crawling = SandboxOptions(rows_per_second=1, requests_per_minute=None)
    with (
        Sandbox(crawling) as sandbox,
        Program(home, "run", settings=account(sandbox)) as agent,
    ):
        agent.until_watching()
        home.drop("contacts", "slow.csv", contacts(1_000))
        agent.until(lambda: "inProgress" in str(ask.json("slow.csv")["jobs"]))
        home.drop("contacts", "later.csv", contacts(1))
        (slow,) = ask.json("slow.csv")["jobs"]
        agent.until(lambda: f"({slow['job']})" in str(ask.json("later.csv")["jobs"]))
        (later,) = ask.json("later.csv")["jobs"]
    assert "Connectif is importing it" in slow["next"]
    assert slow["places"][0]["path"].endswith(os.path.join(slow["job"], "slow.csv"))  # noqa: PTH118
    assert f"({slow['job']})" in later["next"]


def test_a_held_file_gives_the_commands_to_decide(home: Home, ask: Asking) -> None:
    """With the home, so that they work wherever they are typed."""
    reason = why_held(job_at(Stage.SENDING), (ImportId("one"), ImportId("two")))
    held = after(job_at(Stage.SENDING), events.Held(reason))
    with SqliteJournal(home.path / "state" / JOURNAL_NAME) as journal:
        journal.add(held)
    told = ask(held.name)
    command = f"dropbox-agent release --home {home.path} {held.id} --resend"
    assert any(line.strip() == command for line in told.out.splitlines())


def test_an_agent_that_shows_no_sign_of_life_is_told_before_all(home: Home, ask: Asking) -> None:
    """Nobody shall wait for it."""
    home.drop("contacts", "people.csv", contacts(3))
    state = home.path / "state"
    with HomeLock(state):
        StatusFile(state).write(Overview((), (), 0, ()).to_json(Moment(NOON, 0.0)))
        told, found = ask("people.csv"), ask.json("people.csv")
        unknown = ask("never.csv")
    assert told.out.startswith("SICK: ")
    assert unknown.out.startswith("SICK: ")
    assert found["sick"].startswith("SICK: ")
    assert "no sign of life" in found["found"][0]["says"]
    assert "when the agent goes on" in found["found"][0]["hint"]


# What nobody knows


def test_a_name_that_was_never_seen_is_told_with_the_nearest_ones(
    worked_off: Home, ask: Asking
) -> None:
    """It ends with 1, and says where it looked."""
    told = ask("goood.csv")
    assert told.exit_code == 1
    assert "never seen here" in told.out
    assert "Did you mean good.csv?" in told.out
    assert str(worked_off.path / "inbox" / "contacts") in told.out


@pytest.mark.usefixtures("worked_off")
def test_a_name_may_hold_bytes_that_are_no_text(ask: Asking) -> None:
    """A journal cannot be asked for such a name, but for the one that is shown instead."""
    for name in (b"bad\xff\xfe.csv", b"20260101T000000Z-\xff-bad.csv", b"\xff"):
        told = ask(os.fsdecode(name))
        assert told.exit_code == 1
        assert "never seen here" in told.out
        assert "\\udcff" in told.out


def test_a_home_in_which_no_agent_has_run_knows_nothing(ask: Asking, home: Home) -> None:
    """Asking makes nothing."""
    before = sorted(home.path.rglob("*"))
    assert ask("people.csv").exit_code == 1
    assert sorted(home.path.rglob("*")) == before


def test_a_name_can_be_asked_for_as_it_is_shown(home: Home, ask: Asking) -> None:
    """Not every name can be typed."""
    try:
        home.drop("contacts", "two\nlines.csv", contacts(1))
    except OSError:
        pytest.skip("this file system has no such names")
    told = ask("two\\nlines.csv")
    assert told.exit_code == 0
    assert "two\\nlines.csv" in told.out
